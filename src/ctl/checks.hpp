// What the doctor finds, as values, and how it is told. Pure: each check judges what it is given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "ctl/style.hpp"
#include "wire/osc_target_payload.hpp"
#include "wire/value.hpp"

namespace vj::ctl {

enum class Health { kGood, kWarning, kBad };

struct Check {
  std::string name{};
  Health health = Health::kGood;
  std::string finding{};
  std::string mend{};  // what to do; empty where nothing is wrong

  friend bool operator==(const Check&, const Check&) = default;
};

struct TerminalFacts {
  bool is_terminal = false;
  int columns = 0;
  int rows = 0;
  std::string term{};
  std::string locale{};  // the first of LC_ALL, LC_CTYPE, LANG that is set
};
[[nodiscard]] Check check_terminal(const TerminalFacts& facts);

struct HomeFacts {
  std::string path{};
  bool exists = false;
  bool is_folder = false;
  std::uint32_t mode = 0;
};
[[nodiscard]] Check check_home(const HomeFacts& facts);

// Who has one of the ports that ours want.
struct PortFacts {
  std::string service{};
  int port = 0;
  bool is_free = true;
  std::string owner{};  // the live service that the registry has on it; empty for a stranger
};
[[nodiscard]] Check check_ports(const std::vector<PortFacts>& ports);

// A worker's own word on its source: the status and reason in its registry entry, absent where it does not run.
struct SourceFacts {
  std::vector<std::string> paths{};          // configured
  std::vector<std::string> missing_paths{};  // of them, those that are not there
  std::optional<std::string> status{};
  std::string reason{};
  bool has_process_manager = false;
};
[[nodiscard]] Check check_virtualdj(const SourceFacts& facts);

// Where sound comes from: its worker's word as above; where it does not run, what the configured input means.
struct SoundFacts {
  std::string configured{};
  std::optional<std::string> chosen{};  // while the system ran; counts more
  std::optional<std::string> status{};
  std::string reason{};
  std::string device{};   // that would be taken
  std::string problem{};  // why none would
};
[[nodiscard]] Check check_sound(const SoundFacts& facts);

// A target of OSC, and who listens at its port.
struct OscTargetFacts {
  wire::OscTarget target{};
  bool is_here = true;  // on this machine, where the port can be looked at
  bool has_listener = false;
  std::string listener{};  // "resolume (pid 12)", as far as it can be seen
};
[[nodiscard]] Check check_osc_targets(const std::vector<OscTargetFacts>& targets);

[[nodiscard]] std::string checks_text(const std::vector<Check>& checks, const Style& style);
[[nodiscard]] wire::Value checks_json(const std::vector<Check>& checks);
[[nodiscard]] bool all_usable(const std::vector<Check>& checks);  // nothing bad; warnings are fine

}  // namespace vj::ctl
