#include "workers/audio_analyzer/statistics.hpp"

#include <algorithm>
#include <numeric>

#include "base/format.hpp"

namespace vj::audio_analyzer {

namespace {

constexpr double kExcellent = 15, kGood = 30;  // milliseconds, at the 95th percentile
constexpr double kAway = 0.5;                  // seconds that may be missing

std::string likely_cause(const Report& r, double hop_microseconds) {
  if (r.overruns > 0) return vj::format("{} blocks were lost: the machine is too busy to listen", r.overruns);
  if (r.total.p99 > hop_microseconds) {
    return vj::format("the analysis takes {:.0f} µs where a frame lasts {:.0f}: switch features off", r.total.p99,
                      hop_microseconds);
  }
  if (r.latency.median > kGood) {
    return vj::format("the sound server hands out large blocks ({:.0f} ms at the median)", r.latency.median);
  }
  return vj::format("the machine is busy at times (median {:.1f} ms, p95 {:.1f} ms)", r.latency.median, r.latency.p95);
}

}  // namespace

Percentiles percentiles(std::vector<float> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const auto at = [&](double share) {
    return static_cast<double>(values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))]);
  };
  return {.least = at(0), .median = at(0.5), .p95 = at(0.95), .p99 = at(0.99), .most = at(1)};
}

Report report(const std::vector<HopCost>& hops, Duration measured, std::uint64_t overruns, double sample_rate) {
  const double hop_seconds = static_cast<double>(audio::kHop) / sample_rate;
  Report r;
  r.seconds = to_seconds(measured);
  r.frames = hops.size();
  r.overruns = overruns;
  if (hops.empty()) {
    r.cause = "no sound came in: is the device there, and is anything playing?";
    return r;
  }
  r.frames_per_second = static_cast<double>(hops.size()) / std::max(r.seconds, 1e-9);
  constexpr auto kFirstOfSecondHops = static_cast<std::size_t>(audio::Stage::kBeat);
  for (std::size_t stage = 0; stage <= audio::kStages; ++stage) {
    std::vector<float> costs;
    for (const auto& hop : hops) {
      const bool second_hop = std::accumulate(hop.stages.begin() + kFirstOfSecondHops, hop.stages.end(), 0U) > 500;
      if (stage >= kFirstOfSecondHops && stage < audio::kStages && !second_hop) continue;
      costs.push_back(static_cast<float>(stage < audio::kStages ? hop.stages[stage] : hop.osc) / 1000);
    }
    r.stages[stage] = percentiles(std::move(costs));
  }
  std::vector<float> totals, latencies;
  for (const auto& hop : hops) {
    totals.push_back(static_cast<float>(std::accumulate(hop.stages.begin(), hop.stages.end(), hop.osc)) / 1000);
    for (const float latency : {hop.event_ms, hop.stream_ms}) {
      if (latency >= 0) latencies.push_back(latency);
    }
  }
  r.total = percentiles(std::move(totals));
  r.latency = percentiles(std::move(latencies));
  const double missing = r.seconds - static_cast<double>(r.frames + r.overruns) * hop_seconds;
  if (missing > kAway) {
    r.away = missing;
    r.cause = vj::format("the input was away for {:.1f} of {:.1f} s", r.away, r.seconds);
    return r;
  }
  r.verdict = r.latency.p95 < kExcellent ? "excellent" : r.latency.p95 < kGood ? "good" : "high";
  if (r.verdict == "high" || r.overruns > 0) r.cause = likely_cause(r, hop_seconds * 1e6);
  return r;
}

}  // namespace vj::audio_analyzer
