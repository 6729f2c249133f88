// The worker: keeps an input open, listens on a thread of its own, tells the bus what was heard, and carries out what
// people ask for. Belongs to the host's loop.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vj_bus/worker_host.hpp"
#include "workers/audio_analyzer/analysis.hpp"
#include "workers/audio_analyzer/device_keeper.hpp"
#include "workers/audio_analyzer/hearing_log.hpp"
#include "workers/audio_analyzer/toggles.hpp"

namespace vj::audio_analyzer {

class AudioAnalyzer final : public bus::Worker {
 public:
  explicit AudioAnalyzer(bus::WorkerHost& host);

  [[nodiscard]] wire::Value settings() const override;
  [[nodiscard]] wire::Value metrics() const override;
  // See config_change.hpp.
  [[nodiscard]] Result<bool> set_config(const wire::Value& changes) override;

 private:
  struct Benchmark {
    Time since, until;
    std::vector<HopCost> hops;
    std::uint64_t overruns_before;
  };

  void answer_commands();
  void tell_features();
  void note_hearing();
  void tell_statistics();
  void look_for_better_input(Time now);
  void note_input(const InputState& state);
  void tell_osc();
  void follow_debugger(const bus::RegistrySnapshot& services);
  void run_benchmark(bus::Request request);
  void collect();
  void finish_benchmark();
  // From now on, and kept over restarts.
  void switch_features(const platform::Switches& switches);
  // Why there is no beat to tap along with; empty if there may be one.
  [[nodiscard]] std::string why_no_beat() const;
  // `answered` is called with what came of it; it may be empty.
  void set_device(std::string device, DeviceKeeper::Changed answered = {});
  [[nodiscard]] double sample_rate() const;
  [[nodiscard]] wire::Value statistics() const;

  bus::WorkerHost& host_;
  Toggles toggles_;
  platform::EventLoop::Waker osc_news_;  // from the analysis thread
  Analysis analysis_;
  DeviceKeeper keeper_;
  platform::EventLoop::Timer features_timer_, statistics_timer_, benchmark_timer_;
  bool features_wanted_ = false;
  std::uint64_t beats_told_ = 0, drops_told_ = 0, version_told_ = 0;
  bool is_hearing_ = false;  // anything, be it silence; as it was at the last look
  bool has_looked_ = false;  // for an input, and found one or none
  HearingLog hearing_log_;
  Time looked_at_;               // for a better input, or when there was no need to
  Report report_;                // of the last second
  std::vector<HopCost> second_;  // hops since the last statistics
  Time second_since_;
  std::uint64_t overruns_told_ = 0;
  std::optional<Benchmark> benchmark_;
  std::uint16_t tap_;  // where the debugger takes copies
};

}  // namespace vj::audio_analyzer
