#include "platform/files.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/format.hpp"
#include "platform/system_error.hpp"

namespace vj::platform {
namespace {

constexpr mode_t kPrivateFile = 0600;
constexpr int kForReading = O_RDONLY | O_CLOEXEC | O_NONBLOCK;

// The two change places in one step: for a reader of `path` the same as a rename, without the write-out.
bool exchange(const Path& temporary, const Path& path) {
#ifdef RENAME_EXCHANGE
  return ::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0;
#else
  return false;
#endif
}

Result<std::string> read_whole(const Path& path, const UniqueFd& fd, std::size_t limit) {
  if (!fd) return system_failure(format("cannot read {}", path.string()));
  std::string text;
  struct stat status{};
  std::size_t size = 0;  // as far as it is known: what the system makes up as it is read has none
  if (::fstat(fd.get(), &status) == 0) {
    if (S_ISDIR(status.st_mode))
      return fail(ErrorCode::kInvalid, format("cannot read {}: it is a folder", path.string()));
    if (S_ISREG(status.st_mode)) size = static_cast<std::size_t>(status.st_size);
  }
  static constexpr std::size_t kPiece = 16384;
  while (true) {
    const auto before = text.size();
    const auto room = std::min(limit, size > before ? size : before + kPiece) + 1;
    ::ssize_t count = 0;
    text.resize_and_overwrite(room, [&](char* bytes, std::size_t) {
      count = ::read(fd.get(), bytes + before, room - before);
      return before + static_cast<std::size_t>(std::max<::ssize_t>(0, count));
    });
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_failure(format("cannot read {}", path.string()));
    if (text.size() > limit) {
      return fail(ErrorCode::kInvalid, format("{} is larger than {} bytes", path.string(), limit));
    }
    if (count == 0 || text.size() == size) return text;
  }
}

// Whether it is a file as we make them, under no other name, that nobody else has open. Then nobody can open it before
// we close it: who tries waits so long.
bool is_ours_alone([[maybe_unused]] int fd, const struct stat& status) {
#ifdef F_SETLEASE
  const bool is_as_made = status.st_nlink == 1 && (status.st_mode & 07777U) == kPrivateFile;
  // That somebody waits is told by a signal: by one that, unlike the usual, nobody dies of.
  return is_as_made && ::fcntl(fd, F_SETSIG, SIGURG) == 0 && ::fcntl(fd, F_SETLEASE, F_WRLCK) == 0;
#else
  return false;
#endif
}

Result<void> write_to(const Path& file, const UniqueFd& fd, std::string_view bytes) {
  if (!fd) return system_failure(format("cannot write {}", file.string()));
  if (auto written = write_all(fd.get(), bytes); !written) {
    return fail_with(format("cannot write {}", file.string()), written.error());
  }
  return {};
}

Result<void> write_new(const Path& file, std::string_view bytes, int flags, mode_t mode = kPrivateFile) {
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, mode));
  return write_to(file, fd, bytes);
}

Result<void> write_spare(const Path& spare, std::string_view bytes) {
  UniqueFd fd(::open(spare.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd && errno != ENOENT) return system_failure(format("cannot write {}", spare.string()));
  struct stat status{};
  if (fd && ::fstat(fd.get(), &status) == 0 && S_ISREG(status.st_mode) && !is_ours_alone(fd.get(), status)) {
    fd.reset();
    ::unlink(spare.c_str());
  }
  if (!fd) return write_new(spare, bytes, O_EXCL);
  if (auto written = write_to(spare, fd, bytes); !written) return written;
  const bool was_longer = static_cast<std::size_t>(status.st_size) > bytes.size();
  if (!was_longer || ::ftruncate(fd.get(), static_cast<off_t>(bytes.size())) == 0) return {};
  return system_failure(format("cannot write {}", spare.string()));
}

Result<void> rename_over(const Path& temporary, const Path& path) {
  if (::rename(temporary.c_str(), path.c_str()) == 0) return {};
  return system_failure(format("cannot replace {}", path.string()));
}

}  // namespace

Result<std::string> read_file(const Path& path, std::size_t limit) {
  return read_whole(path, UniqueFd(::open(path.c_str(), kForReading)), limit);
}

Result<std::string> read_file_unnoted(const Path& path) {
  UniqueFd fd;
#ifdef O_NOATIME
  fd = UniqueFd(::open(path.c_str(), kForReading | O_NOATIME));
  const bool may_not = !fd && errno == EPERM;  // it is somebody else's
  if (!may_not) return read_whole(path, fd, kLongestFile);
#endif
  fd = UniqueFd(::open(path.c_str(), kForReading));
  return read_whole(path, fd, kLongestFile);
}

Result<void> write_file_atomically(const Path& path, std::string_view bytes, const Path& temporary, Readers readers) {
  const mode_t mode = readers == Readers::kOwner ? kPrivateFile : 0666;
  if (auto written = write_new(temporary, bytes, O_TRUNC, mode); !written) return written;
  return rename_over(temporary, path);
}

Result<void> write_file_by_turns(const Path& path, std::string_view bytes, const Path& spare) {
  if (auto written = write_spare(spare, bytes); !written) return written;
  // Where there is no file yet, or the file system cannot exchange two, it is a rename after all.
  if (exchange(spare, path)) return {};
  return rename_over(spare, path);
}

// Whoever watches its folder is told that its permissions were set, to what they are.
void point_out(const Path& path) { ::chmod(path.c_str(), kPrivateFile); }

Result<void> ensure_private_folder(const Path& folder) {
  std::error_code error;
  const bool is_new = std::filesystem::create_directories(folder, error);
  if (error) return fail(ErrorCode::kDenied, format("cannot make {}: {}", folder.string(), error.message()));
  if (is_new) ::chmod(folder.c_str(), 0700);
  if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
    return system_failure(format("cannot write in {}", folder.string()));
  return {};
}

std::optional<FileStatus> file_status(const Path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileStatus{.inode = status.st_ino,
                    .size = static_cast<std::uint64_t>(status.st_size),
                    .modified = WallTime(std::chrono::seconds(status.st_mtim.tv_sec) +
                                         std::chrono::nanoseconds(status.st_mtim.tv_nsec)),
                    .mode = status.st_mode & 07777U,
                    .is_folder = S_ISDIR(status.st_mode)};
}

bool takes_standard_error(const Path& path) {
  struct stat ours{}, found{};
  return ::fstat(STDERR_FILENO, &ours) == 0 && ::stat(path.c_str(), &found) == 0 && ours.st_ino == found.st_ino &&
         ours.st_dev == found.st_dev;
}

Result<FileLock> FileLock::try_take(const Path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kPrivateFile));
  if (!fd) return system_failure(format("cannot open {}", path.string()));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return system_failure(format("{} is held", path.string()));
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0) return system_failure(format("cannot open {}", path.string()));
  return FileLock(std::move(fd), status.st_dev, status.st_ino);
}

LockFile::Hold::~Hold() {
  if (fd_ >= 0) ::flock(fd_, LOCK_UN);
}

Result<LockFile::Hold> LockFile::try_take() {
  while (true) {
    if (!fd_) fd_ = UniqueFd(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kPrivateFile));
    if (!fd_) return system_failure(format("cannot open {}", path_.string()));
    if (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0) return system_failure(format("{} is held", path_.string()));
    struct stat status{};
    const bool is_removed = ::fstat(fd_.get(), &status) == 0 && status.st_nlink == 0;
    if (!is_removed) return Hold(fd_.get());
    // The next one to come would make another, and take that.
    fd_.reset();
  }
}

bool FileLock::is_still(const Path& path) const {
  struct stat found{};
  return ::stat(path.c_str(), &found) == 0 && found.st_ino == inode_ && found.st_dev == device_;
}

void FileLock::write_note(std::string_view note) const {
  // Only a note: that the lock is held is the truth, so a full disk does not matter here.
  if (::ftruncate(fd_.get(), 0) == 0) {
    [[maybe_unused]] const auto written = ::pwrite(fd_.get(), note.data(), note.size(), 0);
  }
}

std::optional<std::string> lock_holder_note(const Path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return std::nullopt;
  if (::flock(fd.get(), LOCK_SH | LOCK_NB) == 0) return std::nullopt;
  return read_file(path, 4096).value_or("");
}

Path executable_folder() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
}

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

Result<UniqueFd> open_for_append(const Path& path) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kPrivateFile));
  if (!fd) return system_failure(format("cannot open {}", path.string()));
  return fd;
}

Result<void> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_failure("write");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace vj::platform
