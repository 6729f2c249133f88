// `audio.features`: what the analyzer heard last, as a payload, 30 times a second.
#pragma once

#include <cstdint>

#include "audio/features.hpp"
#include "wire/value.hpp"

namespace vj::wire {

// A beat and a drop last less than the time between two messages: `beat` and `drop` say that the counter has gone on
// since the message before.
[[nodiscard]] Value to_value(const audio::Features& features, std::uint64_t beats_before, std::uint64_t drops_before);

// What is missing or of a wrong type costs that field only. `key` is not read back: it would borrow from the payload.
[[nodiscard]] audio::Features audio_features_from(const Value& payload);

}  // namespace vj::wire
