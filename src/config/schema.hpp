// Every key once: its name, the field it fills, what it may be. Reading, showing and comparing all walk through this,
// so that a key which can be set can also be seen. A visitor has value(), section(), optional_section(), list(),
// required(), not_for(), and choice(), which is false where none of the allowed words is given.
#pragma once

#include "config/config.hpp"
#include "config/rules.hpp"

namespace vj::config {

inline constexpr SecondsRange kInterval{0.01, 3600};
inline constexpr SecondsRange kWait{0, 86400};

template <class Visitor>
void describe(Visitor& v, Console& s) {
  v.value("auto_start_workers", s.auto_start_workers);
  v.value("auto_heal_workers", s.auto_heal_workers);
  v.value("fps", s.fps, IntRange{1, 120});
  v.value("mouse", s.mouse);
  v.value("ascii", s.ascii);
  v.value("check_interval", s.check_interval, kInterval);
  v.value("restart_delay", s.restart_delay, kWait);
  v.value("max_restarts", s.max_restarts, IntRange{0, 1000});
  v.value("confirm_quit", s.confirm_quit);
}

template <class Visitor>
void describe(Visitor& v, Supervision& s) {
  v.value("check_interval", s.check_interval, kInterval);
  v.value("heartbeat_timeout", s.heartbeat_timeout, kHeartbeatTimeout);
  v.value("base_backoff", s.base_backoff, kWait);
  v.value("max_backoff", s.max_backoff, kWait);
  v.value("max_restarts", s.max_restarts, IntRange{0, 1000});
  v.value("reset_after", s.reset_after, kWait);
  v.value("stop_timeout", s.stop_timeout, SecondsRange{0, 300});
}

template <class Visitor>
void describe(Visitor& v, Ports& s) {
  v.value("command", s.command, PortRule{});
  v.value("telemetry", s.telemetry, PortRule{});
  v.required("command");
  v.required("telemetry");
}

template <class Visitor>
void describe(Visitor& v, LogLimits& s) {
  v.value("max_size_mb", s.max_size_mb, IntRange{1, 10000});
  v.value("max_files", s.max_files, IntRange{1, 1000});
}

template <class Visitor>
void describe(Visitor& v, HealthCheck& s) {
  const bool has_type = v.choice("type", s.type);
  v.required("type");
  // What else there may be depends on it.
  const auto is = [&](HealthCheckType type) { return !has_type || s.type == type; };
  if (is(HealthCheckType::kHttp)) v.value("url", s.url, rule::health_url());
  if (is(HealthCheckType::kExec)) v.value("command", s.command, rule::path_in_list());
  if (is(HealthCheckType::kTelemetry)) {
    v.value("topic", s.topic, rule::topic());
    v.value("max_age", s.max_age, kInterval);
  }
  v.value("interval", s.interval, kInterval);
  v.value("timeout", s.timeout, kInterval);
  v.value("failures", s.failures, IntRange{1, 1000});
  if (!has_type) return;
  for (const std::string_view name : {"url", "command", "topic", "max_age"}) v.not_for(name, "type", s.type);
  switch (s.type) {
    case HealthCheckType::kHttp:
      return v.required("url");
    case HealthCheckType::kExec:
      return v.required("command");
    case HealthCheckType::kTelemetry:
      return v.required("topic");
  }
}

// Without name and kind, which decide what the rest may be.
template <class Visitor>
void describe(Visitor& v, Worker& s) {
  v.value("command", s.command, rule::path_in_list());
  v.value("enabled", s.enabled);
  describe(v, s.supervision);
  v.value("env", s.env);
  v.value("cwd", s.cwd, rule::path());
  if (s.kind == WorkerKind::kApp) {
    v.value("match", s.match, rule::any_text());
    v.value("restart", s.restart);
    v.value("stop_on_quit", s.stop_on_quit);
  } else {
    v.optional_section("ports", s.ports);
  }
  v.section("log", s.log);
  v.list("health", s.health);
}

template <class Visitor>
void describe(Visitor& v, Bus& s) {
  v.value("base_command_port", s.base_command_port, PortRule{});
  v.value("base_telemetry_port", s.base_telemetry_port, PortRule{});
  v.value("bind", s.bind, rule::host());
}

template <class Visitor>
void describe(Visitor& v, OscRelay& s) {
  v.value("from", s.from, PortRule{});
  v.value("to", s.to);
  v.required("from");
  v.required("to");
}

template <class Visitor>
void describe(Visitor& v, OscTarget& s) {
  v.value("name", s.name, rule::text());
  v.value("host", s.host, rule::host());
  v.value("port", s.port, PortRule{});
  v.value("filter", s.filter, rule::osc_address());
  v.value("enabled", s.enabled);
  v.value("bundles", s.bundles);
  v.value("ascii", s.ascii);
  v.required("name");
  v.required("port");
}

template <class Visitor>
void describe(Visitor& v, Osc& s) {
  v.value("tap", s.tap, PortRule{});
  v.value("listen", s.listen, PortRule{});
  v.list("relay", s.relay);
  v.list("target", s.targets);
}

template <class Visitor>
void describe(Visitor& v, Playback& s) {
  v.value("pin", s.pin, rule::playback_pin());
  v.value("hysteresis", s.hysteresis, SecondsRange{0, 3600});
}

template <class Visitor>
void describe(Visitor& v, Spotify& s) {
  v.choice("source", s.source);
  v.value("players", s.players, rule::text());
  v.value("client_id", s.client_id, rule::any_text());
  v.value("redirect_port", s.redirect_port, PortRule{});
  v.value("api_url", s.api_url, rule::http_url());
  v.value("accounts_url", s.accounts_url, rule::http_url());
}

template <class Visitor>
void describe(Visitor& v, VirtualDj& s) {
  v.value("paths", s.paths, rule::path_in_list());
  v.value("network_url", s.network_url, rule::http_url_or_empty());
  v.value("network_token_env", s.network_token.env, rule::environment_name());
  v.value("network_token_file", s.network_token.file, rule::path());
  v.value("osc_send", s.osc_send);
  v.value("osc_listen", s.osc_listen, PortRule{.zero_is_off = true});
  v.value("history_drives_lyrics", s.history_drives_lyrics);
}

template <class Visitor>
void describe(Visitor& v, Llm& s) {
  v.choice("provider", s.provider);
  v.value("base_url", s.base_url, rule::http_url_or_empty());
  v.value("model", s.model, rule::any_text());
  v.value("api_key_env", s.api_key.env, rule::environment_name());
  v.value("api_key_file", s.api_key.file, rule::path());
}

template <class Visitor>
void describe(Visitor& v, Lyrics& s) {
  v.value("folders", s.folders, rule::path_in_list());
  v.value("lrclib_url", s.lrclib_url, rule::http_url());
  v.value("offline", s.offline);
  v.value("timing_offset_ms", s.timing_offset, MillisecondsRange{-60000, 60000});
  v.section("llm", s.llm);
}

template <class Visitor>
void describe(Visitor& v, Audio& s) {
  v.value("device", s.device, rule::text());
  v.value("sample_rate", s.sample_rate, IntPair{44100, 48000});
  v.value("features", s.features, rule::audio_feature());
}

template <class Visitor>
void describe(Visitor& v, Log& s) {
  v.value("level", s.level, rule::log_level());
  describe(v, s.limits);
}

// Every section but [[worker]] and [app.NAME], whose entries are laid over the built-in list.
template <class Visitor>
void describe(Visitor& v, Config& s) {
  v.section("console", s.console);
  v.section("process_manager", s.process_manager);
  v.section("bus", s.bus);
  v.section("osc", s.osc);
  v.section("playback", s.playback);
  v.section("spotify", s.spotify);
  v.section("virtualdj", s.virtualdj);
  v.section("lyrics", s.lyrics);
  v.section("audio", s.audio);
  v.section("log", s.log);
}

}  // namespace vj::config
