// Those who keep sleepers running: the process manager, the least that a supervisor can do, and the programs that
// others use. Each starts its sleepers at once, each sleeper with a roll of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/process.hpp"
#include "supervision/sleeper.hpp"

namespace vj::bench {

class Supervisor {
 public:
  virtual ~Supervisor() = default;

  [[nodiscard]] virtual std::string name() const = 0;
  // The supervising process, or processes: what they cost while nothing happens is theirs.
  [[nodiscard]] virtual std::vector<pid_t> processes() const = 0;

  // Where sleeper number `i` reports.
  [[nodiscard]] const Roll& roll(std::size_t i) const { return *rolls_[i]; }
  [[nodiscard]] std::size_t size() const { return rolls_.size(); }

 protected:
  Supervisor(const platform::Path& folder, int sleepers);

  std::vector<std::unique_ptr<Roll>> rolls_;
};

using MakeSupervisor = std::function<std::unique_ptr<Supervisor>(const platform::Path& folder, int sleepers)>;

// posix_spawn after a pidfd in an epoll, on a thread of its own: a supervisor is not the one who kills.
[[nodiscard]] std::unique_ptr<Supervisor> start_floor(const platform::Path& folder, int sleepers);

// The peers that are installed here: runit, s6, supervisord.
struct Peer {
  std::string name;
  MakeSupervisor start;
};
[[nodiscard]] std::vector<Peer> installed_peers();

}  // namespace vj::bench
