#include <utility>

#include "base/format.hpp"
#include "platform/http_probe.hpp"
#include "platform/signals.hpp"
#include "supervision/log_lines.hpp"
#include "supervisor_host/health_check.hpp"
#include "vj_bus/subscriber.hpp"

namespace vj::supervisor_host {

namespace {

// A page that answers with a status below 400.
class HttpCheck final : public HealthCheck {
 public:
  HttpCheck(std::string url, HealthView view) : url_(std::move(url)), view_(std::move(view)) {}

  void look(Done done) override {
    const auto target = platform::parse_http_url(url_);
    if (!target) return done(target.error().message);
    probe_.emplace(view_.loop, *target, [this, done = std::move(done)](const Result<int>& status) {
      if (!status) return done(format("{}: {}", url_, status.error().message));
      done(*status < 400 ? std::nullopt : std::optional(format("{} answered {}", url_, *status)));
    });
  }
  void give_up() override { probe_.reset(); }

 private:
  std::string url_;
  HealthView view_;
  std::optional<platform::HttpProbe> probe_;
};

// A program that ends with 0.
class ExecCheck final : public HealthCheck {
 public:
  ExecCheck(std::vector<std::string> command, HealthView view) : command_(std::move(command)), view_(std::move(view)) {}
  ~ExecCheck() override { ExecCheck::give_up(); }

  void look(Done done) override {
    const auto program = platform::find_program(command_.front(), platform::executable_folder());
    if (!program) return done(program.error().message);
    auto spawned = platform::spawn({.program = *program,
                                    .arguments = {command_.begin() + 1, command_.end()},
                                    .environment = {},
                                    .working_folder = {}});
    if (!spawned) return done(spawned.error().message);
    process_ = std::move(spawned->handle);
    exit_ = process_.watch_exit(view_.loop, [this, done = std::move(done)] {
      exit_.end();
      kill_group();
      const auto status = platform::reap(std::exchange(process_, {}).pid());
      const std::optional<int> code = status ? std::optional(status->code) : std::nullopt;
      done(code == 0 ? std::nullopt : std::optional(format("{}: {}", command_.front(), supervision::exit_words(code))));
    });
  }

  void give_up() override {
    exit_.end();
    if (process_) kill_group();
    process_ = {};
  }
  [[nodiscard]] bool owns(platform::Pid child) const override { return process_ && process_.pid() == child; }

 private:
  // It and what it left running in its group: a look is over when its program is, and nothing of it goes on. What is
  // killed here is reaped with the other orphans.
  void kill_group() const { [[maybe_unused]] const auto sent = process_.signal_group(platform::signals::kKill); }

  std::vector<std::string> command_;
  HealthView view_;
  platform::ProcessHandle process_;
  platform::EventLoop::Watch exit_;
};

// A topic of the worker's that is published often enough.
class TelemetryCheck final : public HealthCheck {
 public:
  TelemetryCheck(std::string topic, Duration max_age, HealthView view)
      : topic_(std::move(topic)),
        max_age_(max_age),
        view_(std::move(view)),
        last_message_(view_.loop.now()),
        subscriber_(view_.context, view_.loop, {topic_},
                    [this](const wire::Telemetry&, std::string_view) { last_message_ = view_.loop.now(); }) {
    follow();
  }

  void look(Done done) override {
    follow();
    const bool is_stale = view_.loop.now() - last_message_ > max_age_;
    done(is_stale ? std::optional(format("no {} for {:g}s", topic_, to_seconds(max_age_))) : std::nullopt);
  }
  void give_up() override {}

 private:
  // From the beginning: what is published before the first look counts.
  void follow() {
    const auto entry = view_.entry();
    subscriber_.follow(entry ? bus::RegistrySnapshot{{*entry}} : bus::RegistrySnapshot{});
  }

  std::string topic_;
  Duration max_age_;
  HealthView view_;
  Time last_message_;  // the beginning of the watch, until there is one
  bus::Subscriber subscriber_;
};

}  // namespace

std::unique_ptr<HealthCheck> make_health_check(const config::HealthCheck& config, HealthView view) {
  switch (config.type) {
    case config::HealthCheckType::kExec:
      return std::make_unique<ExecCheck>(config.command, std::move(view));
    case config::HealthCheckType::kTelemetry:
      return std::make_unique<TelemetryCheck>(config.topic, config.max_age, std::move(view));
    case config::HealthCheckType::kHttp:
      break;
  }
  return std::make_unique<HttpCheck>(config.url, std::move(view));
}

}  // namespace vj::supervisor_host
