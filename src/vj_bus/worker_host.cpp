#include "vj_bus/worker_host.hpp"

#include <cstdio>

#include "base/command_line.hpp"
#include "base/exit_code.hpp"
#include "config/home.hpp"
#include "config/load.hpp"
#include "vj_bus/port_binder.hpp"
#include "vj_bus/spawn_token.hpp"
#include "wire/log_payload.hpp"
#include "wire/names.hpp"

namespace vj::bus {
namespace {

constexpr Option kOptions[] = {{"--home", "DIR", "registry, logs and configuration; default $VJ_HOME, else ~/.vj"},
                               {"--config", "FILE", "configuration; default config.toml in the home"},
                               kHelpOption,
                               kVersionOption};

// The file's name is what a person typed; who was started without one has the worker's.
std::string program_name(int argc, char** argv, const std::string& worker) {
  const auto name = argc > 0 ? platform::Path(argv[0]).filename().string() : "";
  return name.empty() ? worker : name;
}

}  // namespace

Result<bool> Worker::set_config(const wire::Value& changes) {
  if (changes == wire::Value::object()) return false;
  return fail(ErrorCode::kInvalid, "nothing can be set while running");
}

int run_worker(int argc, char** argv, const WorkerDescription& description, const MakeWorker& make) {
  const auto program = program_name(argc, argv, description.name);
  const auto line =
      open_command_line(arguments_of(argc, argv), {.name = program, .summary = description.summary}, kOptions);
  if (!line) return carry_out(line.error());
  const auto refuse = [&](const std::string& why) {
    std::fprintf(stderr, "%s: %s\n", program.c_str(), why.c_str());
    return kExitConfiguration;
  };
  const auto user_home = platform::environment("HOME");
  const auto home = config::resolve_home(
      {.flag = line->value("--home"), .vj_home = platform::environment("VJ_HOME"), .user_home = user_home});
  if (!home) return refuse(home.error().message);
  if (const auto ready = platform::ensure_private_folder(*home); !ready) return refuse(ready.error().message);
  const auto file = line->value("--config");
  auto config =
      config::load_file(file ? platform::Path(*file) : *home / "config.toml",
                        file ? config::IfMissing::kProblem : config::IfMissing::kDefaults, user_home.value_or(""));
  if (!config) return refuse("the configuration is wrong:\n" + config::to_string(config.error()));
  platform::ignore_broken_pipes();
  WorkerHost host(description, *home, std::move(*config));
  return host.run(make);
}

WorkerHost::WorkerHost(WorkerDescription description, platform::Path home, config::Config config)
    : description_(std::move(description)),
      home_(std::move(home)),
      config_(std::move(config)),
      signals_(loop_, {platform::signals::kTerminate, platform::signals::kInterrupt, platform::signals::kHangup},
               [this](int) { stop(""); }),
      log_(description_.name, parse_log_level(config_.log.level).value_or(LogLevel::kInfo)),
      publisher_(context_, loop_, description_.name),
      server_(context_, loop_, description_.name, [this](Request request) { handle(std::move(request)); }),
      started_at_(loop_.now()),
      directory_(
          loop_, home_,
          [this](const RegistrySnapshot& services) {
            if (registry_changed_) registry_changed_(services);
          },
          Heartbeats::kUntold) {
  // What a worker says when it starts is said before anyone can listen.
  log_.set_listener(
      [this](const LogRecord& record) { publisher_.publish_recent(wire::topic::kLogsRecord, wire::to_value(record)); });
}

int WorkerHost::run(const MakeWorker& make) {
  make_ = make;
  if (const auto locked = take_singleton_lock(); !locked) {
    log_.error("{}", locked.error().message);
    return kExitFailed;
  }
  const auto* configured = config::find_worker(config_, name());
  const auto wanted = configured != nullptr && configured->ports ? *configured->ports : config::Ports{};
  PortBinder binder(
      loop_, server_, publisher_, config_.bus.bind, ports_to_try(home_, name(), wanted),
      [this](const std::string& warning) { log_.warning("{}", warning); },
      [this](const Result<config::Ports>& ports) {
        if (ports) return start(*ports);
        log_.error("{}", ports.error().message);
        loop_.stop(kExitFailed);
      });
  binder.start();
  const int code = loop_.run();
  worker_.reset();
  if (registration_) {
    if (last_status_.empty()) {
      registration_->remove();
    } else {
      registration_->leave(last_status_);
    }
  }
  return code;
}

Result<void> WorkerHost::take_singleton_lock() {
  const auto folder = home_ / "locks";
  if (auto made = platform::ensure_private_folder(folder); !made) return made;
  const auto file = folder / (name() + ".lock");
  auto lock = platform::FileLock::try_take(file);
  if (!lock && lock.error().code == ErrorCode::kConflict) {
    return fail(ErrorCode::kConflict, format("{} already runs in {} ({})", name(), home_.string(),
                                             platform::lock_holder_note(file).value_or("just gone: start it again")));
  }
  if (!lock) return std::unexpected(lock.error());
  lock->write_note(format("pid {}", platform::own_pid()));
  lock_ = std::move(*lock);
  return {};
}

void WorkerHost::start(config::Ports ports) {
  ServiceEntry entry{.name = name(),
                     .status = std::string(wire::status::kRunning),
                     .command_port = ports.command,
                     .telemetry_port = ports.telemetry};
  entry.set_address(config_.bus.bind);
  registration_.emplace(loop_, directory_.registry(), std::move(entry),
                        [this](const std::string& problem) { log_.error("{}", problem); });
  worker_ = make_(*this);
  log_.info("{} ready on ports {}/{}", name(), ports.command, ports.telemetry);
}

void WorkerHost::on_command(std::string_view command, CommandHandler handler) {
  handlers_.insert_or_assign(std::string(command), std::move(handler));
}

void WorkerHost::follow_registry(Directory::Callback changed) {
  registry_changed_ = std::move(changed);
  registry_changed_(directory_.services());
}

void WorkerHost::handle(Request request) {
  const std::string& command = request.command().command;
  const auto uptime = to_seconds(loop_.now() - started_at_);
  if (command == wire::command::kHealthCheck) {
    request.reply(wire::Value::object({{"alive", true}, {"uptime", uptime}}));
  } else if (command == wire::command::kGetState) {
    request.reply(
        wire::Value::object({{"status", registration_ ? registration_->status() : std::string(wire::status::kStarting)},
                             {"uptime_sec", uptime},
                             {"config", worker_ ? worker_->settings() : wire::Value::object()},
                             {"metrics", worker_ ? worker_->metrics() : wire::Value::object()}}));
  } else if (command == wire::command::kSetConfig) {
    set_config(std::move(request));
  } else if (command == wire::command::kRestart) {
    request.reply(wire::Value::object({{"restarting", true}}));
    stop(wire::status::kRestarting);
  } else if (command == wire::command::kShutdown) {
    request.reply(wire::Value::object({{"stopping", true}}));
    stop(wire::status::kStopping);
  } else if (const auto handler = handlers_.find(command); handler != handlers_.end()) {
    handler->second(std::move(request));
  } else {
    request.fail(format("Unknown command: {}", command));
  }
}

void WorkerHost::set_config(Request request) {
  const auto& changes = request.payload()["config"];
  if (!changes.is_object()) return request.fail("set_config needs an object 'config'");
  if (!worker_) return request.fail(format("{} is still starting", name()));
  const auto restart_required = worker_->set_config(changes);
  if (!restart_required) return request.fail(restart_required.error().message);
  request.reply(wire::Value::object({{"restart_required", *restart_required}}));
}

void WorkerHost::stop(std::string_view status) {
  // A supervisor tells an end that was asked for from a crash by the status that the entry is left with, and removes
  // the entry then. Without a supervisor nobody would, so it goes at once.
  const bool is_supervised = platform::environment(kSpawnTokenVariable).has_value();
  last_status_ = is_supervised ? status : std::string_view();
  loop_.stop(0);
}

}  // namespace vj::bus
