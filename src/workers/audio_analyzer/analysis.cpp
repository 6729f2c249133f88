#include "workers/audio_analyzer/analysis.hpp"

#include <array>
#include <utility>

#include "workers/audio_analyzer/device_keeper.hpp"

namespace vj::audio_analyzer {

namespace {

// A server hands over large blocks at times, so this is not less; receivers shall not hold a beat for much longer.
constexpr Duration kSilentAfter = 200ms;
constexpr Duration kWatchTolerance = 50ms;
// What was heard before so long a pause says nothing of what comes after it, least of all where the input was lost.
constexpr Duration kForgottenAfter = 2s;
static_assert(kForgottenAfter <= DeviceKeeper::kLostAfter);

float milliseconds(Duration duration) { return static_cast<float>(to_seconds(duration) * 1000); }

std::uint64_t nanoseconds() noexcept {
  return static_cast<std::uint64_t>(platform::EventLoop::clock().time_since_epoch().count());
}

}  // namespace

Analysis::Analysis(const config::Config& config, const osc_io::TargetSwitches& switches,
                   const audio::FeatureSet& features, std::function<void()> osc_changed)
    : parts_{.analyzer =
                 audio::Analyzer({.sample_rate = static_cast<double>(config.audio.sample_rate), .features = features}),
             .voice = {}},
      sender_(loop_, config.osc, switches,
              [this, osc_changed = std::move(osc_changed)] {
                {
                  const std::lock_guard lock(mutex_);
                  targets_ = sender_.targets();
                  osc_port_ = sender_.port();
                }
                osc_changed();
              }),
      waker_(loop_.waker([this] { listen(); })),
      timer_(loop_.timer([this] { say_streams(); })),
      watch_timer_(loop_.timer([this] { look_for_hops(); })),
      pacer_(from_seconds(2 * audio::kHop / static_cast<double>(config.audio.sample_rate))),
      pending_(from_seconds(2 * audio::kHop / static_cast<double>(config.audio.sample_rate)),
               [this](const HopCost& cost) { keep(cost); }),
      heard_at_(platform::EventLoop::clock()) {
  parts_.sender = &sender_;
  parts_.analyzer.measure_with(nanoseconds);
  targets_ = sender_.targets();
  osc_port_ = sender_.port();
  costs_.reserve(kCosts);
  watch_timer_.every(kSilentAfter, kWatchTolerance);
  thread_ = std::thread([this] { loop_.run(); });
}

Analysis::~Analysis() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  waker_.wake();
  thread_.join();
}

void Analysis::post(std::function<void(Parts&)> wish) {
  {
    const std::lock_guard lock(mutex_);
    wishes_.push_back(std::move(wish));
  }
  waker_.wake();
}

Snapshot Analysis::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

std::vector<HopCost> Analysis::take_costs() {
  std::vector<HopCost> taken;
  taken.reserve(kCosts);
  const std::lock_guard lock(mutex_);
  std::swap(taken, costs_);
  return taken;
}

std::uint16_t Analysis::osc_port() const {
  const std::lock_guard lock(mutex_);
  return osc_port_;
}

std::vector<osc_io::TargetState> Analysis::targets() const {
  const std::lock_guard lock(mutex_);
  return targets_;
}

void Analysis::carry_out_wishes() {
  std::vector<std::function<void(Parts&)>> wishes;
  {
    const std::lock_guard lock(mutex_);
    if (stop_) loop_.stop();
    std::swap(wishes, wishes_);
  }
  for (const auto& wish : wishes) wish(parts_);
}

void Analysis::listen() {
  carry_out_wishes();
  std::array<float, audio::kHop> hop{};
  while (ring_.read(hop)) hear(hop);
  say_streams();
}

void Analysis::hear(std::span<const float, audio::kHop> hop) {
  const auto begun = platform::EventLoop::clock();
  if (begun - heard_at_ >= kForgottenAfter) parts_.analyzer.reset();
  heard_at_ = begun;
  fell_silent_ = false;
  const auto& features = parts_.analyzer.process(hop);
  const auto analyzed = platform::EventLoop::clock();
  const auto captured_at = ring_.captured_at();
  HopCost cost;
  cost.stages = parts_.analyzer.last_times();
  if (const auto events = parts_.voice.events(features, parts_.analyzer.feature_set(), analyzed); !events.empty()) {
    parts_.sender->send_together(events);
    cost.event_ms = milliseconds(platform::EventLoop::clock() - captured_at);
  }
  cost.osc = static_cast<std::uint32_t>((platform::EventLoop::clock() - analyzed).count());
  if (parts_.analyzer.all_moved()) {
    pending_.add({.due = pacer_.due(captured_at), .captured_at = captured_at, .features = features, .cost = cost});
  } else {
    keep(cost);
  }
  // Readers copy for a microsecond; should one hold it just now, they see this hop with the next.
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock) return;
  snapshot_.features = features;
  ++snapshot_.version;
  snapshot_.is_hearing = true;
}

void Analysis::say_streams() {
  const auto begun = platform::EventLoop::clock();
  if (auto next = pending_.take(begun)) {
    parts_.sender->stream(parts_.voice.streams(next->features, parts_.analyzer.feature_set(), begun));
    const auto sent = platform::EventLoop::clock();
    next->cost.osc += static_cast<std::uint32_t>((sent - begun).count());
    next->cost.stream_ms = milliseconds(sent - next->captured_at);
    keep(next->cost);
  }
  if (const auto due = pending_.next()) timer_.at(*due);
}

void Analysis::look_for_hops() {
  listen();  // where this process, or the machine, stood still, they are there already
  const auto now = platform::EventLoop::clock();
  if (now - heard_at_ < kSilentAfter) return;
  if (!std::exchange(fell_silent_, true)) return fall_silent(now);
  const auto due = parts_.voice.still_silent(parts_.analyzer.feature_set(), now);
  if (!due.empty()) parts_.sender->send_together(due);
}

void Analysis::fall_silent(Time now) {
  pending_.clear();
  parts_.sender->send_together(parts_.voice.silence(parts_.analyzer.feature_set(), now));
  const auto& heard = parts_.analyzer.features();
  const std::lock_guard lock(mutex_);
  snapshot_.features = {};
  snapshot_.features.beat.count = heard.beat.count;
  snapshot_.features.structure.drops = heard.structure.drops;
  ++snapshot_.version;
  snapshot_.is_hearing = false;
}

void Analysis::keep(const HopCost& cost) {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock) return;
  if (costs_.size() == kCosts) costs_.clear();  // nobody asks
  costs_.push_back(cost);
}

}  // namespace vj::audio_analyzer
