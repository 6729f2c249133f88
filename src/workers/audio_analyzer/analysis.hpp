// The thread that listens: takes samples from the ring, analyzes them, and sends OSC from a loop of its own, so that
// nothing the rest of the worker does can delay a beat. Others read snapshots and leave wishes.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "audio/analyzer.hpp"
#include "config/config.hpp"
#include "osc_io/sender.hpp"
#include "platform/event_loop.hpp"
#include "platform/sample_ring.hpp"
#include "workers/audio_analyzer/osc_voice.hpp"
#include "workers/audio_analyzer/pacer.hpp"
#include "workers/audio_analyzer/statistics.hpp"
#include "workers/audio_analyzer/stream_queue.hpp"

namespace vj::audio_analyzer {

// What the last hops said, whole; of silence, once none have come for some time.
struct Snapshot {
  audio::Features features;
  std::uint64_t version = 0;  // another one with each hop, and when they stop
  bool is_hearing = false;    // hops come, be they silence
};

class Analysis {
 public:
  struct Parts {  // what it is made of; used on its thread alone
    audio::Analyzer analyzer;
    OscVoice voice;
    osc_io::Sender* sender = nullptr;  // null in the moment before the thread runs
  };

  // `osc_changed` is called, on the analysis thread, when targets() or osc_port() has changed.
  Analysis(const config::Config& config, const osc_io::TargetSwitches& switches, const audio::FeatureSet& features,
           std::function<void()> osc_changed);
  ~Analysis();
  Analysis(const Analysis&) = delete;
  Analysis& operator=(const Analysis&) = delete;

  // For the input: where it writes, and what it calls after.
  [[nodiscard]] platform::SampleRing& ring() { return ring_; }
  [[nodiscard]] std::function<void()> wake() {
    return [this] { waker_.wake(); };
  }

  // Thread-safe: all below. What is done is done before the next hop.
  void post(std::function<void(Parts&)> wish);
  [[nodiscard]] Snapshot snapshot() const;
  // What each hop since the last call cost; the newest ten seconds and a little more at most.
  [[nodiscard]] std::vector<HopCost> take_costs();
  [[nodiscard]] std::uint64_t overruns() const { return ring_.overruns(); }
  [[nodiscard]] std::uint16_t osc_port() const;
  [[nodiscard]] std::vector<osc_io::TargetState> targets() const;

 private:
  void listen();
  void hear(std::span<const float, audio::kHop> hop);
  void say_streams();
  void look_for_hops();
  void fall_silent(Time now);
  void keep(const HopCost& cost);
  void carry_out_wishes();

  static constexpr std::size_t kRing = 1U << 15U;  // samples: 0.7 s at either rate
  static constexpr std::size_t kCosts = 2048;      // hops: 11 s and more

  platform::SampleRing ring_{kRing};
  platform::EventLoop loop_;
  Parts parts_;
  osc_io::Sender sender_;
  platform::EventLoop::Waker waker_;
  platform::EventLoop::Timer timer_;
  platform::EventLoop::Timer watch_timer_;
  Pacer pacer_;
  StreamQueue pending_;
  Time heard_at_;  // when the last hop came; the beginning before the first
  bool fell_silent_ = false;
  mutable std::mutex mutex_;  // guards what follows; held for a copy, never while analyzing
  Snapshot snapshot_;
  std::vector<HopCost> costs_;
  std::vector<std::function<void(Parts&)>> wishes_;
  std::vector<osc_io::TargetState> targets_;
  std::uint16_t osc_port_ = 0;
  bool stop_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace vj::audio_analyzer
