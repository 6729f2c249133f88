#include "console/everything_stopper.hpp"

#include <utility>

#include "base/format.hpp"
#include "platform/signals.hpp"
#include "wire/names.hpp"

namespace vj::console {
namespace {

// Beyond the time that the workers have: for answers, and for the process manager's own end.
constexpr Duration kPatience = 3s;

}  // namespace

EverythingStopper::EverythingStopper(platform::EventLoop& loop, bus::Directory& directory, bus::Client& client,
                                     Callbacks callbacks)
    : loop_(loop),
      directory_(directory),
      client_(client),
      callbacks_(std::move(callbacks)),
      deadline_(loop.timer([this] { on_deadline(); })) {}

void EverythingStopper::begin(Duration stop_timeout, const std::optional<platform::ProcessIdentity>& newcomer) {
  if (std::exchange(busy_, true)) return;
  stop_timeout_ = stop_timeout;
  was_heard_ = is_killed_ = false;
  entry_ = directory_.alive(wire::service::kProcessManager);
  if (entry_) {
    client_.send(wire::service::kProcessManager, wire::command::kShutdownAll, wire::Value::object(),
                 bus::usual_timeout(wire::command::kShutdownAll, stop_timeout),
                 [this](const Result<wire::Response>& answer) { on_answer(answer); });
    return;
  }
  wait_for(newcomer);
  // It stops whom it has adopted, if it has come so far.
  if (busy_ && !manager_.signal(platform::signals::kTerminate)) kill();
}

void EverythingStopper::on_answer(const Result<wire::Response>& answer) {
  if (answer && answer->status != wire::Status::kOk) return finish({.failure = answer->error.value_or("refused")});
  if (answer && answer->result["stays"].boolean_or(false)) return finish({.manager_stays = true});
  was_heard_ = answer.has_value();
  if (is_a_console()) {
    if (!was_heard_ && !bus::is_alive(*entry_)) return give_up();
    if (!was_heard_) return finish({.failure = answer.error().message});
    deadline_.after(stop_timeout_ + kPatience);
    return look();
  }
  wait_for(entry_->identity());
  // It has had its time.
  if (busy_ && !was_heard_) kill();
}

void EverythingStopper::look() {
  if (busy_ && was_heard_ && is_a_console() && !is_still_registered()) finish({});
}

bool EverythingStopper::is_a_console() const {
  return entry_ && entry_->metadata[wire::role::kKey].string_or("") == wire::role::kFallback;
}

bool EverythingStopper::is_still_registered() const {
  const auto* entry = directory_.services().find(wire::service::kProcessManager);
  return entry != nullptr && entry_ && entry->pid == entry_->pid;
}

// A process that cannot be verified to be the process manager is nobody we may signal or wait for.
void EverythingStopper::wait_for(const std::optional<platform::ProcessIdentity>& manager) {
  auto process = manager ? platform::ProcessHandle::open(*manager) : fail(ErrorCode::kNotFound, "there is none");
  if (!process) return on_exit();
  manager_ = std::move(*process);
  exit_watch_ = manager_.watch_exit(loop_, [this] { on_exit(); });
  deadline_.after(stop_timeout_ + kPatience);
}

// Its workers are in groups of their own and run on, for who comes after it.
void EverythingStopper::kill() {
  is_killed_ = true;
  deadline_.after(kPatience);
  // One that is gone meanwhile is what we want; its watch says so in a moment.
  const auto sent = manager_.signal(platform::signals::kKill);
  if (!sent && sent.error().code != ErrorCode::kNotFound) finish({.failure = sent.error().message});
}

// Who ends as he was told takes his entry out of the registry; a crash leaves it there.
void EverythingStopper::on_exit() {
  exit_watch_.end();
  directory_.refresh();
  const bool has_crashed = is_killed_ || is_still_registered();
  if (was_heard_ && !has_crashed) return finish({});
  give_up();
}

void EverythingStopper::on_deadline() {
  if (is_a_console() && !bus::is_alive(*entry_)) return give_up();
  if (!is_a_console() && !is_killed_) return kill();
  const auto pid = is_a_console() ? entry_->pid : manager_.pid();
  finish({.failure = format("the process manager (pid {}) still runs", pid)});
}

void EverythingStopper::finish(EverythingStopped how) {
  if (!std::exchange(busy_, false)) return;
  exit_watch_.end();
  deadline_.cancel();
  callbacks_.stopped(std::move(how));
}

void EverythingStopper::give_up() {
  if (!std::exchange(busy_, false)) return;
  deadline_.cancel();
  callbacks_.no_manager();
}

}  // namespace vj::console
