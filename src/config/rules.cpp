#include "config/rules.hpp"

#include <algorithm>
#include <array>

#include "base/format.hpp"
#include "base/text.hpp"

namespace vj::config {
namespace {

constexpr std::array<std::string_view, 3> kHealthCheckTypes{"http", "exec", "telemetry"};
constexpr std::array<std::string_view, 2> kWorkerKinds{"worker", "app"};
constexpr std::array<std::string_view, 4> kSpotifySources{"auto", "mpris", "applescript", "web"};
constexpr std::array<std::string_view, 4> kLlmProviders{"auto", "openai", "ollama", "none"};
constexpr std::array<std::string_view, 3> kPins{"", "spotify", "virtualdj"};
constexpr std::array<std::string_view, 6> kFeatures{"essentia", "pitch", "beat", "structure", "spectrum", "logging"};
constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warning", "error"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hexadecimal(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_visible(char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7F; }

bool is_anything(std::string_view) { return true; }
bool is_not_empty(std::string_view text) { return !trim(text).empty(); }

bool is_http_url(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (text.starts_with(scheme)) return text.size() > scheme.size() && std::ranges::all_of(text, is_visible);
  }
  return false;
}

bool is_http_url_or_empty(std::string_view text) { return text.empty() || is_http_url(text); }

bool is_host(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == ':';
  });
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  const auto number = parse_integer(text);
  if (!number || *number < 1 || *number > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(*number);
}

bool is_ipv4(std::string_view text) {
  const auto parts = split(text, '.');
  return parts.size() == 4 && std::ranges::all_of(parts, [](std::string_view part) {
           const auto number = parse_integer(part);
           return part.size() <= 3 && (part.size() == 1 || !part.starts_with('0')) &&
                  std::ranges::all_of(part, is_digit) && number && *number <= 255;
         });
}

// Eight groups of hexadecimal digits; "::" once stands for as many zeros as are missing (RFC 4291).
bool is_ipv6(std::string_view text) {
  const auto gap = text.find("::");
  const auto groups_in = [](std::string_view part) -> std::optional<std::size_t> {
    if (part.empty()) return 0;
    const auto groups = split(part, ':');
    const auto is_group = [](std::string_view group) {
      return !group.empty() && group.size() <= 4 && std::ranges::all_of(group, is_hexadecimal);
    };
    return std::ranges::all_of(groups, is_group) ? std::optional(groups.size()) : std::nullopt;
  };
  if (gap == std::string_view::npos) return groups_in(text) == 8;
  const auto before = groups_in(text.substr(0, gap));
  const auto after = groups_in(text.substr(gap + 2));
  return before && after && *before + *after < 8;
}

bool is_health_url(std::string_view text) {
  constexpr std::string_view kScheme = "http://";
  if (!text.starts_with(kScheme) || !std::ranges::all_of(text, is_visible)) return false;
  std::string_view host = text.substr(kScheme.size());
  host = host.substr(0, host.find('/'));
  const auto bracket = host.rfind(']');
  const auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    if (!parse_port(host.substr(colon + 1))) return false;
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) return is_ipv6(host.substr(1, host.size() - 2));
  return host == "localhost" || is_ipv4(host);
}

bool is_osc_address(std::string_view text) { return text.starts_with('/') && std::ranges::all_of(text, is_visible); }
bool is_topic(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_visible); }
bool is_environment_name_or_empty(std::string_view text) { return text.empty() || is_environment_name(text); }

}  // namespace

namespace rule {
TextRule any_text() { return {.expected = "a text", .accepts = is_anything}; }
TextRule text() { return {.expected = "a text that is not empty", .accepts = is_not_empty}; }
TextRule path() { return {.expected = "a path", .accepts = is_anything, .is_path = true}; }
TextRule path_in_list() { return {.expected = "a text that is not empty", .accepts = is_not_empty, .is_path = true}; }
TextRule http_url() { return {.expected = "an address that begins with http:// or https://", .accepts = is_http_url}; }
TextRule http_url_or_empty() {
  return {.expected = "an address that begins with http:// or https://, or \"\"", .accepts = is_http_url_or_empty};
}
TextRule health_url() {
  return {.expected =
              "http:// and a numeric address or localhost (no https, no other host names), as in "
              "\"http://127.0.0.1:8080/health\"",
          .accepts = is_health_url};
}
TextRule host() { return {.expected = "a host name or an IP address", .accepts = is_host}; }
TextRule osc_address() { return {.expected = "an OSC address, which begins with '/'", .accepts = is_osc_address}; }
TextRule environment_name() {
  return {.expected = "the name of an environment variable (letters, digits and '_'), not the secret itself",
          .accepts = is_environment_name_or_empty};
}
TextRule topic() { return {.expected = "a topic without spaces", .accepts = is_topic}; }
TextRule playback_pin() { return {.expected = "", .accepts = is_anything, .one_of = kPins}; }
TextRule audio_feature() { return {.expected = "", .accepts = is_anything, .one_of = kFeatures}; }
TextRule log_level() { return {.expected = "", .accepts = is_anything, .one_of = kLevels}; }
}  // namespace rule

std::span<const std::string_view> names_of(HealthCheckType) { return kHealthCheckTypes; }
std::span<const std::string_view> names_of(WorkerKind) { return kWorkerKinds; }
std::span<const std::string_view> names_of(SpotifySource) { return kSpotifySources; }
std::span<const std::string_view> names_of(LlmProvider) { return kLlmProviders; }

bool is_worker_name(std::string_view text) {
  return !text.empty() && is_letter(text.front()) && text.size() <= 64 &&
         std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; });
}

bool is_environment_name(std::string_view text) {
  return !text.empty() && !is_digit(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

bool is_loopback(std::string_view host) { return host.starts_with("127.") && is_ipv4(host); }

bool is_this_machine(std::string_view host) {
  return is_loopback(host) || host == "localhost" || host == "::1" || host == "0.0.0.0";
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.contains(':')) {
    return std::nullopt;  // an IPv6 address without brackets: where it ends is a guess
  }
  const auto port = parse_port(text.substr(colon + 1));
  if (!port || !is_host(host)) return std::nullopt;
  return Endpoint{std::string(host), *port};
}

std::string to_string(const Endpoint& endpoint) {
  return endpoint.host.contains(':') ? vj::format("[{}]:{}", endpoint.host, endpoint.port)
                                     : vj::format("{}:{}", endpoint.host, endpoint.port);
}

}  // namespace vj::config
