// What news from the OSC debugger, and the keys of the OSC screen, do to the model.
#pragma once

#include <optional>

#include "console/keymap.hpp"
#include "console/message.hpp"
#include "console/model.hpp"

namespace vj::console {

// Each returns whether the screen may have changed. Nothing that only counts up is drawn while the list is paused or
// another screen is shown.
[[nodiscard]] bool on_osc_heard(Model& model, const OscHeard& heard);
[[nodiscard]] bool on_osc_addresses(Model& model, const OscAddressesTold& told);
[[nodiscard]] bool on_osc_stats(Model& model, OscStats stats);

// What a command does where it is about the list of messages; nothing for any other.
[[nodiscard]] std::optional<Effects> carry_out_on_osc(Model& model, Command command);
void scroll_osc(Model& model, int rows);

// What should be asked for now, if that has changed.
[[nodiscard]] std::optional<FollowOsc> new_osc_interest(Model& model);

}  // namespace vj::console
