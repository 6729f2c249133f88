#include "workers/audio_analyzer/analysis.hpp"

#include <array>
#include <utility>

namespace vj::audio_analyzer {

namespace {

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
      pacer_(from_seconds(2 * audio::kHop / static_cast<double>(config.audio.sample_rate))) {
  parts_.sender = &sender_;
  parts_.analyzer.measure_with(nanoseconds);
  snapshot_.on = features;
  targets_ = sender_.targets();
  osc_port_ = sender_.port();
  costs_.reserve(kCosts);
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
  while (ring_.read(hop)) {
    const auto& features = parts_.analyzer.process(hop);
    const auto analyzed = platform::EventLoop::clock();
    parts_.sender->send_together(parts_.voice.events(features, parts_.analyzer.feature_set(), analyzed));
    const auto sent = platform::EventLoop::clock();
    const auto captured_at = ring_.captured_at();
    const HopCost cost{.stages = parts_.analyzer.last_times(),
                       .osc = static_cast<std::uint32_t>((sent - analyzed).count()),
                       .latency_ms = static_cast<float>(to_seconds(sent - captured_at) * 1000)};
    const bool streams_follow = parts_.analyzer.all_moved();
    if (streams_follow) pending_.emplace_back(pacer_.due(captured_at), features, cost);

    // Readers copy for a microsecond; should one hold it just now, they see this hop with the next.
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock) continue;
    if (!streams_follow) keep(cost);
    snapshot_.features = features;
    snapshot_.on = parts_.analyzer.feature_set();
    ++snapshot_.frames;
    snapshot_.at = sent;
  }
  say_streams();
}

void Analysis::say_streams() {
  for (; !pending_.empty(); pending_.pop_front()) {
    auto& next = pending_.front();
    const auto begun = platform::EventLoop::clock();
    if (next.due > begun) {
      timer_.at(next.due);
      return;
    }
    parts_.sender->stream(parts_.voice.streams(next.features, parts_.analyzer.feature_set(), begun));
    next.cost.osc += static_cast<std::uint32_t>((platform::EventLoop::clock() - begun).count());
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (lock) keep(next.cost);
  }
}

void Analysis::keep(const HopCost& cost) {
  if (costs_.size() == kCosts) costs_.clear();  // nobody asks
  costs_.push_back(cost);
}

}  // namespace vj::audio_analyzer
