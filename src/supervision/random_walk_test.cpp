#include <random>
#include <set>

#include <doctest/doctest.h>

#include "support/supervised.hpp"

namespace vj::supervision {

namespace {

// The world around one worker: at most one process, which is born, beats, forks, dies, and obeys signals or not. It
// carries out what step asks for, and keeps the score of promises that step breaks.
class World {
 public:
  explicit World(unsigned seed, Policy policy) : random_(seed), policy_(policy) {}

  void live_a_moment() {
    now_ += std::chrono::milliseconds(random_() % 3000);
    if (const auto due = next_deadline(worker_, policy_); due && *due <= now_) feed(Tick{random_() % 50 == 0});
    switch (random_() % 24) {
      case 0:
        feed(StartRequested{RequestedBy::kPerson});
        break;
      case 1:
        feed(StartRequested{RequestedBy::kHeal});
        break;
      case 2:
        stop();
        break;
      case 3:
        feed(RestartRequested{});
        break;
      case 4:
        feed(ResetRequested{});
        break;
      case 5:
        die(1);
        break;
      case 6:
        die(0);
        break;
      case 7:
        die(random_() % 4 ? -11 : 78);
        break;
      case 8:
        descendants_ = alive_ || descendants_;
        break;
      case 9:
        empty_group();
        break;
      case 10:
        feed(Heartbeat{generation_, now_, {}, static_cast<ReportedStatus>(random_() % 5), "x"});
        break;
      case 11:
        feed(Exited{Generation{random_() % 9}, 1});
        break;  // mostly of an old generation
      case 12:
        feed(HealthFailed{generation_, "503", random_() % 3 == 0});
        break;
      case 13:
        feed(Tick{random_() % 9 == 0});
        break;
      case 14:
        now_ += std::chrono::seconds(random_() % 700);
        break;
      default:
        feed(Heartbeat{generation_, now_, {}, ReportedStatus::kRunning, ""});
        break;
    }
  }

  [[nodiscard]] int steps() const { return steps_; }
  [[nodiscard]] int broken() const { return broken_; }
  [[nodiscard]] std::size_t states_seen() const { return states_.size(); }
  [[nodiscard]] std::uint64_t spawns() const { return worker_.last_generation.number; }

 private:
  void feed(const Event& event) {
    // An Exited invented for the current generation would be a lie of the shell's: the world tells only truths.
    if (const auto* exited = std::get_if<Exited>(&event); exited && exited->generation == generation_ && alive_) return;
    Step done = step(worker_, event, now_, policy_);
    worker_ = std::move(done.next);
    ++steps_;
    states_.insert(state_of(worker_));
    broken_ += worker_.attempts_used > policy_.restart.attempt_limit;
    for (const Action& action : done.actions) carry_out(action);
    const Process* process = process_of(worker_);
    broken_ += alive_ && (!process || process->generation != generation_);
    broken_ += process && !alive_ && !descendants_;
  }

  void carry_out(const Action& action) {
    if (const auto* spawn = std::get_if<Spawn>(&action)) {
      broken_ += alive_ || descendants_ || stop_asked_;
      if (random_() % 8 == 0) return feed(SpawnFailed{spawn->generation, "EAGAIN"});
      alive_ = true;
      generation_ = spawn->generation;
      feed(Spawned{spawn->generation, Pid{static_cast<int>(spawn->generation.number)}});
    } else if (const auto* signal = std::get_if<SendSignal>(&action)) {
      broken_ += signal->generation != generation_;
      if (signal->signal == Signal::kKill) {
        killed_ = true;
      } else if (random_() % 2) {
        dying_ = true;
      }
    }
    if (std::exchange(killed_, false)) {
      descendants_ = false;
      if (alive_) {
        die(-9);
      } else {
        feed(GroupEmptied{generation_});
      }
    } else if (std::exchange(dying_, false)) {
      die(-15);
    }
  }

  void die(std::optional<int> code) {
    if (!std::exchange(alive_, false)) return;
    feed(Exited{generation_, code, !descendants_, ""});
  }

  void empty_group() {
    if (!std::exchange(descendants_, false) || alive_) return;
    feed(GroupEmptied{generation_});
  }

  // After a stop nothing may be spawned until somebody asks for a start again.
  void stop() {
    feed(StopRequested{});
    broken_ += state_of(worker_) == "running" || state_of(worker_) == "backing_off";
    stop_asked_ = true;
    for (int i = 0; i < 5; ++i) {
      now_ += 2s;
      feed(Tick{});
      feed(StartRequested{RequestedBy::kHeal});
    }
    broken_ += alive_ || descendants_;
    stop_asked_ = false;
  }

  std::minstd_rand random_;
  Policy policy_;
  Worker worker_;
  Time now_ = at(0s);
  Generation generation_;
  bool alive_ = false;
  bool descendants_ = false;
  bool killed_ = false;
  bool dying_ = false;
  bool stop_asked_ = false;
  int steps_ = 0;
  int broken_ = 0;
  std::set<std::string_view> states_;
};

}  // namespace

TEST_CASE("a random walk of a million steps never has two live processes, too many attempts or a stop disobeyed") {
  World world(20261124, {});
  while (world.steps() < 1'000'000 && world.broken() == 0) world.live_a_moment();
  CHECK(world.broken() == 0);
  CHECK(world.spawns() > 10'000);
  CHECK(world.states_seen() == 7);  // all but unknown, which needs somebody else's process
}

TEST_CASE("a random walk without healing never restarts anything by itself") {
  World world(7, {.auto_heal = false});
  while (world.steps() < 100'000 && world.broken() == 0) world.live_a_moment();
  CHECK(world.broken() == 0);
}

}  // namespace vj::supervision
