#include "workers/audio_analyzer/audio_analyzer.hpp"

#include <cmath>
#include <memory>
#include <utility>

#include "base/format.hpp"
#include "osc_out/osc_output.hpp"
#include "platform/chosen_audio_device.hpp"
#include "wire/audio_payload.hpp"
#include "wire/names.hpp"
#include "workers/audio_analyzer/config_change.hpp"
#include "workers/audio_analyzer/wire_report.hpp"

namespace vj::audio_analyzer {

namespace {

using wire::Value;

constexpr Duration kFeaturesEvery = std::chrono::nanoseconds(1'000'000'000 / 30);
constexpr Duration kLogEvery = 100ms;  // where nobody listens to features
constexpr Duration kStatisticsEvery = 1s;
constexpr Duration kLookAgainEvery = 5s;
constexpr double kShortest = 1, kUsual = 10, kLongest = 120;  // seconds of a benchmark

// Of what was switched while the system ran; what cannot be read is no switch, and a line in the log.
platform::Switches switches_of(bus::WorkerHost& host, const Result<platform::Switches>& kept) {
  if (kept) return *kept;
  host.log().warning("{}", kept.error().message);
  return {};
}

Toggles first_toggles(bus::WorkerHost& host) {
  Toggles toggles(host.config().audio.features, switches_of(host, read_switched_toggles(host.home())));
  std::string switched;
  for (const auto& [name, on] : toggles.switched()) switched += vj::format(", {} {}", name, on ? "on" : "off");
  if (!switched.empty()) host.log().info("as switched while the system ran: {}", switched.substr(2));
  return toggles;
}

std::string first_device(bus::WorkerHost& host) {
  auto chosen = platform::read_chosen_audio_device(host.home());
  if (!chosen) host.log().warning("{}", chosen.error().message);
  if (!chosen || !*chosen) return host.config().audio.device;
  if (**chosen != host.config().audio.device) {
    host.log().info("audio input: {}, which was chosen while the system ran, instead of {} of the configuration",
                    **chosen, host.config().audio.device);
  }
  return **chosen;
}

Value device_value(const platform::AudioDevice& device) {
  return Value::object(
      {{"id", device.id}, {"name", device.name}, {"monitor", device.monitor}, {"default", device.is_default}});
}

}  // namespace

AudioAnalyzer::AudioAnalyzer(bus::WorkerHost& host)
    : host_(host),
      toggles_(first_toggles(host)),
      osc_news_(host.loop().waker([this] { tell_osc(); })),
      analysis_(host.config(), switches_of(host, osc_io::read_target_switches(host.home())), toggles_.features(),
                [this] { osc_news_.wake(); }),
      keeper_(host.loop(), first_device(host), host.config().audio.sample_rate, analysis_.ring(), analysis_.wake(),
              [this](const InputState& state) { note_input(state); }),
      features_timer_(host.loop().timer([this] { tell_features(); })),
      statistics_timer_(host.loop().timer([this] { tell_statistics(); })),
      benchmark_timer_(host.loop().timer([this] { finish_benchmark(); })),
      second_since_(host.loop().now()),
      tap_(host.config().osc.tap) {
  host_.set_degraded(keeper_.state().reason);
  tell_osc();
  host_.follow_registry([this](const bus::RegistrySnapshot& services) { follow_debugger(services); });
  features_timer_.every(kLogEvery);
  statistics_timer_.every(kStatisticsEvery);
  answer_commands();
}

void AudioAnalyzer::answer_commands() {
  host_.on_command(wire::command::kListDevices, [this](bus::Request request) {
    auto shared = std::make_shared<bus::Request>(std::move(request));
    keeper_.list([this, shared](const DeviceKeeper::Devices& devices) {
      if (!devices) return shared->fail(devices.error().message);
      auto list = Value::array();
      for (const auto& device : *devices) list.append(device_value(device));
      const auto& current = keeper_.state().device;
      shared->reply(Value::object({{"devices", std::move(list)},
                                   {"wanted", keeper_.wanted()},
                                   {"current", current ? Value(current->id) : Value()}}));
    });
  });
  host_.on_command(wire::command::kSetDevice, [this](bus::Request request) {
    const auto* id = request.payload()["id"].string();
    if (id == nullptr || !platform::is_audio_device_name(*id))
      return request.fail("set_device needs a string 'id' (\"auto\", an id, a name or \"file:PATH\")");
    auto shared = std::make_shared<bus::Request>(std::move(request));
    set_device(*id, [shared, id = *id](const InputState& state) {
      shared->reply(Value::object(
          {{"device", id}, {"current", state.device ? Value(state.device->id) : Value()}, {"reason", state.reason}}));
    });
  });
  host_.on_command(wire::command::kSetFeatures, [this](bus::Request request) {
    const auto switches = feature_switches_from(request.payload());
    if (!switches) return request.fail(switches.error().message);
    switch_features(*switches);
    request.reply(toggles_.to_value());
  });
  host_.on_command(wire::command::kGetFeatures, [this](bus::Request request) {
    const auto snapshot = analysis_.snapshot();
    auto value = wire::to_value(snapshot.features, snapshot.features.beat.count, snapshot.features.structure.drops);
    value.set("features", toggles_.to_value());
    request.reply(std::move(value));
  });
  host_.on_command(wire::command::kRunBenchmark, [this](bus::Request request) { run_benchmark(std::move(request)); });
  host_.on_command(wire::command::kTap, [this](bus::Request request) {
    const Time tapped = platform::EventLoop::clock();
    if (const auto why = why_no_beat(); !why.empty()) return request.fail(why);
    analysis_.post(
        [tapped](Analysis::Parts& parts) { parts.analyzer.tap(to_seconds(platform::EventLoop::clock() - tapped)); });
    request.reply(Value::object({{"tapped", true}}));
  });
  host_.on_command(wire::command::kScaleTempo, [this](bus::Request request) {
    const double factor = request.payload()["factor"].number_or(0);
    if (factor != 2 && factor != 0.5) return request.fail("scale_tempo needs a 'factor' of 0.5 or 2");
    if (const auto why = why_no_beat(); !why.empty()) return request.fail(why);
    if (analysis_.snapshot().features.beat.bpm <= 0)
      return request.fail("no tempo is followed yet: wait for one, or tap it");
    analysis_.post([factor](Analysis::Parts& parts) { parts.analyzer.scale_tempo(factor); });
    request.reply(Value::object({{"factor", factor}}));
  });
}

std::string AudioAnalyzer::why_no_beat() const {
  if (!keeper_.state().device) return keeper_.state().reason;
  if (!toggles_[wire::AudioToggle::kBeat]) return "beat is off: switch it on with set_features {\"beat\": true}";
  return analysis_.snapshot().features.silent ? "nothing is heard: play something first" : "";
}

void AudioAnalyzer::set_device(std::string device, DeviceKeeper::Changed answered) {
  if (const auto kept = platform::write_chosen_audio_device(host_.home(), device); !kept)
    host_.log().warning("{}", kept.error().message);
  host_.log().info("audio input: {}", device);
  keeper_.want(std::move(device), std::move(answered));
}

void AudioAnalyzer::switch_features(const platform::Switches& switches) {
  toggles_.apply(switches);
  if (const auto kept = write_switched_toggles(host_.home(), toggles_.switched()); !kept)
    host_.log().warning("{}", kept.error().message);
  analysis_.post([features = toggles_.features()](Analysis::Parts& parts) { parts.analyzer.set_features(features); });
  tell_statistics();
}

Result<bool> AudioAnalyzer::set_config(const Value& changes) {
  auto change = config_change_from(changes, analysis_.targets());
  if (!change) return std::unexpected(change.error());
  for (const auto& [name, on] : change->targets) {
    // The name was looked up, and targets never go while the worker lives.
    analysis_.post([name, on](Analysis::Parts& parts) { (void)parts.sender->switch_target(name, on); });
  }
  if (!change->features.empty()) switch_features(change->features);
  if (change->device) set_device(std::move(*change->device));
  return false;
}

void AudioAnalyzer::note_input(const InputState& state) {
  has_looked_ = true;
  if (state.device) {
    // Two inputs may have the same name, as two equal sound cards have.
    const auto& device = *state.device;
    host_.log().info("listening to {}{}", device.name, device.id == device.name ? "" : vj::format(" ({})", device.id));
    host_.set_running();
  } else {
    host_.log().warning("{}", state.reason);
    host_.set_degraded(state.reason);
  }
  tell_statistics();
}

void AudioAnalyzer::tell_features() {
  const bool is_wanted = host_.publisher().is_wanted(wire::topic::kAudioFeatures);
  if (std::exchange(features_wanted_, is_wanted) != is_wanted) {
    features_timer_.every(is_wanted ? kFeaturesEvery : kLogEvery);
  }
  collect();
  const auto snapshot = analysis_.snapshot();
  if (std::exchange(is_hearing_, snapshot.is_hearing) != is_hearing_) note_hearing();
  if (snapshot.version == version_told_) return;  // nothing new was heard, and old news would look alive
  version_told_ = snapshot.version;
  const auto& f = snapshot.features;
  if (is_wanted) {
    host_.publisher().publish(wire::topic::kAudioFeatures, wire::to_value(f, beats_told_, drops_told_));
  }
  for (const auto& line : hearing_log_.lines(f, host_.loop().now())) {
    if (toggles_[wire::AudioToggle::kLogging]) host_.log().info("{}", line);
  }
  beats_told_ = f.beat.count;
  drops_told_ = f.structure.drops;
  host_.made_progress();
}

// An input whose server has died brings nothing, seconds before it is given up: until then nothing stands as if all
// were well.
void AudioAnalyzer::note_hearing() {
  if (const auto& device = keeper_.state().device; device && is_hearing_) {
    host_.set_running();
  } else if (device) {
    host_.set_degraded(vj::format("nothing comes from the audio input '{}'", device->name));
  }
  tell_statistics();
}

void AudioAnalyzer::collect() {
  auto hops = analysis_.take_costs();
  second_.insert(second_.end(), hops.begin(), hops.end());
  if (benchmark_) benchmark_->hops.insert(benchmark_->hops.end(), hops.begin(), hops.end());
}

void AudioAnalyzer::tell_statistics() {
  collect();
  const Time now = host_.loop().now();
  if (const auto passed = now - second_since_; passed >= kStatisticsEvery / 2) {
    const auto overruns = analysis_.overruns();
    report_ = report(second_, passed, overruns - overruns_told_, sample_rate());
    overruns_told_ = overruns;
    second_.clear();
    second_since_ = now;
  }
  look_for_better_input(now);
  host_.publisher().publish_state(wire::topic::kAudioStats, statistics());
}

// By which the debugger knows what is ours, whom it was for, and who is not there.
void AudioAnalyzer::tell_osc() {
  host_.set_metadata(wire::metadata::kOscPort, analysis_.osc_port());
  host_.set_metadata(wire::metadata::kOscTargets, osc_out::targets_value(analysis_.targets()));
}

void AudioAnalyzer::follow_debugger(const bus::RegistrySnapshot& services) {
  const auto tap = osc_out::tap_in(services, host_.config().osc.tap);
  if (std::exchange(tap_, tap) == tap) return;
  analysis_.post([tap](Analysis::Parts& parts) { parts.sender->set_tap(tap); });
}

// A default output that moves elsewhere leaves its monitor silent, and an input that was taken for want of a monitor is
// only second best: nobody tells us when there is something better.
void AudioAnalyzer::look_for_better_input(Time now) {
  const auto& device = keeper_.state().device;
  const bool is_content = !device || (device->monitor && !analysis_.snapshot().features.silent);
  if (is_content) looked_at_ = now;
  if (now - looked_at_ < kLookAgainEvery) return;
  looked_at_ = now;
  keeper_.look_again();
}

double AudioAnalyzer::sample_rate() const { return static_cast<double>(host_.config().audio.sample_rate); }

Value AudioAnalyzer::statistics() const {
  const auto& state = keeper_.state();
  const auto heard = analysis_.snapshot().features;
  wire::AudioStats stats{.device = state.device ? state.device->name : "",
                         .device_id = state.device ? state.device->id : "",
                         .wanted = keeper_.wanted(),
                         .reason = state.reason,
                         .sample_rate = host_.config().audio.sample_rate,
                         .on = toggles_.all(),
                         .bpm = state.device ? static_cast<double>(heard.beat.bpm) : 0,
                         .bpm_confidence = state.device ? static_cast<double>(heard.beat.confidence) : 0,
                         .silent = state.device && heard.silent,
                         .benchmarking = benchmark_.has_value(),
                         .report = wire_report(report_)};
  stats.report.overruns = analysis_.overruns();
  auto value = wire::to_value(stats);
  auto targets = Value::array();
  for (const auto& target : analysis_.targets()) {
    targets.append(Value::object({{"name", target.name},
                                  {"address", target.address},
                                  {"enabled", target.enabled},
                                  {"problem", target.problem}}));
  }
  value.set("targets", std::move(targets));
  return value;
}

void AudioAnalyzer::run_benchmark(bus::Request request) {
  const bool is_given = request.payload().contains("duration_sec");
  const double seconds = request.payload()["duration_sec"].number_or(is_given ? 0 : kUsual);
  if (seconds < kShortest || seconds > kLongest) {
    return request.fail("'duration_sec' must be a number from 1 to 120");
  }
  if (has_looked_ && !keeper_.state().device) {
    return request.fail("there is nothing to measure: " + keeper_.state().reason);
  }
  const Time now = host_.loop().now();
  if (benchmark_) {
    return request.fail(vj::format("a benchmark is running already; its result comes on {} in {:.0f} s",
                                   wire::topic::kAudioBenchmark, std::ceil(to_seconds(benchmark_->until - now))));
  }
  collect();
  benchmark_ = Benchmark{
      .since = now, .until = now + from_seconds(seconds), .hops = {}, .overruns_before = analysis_.overruns()};
  benchmark_timer_.at(benchmark_->until);
  host_.log().info("benchmark over {:.0f} seconds", seconds);
  tell_statistics();
  // The result comes on audio.benchmark; who asks is not kept waiting longer than a command may take.
  request.reply(Value::object({{"started", true}, {"duration_sec", seconds}}));
}

void AudioAnalyzer::finish_benchmark() {
  collect();
  const auto done = *std::exchange(benchmark_, std::nullopt);
  const auto r =
      report(done.hops, host_.loop().now() - done.since, analysis_.overruns() - done.overruns_before, sample_rate());
  host_.log().info("benchmark: {}, capture to OSC {:.1f} ms, p99 {:.1f} ms{}{}",
                   r.verdict.empty() ? "no verdict" : r.verdict, r.latency.median, r.latency.p99,
                   r.cause.empty() ? "" : ": ", r.cause);
  auto value = wire::to_value(wire_report(r));
  const auto& device = keeper_.state().device;
  value.set("device", device ? Value(device->name) : Value());
  value.set("features", toggles_.to_value());
  host_.publisher().publish_state(wire::topic::kAudioBenchmark, value);
  tell_statistics();
}

Value AudioAnalyzer::settings() const {
  return Value::object({{"device", keeper_.wanted()},
                        {"sample_rate", host_.config().audio.sample_rate},
                        {"features", toggles_.to_value()}});
}

Value AudioAnalyzer::metrics() const { return statistics(); }

}  // namespace vj::audio_analyzer
