#include "workers/audio_analyzer/audio_analyzer.hpp"

int main(int argc, char** argv) {
  using namespace vj;
  return bus::run_worker(
      argc, argv, {.name = "audio_analyzer", .summary = "hears beat, tempo, pitch and structure, and says so by OSC"},
      [](bus::WorkerHost& host) { return std::make_unique<audio_analyzer::AudioAnalyzer>(host); });
}
