// What a process manager leaves behind for its successor: which process is which worker, what was asked of it, how
// often it has been restarted. Valid within one boot of the machine; it survives the death of its writer at any point,
// not a power cut, which ends every process that it speaks of.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "platform/files.hpp"
#include "platform/process.hpp"
#include "supervision/worker.hpp"

namespace vj::supervisor_host {

struct AtRest {
  friend bool operator==(const AtRest&, const AtRest&) = default;
};
// Noted before a spawn: whoever reads this looks for the token in the environment of processes.
struct SpawnUnderWay {
  friend bool operator==(const SpawnUnderWay&, const SpawnUnderWay&) = default;
};
struct Alive {
  platform::ProcessIdentity process;
  // It, or what it has left behind, is being ended, and this is to follow: an attempt that this costs is counted
  // already.
  std::optional<supervision::Afterwards> afterwards{};

  friend bool operator==(const Alive&, const Alive&) = default;
};

using RecordedPhase = std::variant<AtRest, SpawnUnderWay, Alive, supervision::BackingOff, supervision::Failed>;

struct WorkerRecord {
  std::string name;
  supervision::Intent intent = supervision::Intent::kNone;
  int attempts_used = 0;
  supervision::Generation generation;
  std::string token;  // in the environment of that generation's processes
  RecordedPhase phase;

  friend bool operator==(const WorkerRecord&, const WorkerRecord&) = default;
};

using WorkerRecords = std::vector<WorkerRecord>;

[[nodiscard]] std::string encode_state(const WorkerRecords& records, std::string_view boot_id);

// kInvalid for what is no state, kNotFound for one of another boot.
[[nodiscard]] Result<WorkerRecords> decode_state(std::string_view text, std::string_view boot_id);

[[nodiscard]] platform::Path state_file(const platform::Path& home);

// Empty where there is no file.
[[nodiscard]] Result<WorkerRecords> read_state(const platform::Path& home);
[[nodiscard]] Result<void> write_state(const platform::Path& home, const WorkerRecords& records);

}  // namespace vj::supervisor_host
