#include "console/everything_stopper.hpp"

#include <algorithm>
#include <utility>

#include "base/format.hpp"
#include "platform/signals.hpp"
#include "wire/names.hpp"

namespace vj::console {
namespace {

// Beyond the time that the workers have: for answers, and for the process manager's own end.
constexpr Duration kPatience = 3s;

}  // namespace

EverythingStopper::EverythingStopper(platform::EventLoop& loop, const bus::Directory& directory, bus::Client& client,
                                     Done done)
    : loop_(loop),
      directory_(directory),
      client_(client),
      done_(std::move(done)),
      deadline_(loop.timer([this] { on_deadline(); })) {}

void EverythingStopper::begin(Duration stop_timeout, const std::optional<platform::ProcessIdentity>& newcomer) {
  if (std::exchange(busy_, true)) return;
  stop_timeout_ = stop_timeout;
  newcomer_ = newcomer;
  signalled_ = killed_ = false;
  leaving_.clear();
  const auto manager = directory_.alive(wire::service::kProcessManager);
  if (!manager) return signal_everybody();
  client_.send(wire::service::kProcessManager, wire::command::kShutdownAll, wire::Value::object(),
               bus::usual_timeout(wire::command::kShutdownAll, stop_timeout),
               [this, manager](const Result<wire::Response>& answer) {
                 // It has ended, or hangs: then it is one of those who are told by signals, and killed if they do not
                 // hear.
                 if (!answer) return signal_everybody();
                 if (answer->status != wire::Status::kOk) return finish({.failure = answer->error.value_or("refused")});
                 if (answer->result["stays"].boolean_or(false)) return finish({.manager_stays = true});
                 deadline_.after(stop_timeout_ + kPatience);
                 wait_for(manager->name, manager->identity(), false);
                 if (leaving_.empty()) finish({});
               });
}

void EverythingStopper::signal_everybody() {
  signalled_ = true;
  deadline_.after(stop_timeout_);
  for (const auto& entry : directory_.services().services) {
    if (bus::is_alive(entry)) wait_for(entry.name, entry.identity(), true);
  }
  const bool is_registered = std::ranges::any_of(
      leaving_, [&](const auto& each) { return newcomer_ && each.process.pid() == newcomer_->pid; });
  if (!is_registered) wait_for(std::string(wire::service::kProcessManager), newcomer_, true);
  if (leaving_.empty()) finish({});
}

// A process that cannot be verified to be the registered one is nobody we may signal or wait for.
void EverythingStopper::wait_for(const std::string& name, const std::optional<platform::ProcessIdentity>& identity,
                                 bool and_signal) {
  if (!identity) return;
  auto process = platform::ProcessHandle::open(*identity);
  if (!process) return;
  const bool told = !and_signal || process->signal(platform::signals::kTerminate).has_value();
  if (!told) return;
  leaving_.push_back({name, std::move(*process), {}});
  const auto self = std::prev(leaving_.end());
  self->watch = self->process.watch_exit(loop_, [this, self] {
    leaving_.erase(self);
    if (leaving_.empty()) finish({});
  });
}

void EverythingStopper::on_deadline() {
  if (signalled_ && !std::exchange(killed_, true)) {
    for (const auto& each : leaving_) {
      // One that is gone meanwhile is what we want; its watch says so in a moment.
      if (const auto sent = each.process.signal(platform::signals::kKill);
          !sent && sent.error().code != ErrorCode::kNotFound) {
        return finish({.failure = sent.error().message});
      }
    }
    return deadline_.after(kPatience);
  }
  finish({.failure = format("{} (pid {}) still runs", leaving_.front().name, leaving_.front().process.pid())});
}

void EverythingStopper::finish(EverythingStopped how) {
  if (!std::exchange(busy_, false)) return;
  deadline_.cancel();
  done_(std::move(how));
}

}  // namespace vj::console
