// Decides what a message means: changes the model, and says what else has to be done. It draws nothing, sends nothing
// and reads no clock.
#pragma once

#include "base/time.hpp"
#include "console/message.hpp"
#include "console/model.hpp"

namespace vj::console {

// The moment of a turn of the loop.
struct Moment {
  Time now;
  WallTime wall_now;
};

struct Outcome {
  bool redraw = false;  // what is on the screen may have changed
  Effects effects;
};

[[nodiscard]] Outcome update(Model& model, const Message& message, Moment moment);

// When the screen changes although nothing happens: a second of a countdown, the next minute of the clock. Nothing
// that is not shown counts.
[[nodiscard]] Time next_change(const Model& model);

}  // namespace vj::console
