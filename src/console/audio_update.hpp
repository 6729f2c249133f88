// The part of update() and of the keys that is about sound. Changes the model; sends nothing.
#pragma once

#include "console/keymap.hpp"
#include "console/message.hpp"
#include "console/model.hpp"

namespace vj::console {

// True if what is on the screen may have changed.
[[nodiscard]] bool hear(Model& model, AudioNews news);

[[nodiscard]] Effects carry_out_audio(Model& model, Command command);
void select_input(Model& model, int step);

// After every message: listens to the features while the Audio screen shows them, and asks what inputs there are when
// it comes up, when the input changes, and every three seconds.
void follow_audio(Model& model, Effects& effects);

// When something about the sound changes on the screen by itself.
[[nodiscard]] std::optional<Time> next_audio_change(const Model& model);

}  // namespace vj::console
