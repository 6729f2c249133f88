// Whole files: read, written so that no reader ever sees half of one, locked. Paths are used as they are given.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/unique_fd.hpp"

namespace vj::platform {

using Path = std::filesystem::path;

inline constexpr std::size_t kLongestFile = std::size_t{64} << 20U;

// The whole file. kNotFound where there is none; more than `limit` bytes is kInvalid.
[[nodiscard]] Result<std::string> read_file(const Path& path, std::size_t limit = kLongestFile);

// The same of a file that is read again and again. When it was read last is not noted, for that is a write.
[[nodiscard]] Result<std::string> read_file_unnoted(const Path& path);

// Replaces `path` by way of `temporary` (in the same folder) and rename; survives the death of this process at any
// point, not a power cut. Nobody but the user may read it, unless the umask is to say who may.
enum class Readers { kOwner, kUmask };
[[nodiscard]] Result<void> write_file_atomically(const Path& path, std::string_view bytes, const Path& temporary,
                                                 Readers readers = Readers::kOwner);

// The same for what is worth nothing after the machine's next boot, by exchanging `path` with `spare` (in the same
// folder), which is kept and written over the next time: no file is made, none removed and none written out, which is
// most of what a replacement costs. A reader who still has the spare open, from when it was the file, keeps it as it is
// and another is made. For one writer at a time.
[[nodiscard]] Result<void> write_file_by_turns(const Path& path, std::string_view bytes, const Path& spare);

// Tells those who watch the file that there is news in it: FileWatchOptions::pointed_out_only. Changes nothing.
void point_out(const Path& path);

// Makes the folder and its parents, mode 0700, and checks that this user can write in it.
[[nodiscard]] Result<void> ensure_private_folder(const Path& folder);

struct FileStatus {
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  WallTime modified;
  std::uint32_t mode = 0;  // permission bits
  bool is_folder = false;

  friend bool operator==(const FileStatus&, const FileStatus&) = default;
};
[[nodiscard]] std::optional<FileStatus> file_status(const Path& path);

// Whether what this process says on its standard error goes into that file.
[[nodiscard]] bool takes_standard_error(const Path& path);

// An advisory lock on a file (flock), held until the object or its process dies. Not inherited by children.
class FileLock {
 public:
  // Never waits: kConflict while somebody else holds it.
  [[nodiscard]] static Result<FileLock> try_take(const Path& path);

  // Whether `path` is still the file that is locked: not where it was removed, or another put in its place.
  [[nodiscard]] bool is_still(const Path& path) const;

  // Replaces the lock file's text, for people who look ("pid 1234").
  void write_note(std::string_view note) const;

 private:
  FileLock(UniqueFd fd, std::uint64_t device, std::uint64_t inode)
      : fd_(std::move(fd)), device_(device), inode_(inode) {}
  UniqueFd fd_;
  std::uint64_t device_, inode_;  // no other file's as long as this one is open
};

// A lock of the same kind that is taken and given back often: its file stays open, for that costs more than the lock.
class LockFile {
 public:
  // Made where it is not there, when the lock is first taken.
  explicit LockFile(Path path) : path_(std::move(path)) {}

  // Holds the lock for as long as it lives, which is shorter than its file's object does.
  class Hold {
   public:
    Hold(Hold&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Hold& operator=(Hold&&) = delete;
    ~Hold();

   private:
    friend class LockFile;
    explicit Hold(int fd) : fd_(fd) {}
    int fd_;
  };

  // Never waits: kConflict while somebody else holds it.
  [[nodiscard]] Result<Hold> try_take();

 private:
  Path path_;
  UniqueFd fd_;
};

// The note in a lock file that somebody holds; empty where nobody does.
[[nodiscard]] std::optional<std::string> lock_holder_note(const Path& path);

// The folder of the running program's own file.
[[nodiscard]] Path executable_folder();

// The value of an environment variable; nothing where it is unset or empty.
[[nodiscard]] std::optional<std::string> environment(const char* name);

// An append-only file for one writer or for children that inherit it.
[[nodiscard]] Result<UniqueFd> open_for_append(const Path& path);
// Writes all of it or says why not. Does not retry a full disk.
[[nodiscard]] Result<void> write_all(int fd, std::string_view bytes);

}  // namespace vj::platform
