// What one supervised process is entitled to: the numbers of the configuration, as values.
#pragma once

#include "base/time.hpp"
#include "supervision/restart_policy.hpp"

namespace vj::supervision {

struct Policy {
  RestartPolicy restart{};
  Duration check_interval = 5s;      // how long a heartbeat is excused after the supervisor itself was late
  Duration heartbeat_timeout = 15s;  // silence beyond this is suspicious
  Duration second_look = 250ms;      // a suspicion is confirmed this much later
  Duration reset_after = 600s;       // ready for this long: the attempts are forgotten
  Duration stop_timeout = 5s;        // from SIGTERM to SIGKILL
  Duration kill_again = 1s;          // a group that outlives SIGKILL (it forked meanwhile) gets another, this often
  bool heartbeat = true;             // false for apps: running as soon as spawned, never hung
  bool restart_on_crash = true;      // false: a crash is final, and an exit with 0 is a stop
  bool auto_heal = true;             // false: nothing is restarted or killed unless somebody asks

  friend bool operator==(const Policy&, const Policy&) = default;
};

}  // namespace vj::supervision
