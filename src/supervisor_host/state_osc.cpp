#include "supervisor_host/state_osc.hpp"

#include <algorithm>

#include "osc/packet_writer.hpp"

namespace vj::supervisor_host {

void StateOsc::tell(std::string_view name, config::WorkerKind kind, std::string_view state) {
  const osc::Argument arguments[] = {name, state};
  output_.sender().send(osc::encode_message(kind == config::WorkerKind::kApp ? "/vj/app" : "/vj/worker", arguments));
}

Result<void> StateOsc::set_config(const wire::Value& changes) {
  const auto* members = changes.members();
  const bool is_about_osc =
      members != nullptr && std::ranges::all_of(*members, [](const auto& each) { return each.first == "osc_targets"; });
  if (is_about_osc) return output_.set_config(changes);
  return fail(ErrorCode::kInvalid,
              "only osc_targets can be set while running: change the configuration file, then reload");
}

}  // namespace vj::supervisor_host
