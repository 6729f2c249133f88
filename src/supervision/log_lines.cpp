#include "supervision/log_lines.hpp"

#include "base/format.hpp"
#include "base/overloaded.hpp"

namespace vj::supervision {

namespace {

std::string seconds(Duration d) { return format("{:g}s", to_seconds(d)); }

std::string crash_words(const HasCrashed& crash) {
  return crash.exit_code ? exit_words(crash.exit_code) : crash.reason;
}

LogLine info(std::string text) { return {LogLevel::kInfo, std::move(text)}; }
LogLine warning(std::string text) { return {LogLevel::kWarning, std::move(text)}; }
LogLine error(std::string text) { return {LogLevel::kError, std::move(text)}; }

// What reads the same whoever it is about.
LogLine common_line(std::string_view subject, const Happening& what) {
  return std::visit(
      Overloaded{
          [&](const HasStarted&) { return info(format("✓ {} started", subject)); },
          [&](const HasRestarted& e) { return info(format("✓ {} restarted (PID: {})", subject, e.pid.number)); },
          [&](const HasStopped&) { return info(format("🛑 {} stopped", subject)); },
          [&](const HasCrashed& e) { return warning(format("⚠️ {} crashed ({})", subject, crash_words(e))); },
          [&](const CouldNotStart& e) { return error(format("✗ Failed to start {}: {}", subject, e.reason)); },
          [&](const WillRestart& e) { return info(format("🔄 Restarting {} in {}...", subject, seconds(e.delay))); },
          [&](const WasAdopted& e) { return info(format("✓ {} adopted (PID: {})", subject, e.pid.number)); },
          [&](const HasFailed& e) { return error(format("❌ {} failed: {}", subject, e.reason)); },
          [&](const WasKilled& e) {
            return warning(format("⚠️ {} did not stop in {}, killed", subject, seconds(e.after)));
          },
          [&](const CannotBeStopped& e) { return error(format("❌ {} cannot be stopped: {}", subject, e.reason)); },
          [&](const IsDegraded& e) { return warning(format("⚠️ {} degraded: {}", subject, e.reason)); },
          [&](const HasRecovered&) { return info(format("✓ {} recovered", subject)); },
          [&](const IsUnknown& e) { return warning(format("⚠️ {} unknown: {}", subject, e.reason)); }},
      what);
}

}  // namespace

LogLine worker_line(std::string_view worker, const Happening& what) {
  if (const auto* restart = std::get_if<WillRestart>(&what)) {
    return info(format("🔄 Auto-restarting {} in {} (attempt {}/{})", worker, seconds(restart->delay), restart->attempt,
                       restart->limit));
  }
  if (std::holds_alternative<CouldNotStart>(what)) return common_line(worker, what);
  return common_line(format("Worker {}", worker), what);
}

LogLine process_manager_line(const Happening& what) {
  if (const auto* crash = std::get_if<HasCrashed>(&what)) {
    return error(format("❌ Process manager crashed ({})", crash_words(*crash)));
  }
  const bool in_a_sentence = std::holds_alternative<WillRestart>(what) || std::holds_alternative<CouldNotStart>(what);
  return common_line(in_a_sentence ? "process manager" : "Process manager", what);
}

std::string exit_words(std::optional<int> code) {
  return code ? format("exit code: {}", *code) : std::string("exit code unknown");
}

}  // namespace vj::supervision
