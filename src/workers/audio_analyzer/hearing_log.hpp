// What the analyzer writes into the log of what it hears: a line when a beat is found, moves or is lost, at a build-up,
// a drop and a change of key. Says nothing while nothing happens. Values only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "audio/features.hpp"

namespace vj::audio_analyzer {

class HearingLog {
 public:
  // The lines due since the last call; call some thirty times a second.
  [[nodiscard]] std::vector<std::string> lines(const audio::Features& features);

 private:
  float bpm_told_ = 0;
  bool build_up_told_ = false;
  std::uint64_t drops_told_ = 0;
  std::string key_told_;
};

}  // namespace vj::audio_analyzer
