// What a value may be. Each rule carries the words with which a person is told.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/config.hpp"

namespace vj::config {

struct IntRange {
  int lowest, highest;
};

struct IntPair {  // one of two
  int one, other;
};

struct SecondsRange {
  double lowest, highest;
  std::string_view because{};  // why no less; may be empty
};

// Workers beat every 5 s, give or take the time that it takes to be noticed: with less, the healthy would be killed.
inline constexpr SecondsRange kHeartbeatTimeout{6, 3600, "heartbeats come every 5 s"};

struct MillisecondsRange {
  int lowest, highest;
};

struct PortRule {
  bool zero_is_off = false;
};

struct TextRule {
  std::string_view expected;  // completes "must be …"
  bool (*accepts)(std::string_view);
  bool is_path = false;                        // "~/" at the front means the user's home
  std::span<const std::string_view> one_of{};  // not empty: nothing else is allowed
};

// Texts by the duty they have.
namespace rule {
[[nodiscard]] TextRule any_text();
[[nodiscard]] TextRule text();  // not empty
[[nodiscard]] TextRule path();  // may be empty
[[nodiscard]] TextRule path_in_list();
[[nodiscard]] TextRule http_url();
[[nodiscard]] TextRule http_url_or_empty();
[[nodiscard]] TextRule health_url();  // what the process manager can ask without looking up a name
[[nodiscard]] TextRule host();
[[nodiscard]] TextRule osc_address();
[[nodiscard]] TextRule environment_name();
[[nodiscard]] TextRule topic();  // of a message on the bus
[[nodiscard]] TextRule playback_pin();
[[nodiscard]] TextRule audio_feature();
[[nodiscard]] TextRule log_level();
}  // namespace rule

// The words of an enumeration in the order of its values.
[[nodiscard]] std::span<const std::string_view> names_of(HealthCheckType);
[[nodiscard]] std::span<const std::string_view> names_of(WorkerKind);
[[nodiscard]] std::span<const std::string_view> names_of(SpotifySource);
[[nodiscard]] std::span<const std::string_view> names_of(LlmProvider);

[[nodiscard]] bool is_worker_name(std::string_view text);  // names log files and bus services
[[nodiscard]] bool is_environment_name(std::string_view text);
[[nodiscard]] bool is_loopback(std::string_view host);  // an IPv4 address that no other machine can reach
[[nodiscard]] bool is_this_machine(std::string_view host);

[[nodiscard]] std::optional<Endpoint> parse_endpoint(std::string_view text);  // "host:port", "[::1]:port"
[[nodiscard]] std::string to_string(const Endpoint& endpoint);

}  // namespace vj::config
