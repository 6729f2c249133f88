// What the analyzer writes into the log of what it hears: a line when a beat is found, moves or is lost, at a build-up,
// a drop and a change of key. Says nothing while nothing happens. A tempo is told once it has stood for two seconds, so
// that what is heard while the beat locks on is not; who wants it at once has it by OSC. Pure; times are arguments.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "audio/features.hpp"
#include "base/time.hpp"

namespace vj::audio_analyzer {

class HearingLog {
 public:
  // The lines due since the last call; call some thirty times a second.
  [[nodiscard]] std::vector<std::string> lines(const audio::Features& features, Time now);

 private:
  // Whether the tempo is sure and the same as for a while now.
  [[nodiscard]] bool stands(const audio::Beat& beat, Time now);

  float bpm_told_ = 0;
  float bpm_heard_ = 0;  // which the tempo has stayed near since `heard_since_`; 0: not sure of any
  Time heard_since_;
  bool build_up_told_ = false;
  std::uint64_t drops_told_ = 0;
  std::string key_told_;
};

}  // namespace vj::audio_analyzer
