// A worker under supervision on a scripted clock: builders for the tests of supervision.
#pragma once

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "base/exit_code.hpp"
#include "supervision/log_lines.hpp"
#include "supervision/supervisor.hpp"

namespace vj::supervision {

inline Time at(Duration since_start) { return Time(1000s) + since_start; }

// Applies events one after the other and keeps the worker; each call returns what that event asked for.
struct Supervised {
  Policy policy;
  Worker worker;

  Actions operator()(Duration when, const Event& event) {
    Step done = step(worker, event, at(when), policy);
    worker = std::move(done.next);
    return std::move(done.actions);
  }
  [[nodiscard]] std::string_view state() const { return state_of(worker); }
  [[nodiscard]] Generation generation() const { return worker.last_generation; }

  // Answers the Spawn that is under way, and lets it beat as running.
  void comes_up(Duration when) {
    (*this)(when, Spawned{generation(), pid()});
    (*this)(when, beat(when));
  }
  [[nodiscard]] Pid pid() const { return Pid{static_cast<int>(4000 + generation().number)}; }
  [[nodiscard]] Heartbeat beat(Duration when, ReportedStatus status = ReportedStatus::kRunning) const {
    return {generation(), at(when) + 1ns, {}, status, {}};
  }
};

inline Supervised running_worker(Policy policy = {}) {
  Supervised worker{policy, {}};
  worker(0s, StartRequested{});
  worker.comes_up(0s);
  return worker;
}

inline Supervised crashed_worker(Policy policy = {}) {
  Supervised worker = running_worker(policy);
  worker(10s, Exited{worker.generation(), 1});
  return worker;
}

inline Supervised failed_worker(Policy policy = {}) {
  Supervised worker = running_worker(policy);
  worker(10s, Exited{worker.generation(), kExitConfiguration});
  return worker;
}

template <class A>
int count_of(const Actions& actions) {
  int count = 0;
  for (const Action& action : actions) count += std::holds_alternative<A>(action);
  return count;
}

// What doctest prints when a comparison fails.
inline std::ostream& operator<<(std::ostream& out, const Actions& actions) {
  for (const Action& action : actions) {
    if (const auto* spawn = std::get_if<Spawn>(&action)) out << "Spawn(" << spawn->generation.number << ") ";
    if (const auto* signal = std::get_if<SendSignal>(&action)) {
      out << (signal->signal == Signal::kKill ? "Kill(" : "Terminate(") << signal->generation.number << ") ";
    }
    if (const auto* announce = std::get_if<Announce>(&action))
      out << "Announce(" << worker_line("W", announce->what).text << ") ";
    if (const auto* refuse = std::get_if<Refuse>(&action)) out << "Refuse(" << refuse->reason << ") ";
  }
  return out << (actions.empty() ? "nothing" : "");
}

}  // namespace vj::supervision
