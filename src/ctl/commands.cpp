#include "ctl/commands.hpp"

#include <iterator>

namespace vj::ctl {

std::vector<CommandSpec> all_commands() {
  std::vector<CommandSpec> all;
  for (auto group : {status_commands, control_commands, bus_commands, log_commands, osc_commands, audio_commands,
                     config_commands, doctor_commands}) {
    auto commands = group();
    all.insert(all.end(), std::make_move_iterator(commands.begin()), std::make_move_iterator(commands.end()));
  }
  return all;
}

}  // namespace vj::ctl
