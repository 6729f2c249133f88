#include "vj_bus/registration.hpp"

#include "config/rules.hpp"
#include "wire/envelope.hpp"
#include "wire/names.hpp"

namespace vj::bus {
namespace {

constexpr Duration kRetry = 2ms;
// Whoever holds the lock does so for well under a millisecond, unless it was stopped there.
constexpr Duration kLongestLastWait = 200ms;

static_assert(std::chrono::duration<double>(config::kHeartbeatTimeout.lowest) >
                  kHeartbeatInterval + kHeartbeatTolerance,
              "a configuration that is accepted must not kill who beats as it should");

}  // namespace

Registration::Registration(platform::EventLoop& loop, Registry& registry, ServiceEntry entry, Problem problem)
    : registry_(registry),
      entry_(std::move(entry)),
      problem_(std::move(problem)),
      heartbeat_(loop.timer([this] { beat(); })),
      retry_(loop.timer([this] { write(); })) {
  const auto identity = platform::own_identity();
  entry_.pid = identity.pid;
  entry_.started_at = wire::wall_clock();
  entry_.metadata.set("version", VJ_VERSION);
  entry_.metadata.set("boot_id", identity.boot_id);
  entry_.metadata.set("start_time_ticks", identity.start_time_ticks);
  beat();
  heartbeat_.every(kHeartbeatInterval, kHeartbeatTolerance);
}

void Registration::set_status(std::string_view status, std::string reason) {
  if (entry_.status == status && entry_.reason() == reason) return;
  entry_.status = status;
  entry_.metadata.set("reason", std::move(reason));
  write();
}

void Registration::set_metadata(std::string_view name, wire::Value value) {
  if (entry_.metadata[name] == value) return;
  entry_.metadata.set(name, std::move(value));
  write();
}

void Registration::leave(std::string_view status) {
  entry_.status = status;
  write_last([this] { return registry_.put(entry_); });
}

void Registration::remove() {
  write_last([this] { return registry_.remove(entry_.name, entry_.pid); });
}

void Registration::beat() {
  made_progress();
  write();
}

void Registration::write() {
  entry_.heartbeat_at = wire::wall_clock();
  entry_.metadata.set("heartbeat_monotonic", to_seconds(platform::EventLoop::clock()));
  entry_.metadata.set("progress", progress_);
  const auto written = registry_.put(entry_);
  if (!written && written.error().code == ErrorCode::kConflict) {
    retry_.at(platform::EventLoop::clock() + kRetry);
    return;
  }
  if (!written) return tell(written.error());
  told_.clear();
  if (written->warning) problem_(*written->warning);
}

template <class Write>
void Registration::write_last(Write write_now) {
  heartbeat_.cancel();
  retry_.cancel();
  const Time deadline = platform::EventLoop::clock() + kLongestLastWait;
  auto written = write_now();
  // A loop of its own, whose only event is the retry: nothing else of the process may run between this and the end.
  platform::EventLoop wait;
  while (!written && written.error().code == ErrorCode::kConflict && platform::EventLoop::clock() < deadline) {
    wait.run_once(kRetry);
    written = write_now();
  }
  if (!written) tell(written.error());
}

void Registration::tell(const Error& error) {
  last_failure_ = platform::EventLoop::clock();
  if (error.message == told_) return;
  told_ = error.message;
  problem_("cannot write the registry: " + error.message);
}

}  // namespace vj::bus
