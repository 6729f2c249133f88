#include "supervision/worker.hpp"

#include "base/overloaded.hpp"

namespace vj::supervision {

namespace {

bool is_degraded(const Running& running) {
  return running.watch.hung || !running.complaint.empty() || !running.ill_health.empty();
}

std::string why_degraded(const Running& running) {
  if (running.watch.hung) return "no heartbeat";
  return running.ill_health.empty() ? running.complaint : running.ill_health;
}

}  // namespace

std::string_view state_of(const Worker& worker) {
  return std::visit(Overloaded{[](const Stopped&) { return "stopped"; },                                  //
                               [](const Spawning&) { return "starting"; },                                //
                               [](const Starting& s) { return s.watch.hung ? "degraded" : "starting"; },  //
                               [](const Running& running) { return is_degraded(running) ? "degraded" : "running"; },
                               [](const BackingOff&) { return "backing_off"; },  //
                               [](const Stopping&) { return "stopping"; },       //
                               [](const Failed&) { return "failed"; },           //
                               [](const Unknown&) { return "unknown"; }},
                    worker.phase);
}

std::string reason_of(const Worker& worker) {
  return std::visit(
      Overloaded{[](const Starting& starting) { return std::string(starting.watch.hung ? "no heartbeat" : ""); },
                 [](const Running& running) { return why_degraded(running); },
                 [](const BackingOff& backing_off) { return backing_off.reason; },
                 [](const Failed& failed) { return failed.reason; },
                 [](const Unknown& unknown) { return unknown.reason; }, [](const auto&) { return std::string(); }},
      worker.phase);
}

const Process* process_of(const Worker& worker) {
  return std::visit(Overloaded{[](const Starting& starting) { return &starting.process; },
                               [](const Running& running) { return &running.process; },
                               [](const Stopping& stopping) { return &stopping.process; },
                               [](const auto&) -> const Process* { return nullptr; }},
                    worker.phase);
}

}  // namespace vj::supervision
