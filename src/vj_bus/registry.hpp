// The registry: which services run, under which process and ports, and when they last gave a sign of life. One JSON
// file in the home, replaced whole under a lock, read without one.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/files.hpp"
#include "platform/process.hpp"
#include "wire/value.hpp"

namespace vj::bus {

inline constexpr Duration kHeartbeatInterval = 5s;
inline constexpr Duration kHeartbeatTolerance = 250ms;  // a beat may wait so long for something else to wake the loop
inline constexpr Duration kHeartbeatTimeout = 15s;

// Who writes the registry without knowing of news and heartbeats makes this file and renames it; we do not.
inline constexpr const char* kTemporaryOfOthers = "registry.tmp";

struct ServiceEntry {
  std::string name;
  platform::Pid pid = 0;
  std::string status;       // wire::status
  double started_at = 0;    // wall clock
  double heartbeat_at = 0;  // wall clock
  int command_port = 0;
  int telemetry_port = 0;
  // version, address (where the ports are not at 127.0.0.1), boot_id, start_time_ticks, progress, heartbeat_monotonic
  // (seconds on this machine's CLOCK_MONOTONIC, which setting the clock does not move), reason where the status is
  // degraded, and what the service adds.
  wire::Value metadata = wire::Value::object();
  // Not of the entry itself: as a Registry counts what it comes to know. Two that it shows one after the other under
  // the same number and name differ at most in what every heartbeat changes.
  std::uint64_t edition = 0;

  // The process as far as the entry tells; a service of the old Python system tells only its pid.
  [[nodiscard]] std::optional<platform::ProcessIdentity> identity() const;
  // Where its ports are.
  void set_address(const std::string& address);
  [[nodiscard]] std::string address() const;
  [[nodiscard]] std::string reason() const { return metadata["reason"].string_or(""); }
  [[nodiscard]] std::int64_t progress() const { return metadata["progress"].integer_or(0); }

  // Editions apart.
  friend bool operator==(const ServiceEntry&, const ServiceEntry&);
};

// How long ago the service gave a sign of life: by the monotonic clock where the entry has it and is of this boot, else
// by the wall clock (never negative).
[[nodiscard]] Duration heartbeat_age(const ServiceEntry& entry, Time now);

// Whether `after` says nothing new but that the same service lives, in time.
[[nodiscard]] bool is_heartbeat(const ServiceEntry& before, const ServiceEntry& after);

// Whether the very process that wrote the entry still runs. Asks the system.
[[nodiscard]] bool is_alive(const ServiceEntry& entry);

struct RegistrySnapshot {
  std::vector<ServiceEntry> services;

  [[nodiscard]] const ServiceEntry* find(std::string_view name) const;
  friend bool operator==(const RegistrySnapshot&, const RegistrySnapshot&) = default;
};

// Remembers what it read or wrote last, so that of a file in which services only beat their hearts nothing is parsed
// but the numbers that changed, of one with news the entries that have some, and of what it wrote itself none. Belongs
// to one thread.
class Registry {
 public:
  explicit Registry(const platform::Path& home);
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  [[nodiscard]] const platform::Path& file() const { return file_; }

  // Empty where there is no file; kInvalid where it is not a registry.
  [[nodiscard]] Result<RegistrySnapshot> read();
  // The same without a copy: what snapshot() is from then on. Where it cannot be read, that stays as it is.
  [[nodiscard]] Result<void> refresh();
  [[nodiscard]] const RegistrySnapshot& snapshot() const { return snapshot_; }

  struct Written {
    std::optional<std::string> warning;  // a corrupt file was found, and where it was put
  };
  // Adds or replaces the entry of that name; every other entry, and what we do not know in them, stays as it is. What
  // is more than a heartbeat is pointed out to those who are not told of heartbeats. Never waits: kConflict while
  // another process writes, which takes well under a millisecond, so ask again shortly.
  [[nodiscard]] Result<Written> put(const ServiceEntry& entry);

  // Removes the entry if it is (still) that process's.
  [[nodiscard]] Result<Written> remove(std::string_view name, platform::Pid pid);

  // Called after each write of ours, while no other process can write: until then the snapshot is what the file says.
  // Told whether it was pointed out, as news.
  void set_written(std::function<void(bool pointed_out)> written) { written_ = std::move(written); }

 private:
  friend Result<RegistrySnapshot> parse_registry(std::string_view text);

  // A member of the file as it stands in it; of `services` nothing but the name.
  using Member = std::pair<std::string, std::string>;
  // Where a service's text stands in the whole.
  struct Place {
    std::string name;
    std::size_t begin, length;
    bool has_each_once;  // of the lines that heartbeats change none stands in it twice
  };

  struct Change {
    enum class Kind { kOnlyNumbers, kText, kNews } kind;  // only numbers: they are in the text already
    std::string_view service{};                           // none: no service's text changes
    std::optional<std::string> text{};                    // none: the service is removed
  };

  template <class Make>
  [[nodiscard]] Result<Written> update(Make change);
  [[nodiscard]] Result<void> take(std::string text);
  [[nodiscard]] bool take_beats(std::string& text);
  [[nodiscard]] bool put_beat(const ServiceEntry& known, const ServiceEntry& entry);
  [[nodiscard]] bool put_number(const Place& service, std::string_view line_start, const wire::Value& before,
                                const wire::Value& after);
  [[nodiscard]] bool put_updated_at(std::string_view now);
  void move_places(std::size_t begin, std::size_t grown);
  void replace_number(std::size_t begin, std::size_t length, std::string_view number);
  [[nodiscard]] std::string_view text_of(const Place& service) const;
  void write_out(const Change& change);
  void forget();

  platform::Path file_, spare_;
  platform::LockFile lock_;
  std::function<void(bool)> written_;
  std::string text_;             // the whole file; the rest is what it says
  std::vector<Member> members_;  // `services` among them
  std::vector<Place> services_;  // in its order
  RegistrySnapshot snapshot_;
  std::uint64_t last_edition_ = 0;
};

// Exposed for tests and for tools that read a registry's text.
[[nodiscard]] Result<RegistrySnapshot> parse_registry(std::string_view text);

}  // namespace vj::bus
