#include "workers/audio_analyzer/statistics.hpp"

#include <algorithm>
#include <numeric>

#include "base/format.hpp"

namespace vj::audio_analyzer {

namespace {

constexpr double kExcellent = 15, kGood = 30;  // milliseconds, at the 95th percentile
constexpr double kHopMicroseconds = 256.0 / 44100 * 1e6;

std::string likely_cause(const Report& r) {
  if (r.overruns > 0) return vj::format("{} blocks were lost: the machine is too busy to listen", r.overruns);
  if (r.total.p99 > kHopMicroseconds) {
    return vj::format("the analysis takes {:.0f} µs where a frame lasts {:.0f}: switch features off", r.total.p99,
                      kHopMicroseconds);
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

Report report(const std::vector<HopCost>& hops, Duration measured, std::uint64_t overruns) {
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
    latencies.push_back(hop.latency_ms);
  }
  r.total = percentiles(std::move(totals));
  r.latency = percentiles(std::move(latencies));
  r.verdict = r.latency.p95 < kExcellent ? "excellent" : r.latency.p95 < kGood ? "good" : "high";
  if (r.verdict == "high" || r.overruns > 0) r.cause = likely_cause(r);
  return r;
}

}  // namespace vj::audio_analyzer
