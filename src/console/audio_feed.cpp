#include "console/audio_feed.hpp"

#include <algorithm>
#include <utility>

#include "base/overloaded.hpp"
#include "wire/audio_payload.hpp"
#include "wire/names.hpp"

namespace vj::console {
namespace {

using wire::Value;

std::string failure_of(const Result<wire::Response>& answer) {
  if (!answer) return answer.error().message;
  return answer->status == wire::Status::kOk ? "" : answer->error.value_or("refused");
}

std::vector<AudioInputRow> inputs_from(const Value& devices) {
  std::vector<AudioInputRow> rows;
  if (devices.elements() == nullptr) return rows;
  for (const auto& each : *devices.elements()) {
    rows.push_back({.id = each["id"].string_or(""),
                    .name = each["name"].string_or(""),
                    .is_monitor = each["monitor"].boolean_or(false)});
  }
  return rows;
}

}  // namespace

void AudioFeed::on_registry() {
  if (!features_) return;
  auto analyzer = directory_.services();
  std::erase_if(analyzer.services,
                [](const bus::ServiceEntry& entry) { return entry.name != wire::service::kAudioAnalyzer; });
  features_->follow(analyzer);
}

void AudioFeed::on_telemetry(const wire::Telemetry& telemetry) {
  AudioNews news;
  if (telemetry.topic == wire::topic::kAudioStats) {
    news.stats = wire::audio_stats_from(telemetry.payload);
  } else if (telemetry.topic == wire::topic::kAudioBenchmark) {
    news.benchmark = wire::audio_report_from(telemetry.payload);
  } else {
    news.heard = HeardAudio{.features = wire::audio_features_from(telemetry.payload),
                            .key = telemetry.payload["key"].string_or("")};
  }
  mailbox_.put(std::move(news));
}

void AudioFeed::follow(bool on) {
  if (!on) return features_.reset();
  features_.emplace(context_, loop_, std::vector{std::string(wire::topic::kAudioFeatures)},
                    [this](const wire::Telemetry& telemetry, std::string_view) { on_telemetry(telemetry); });
  on_registry();
}

void AudioFeed::ask(const AudioWish& wish, std::string_view command, Value payload) {
  client_.send(wire::service::kAudioAnalyzer, command, std::move(payload),
               [this, wish](const Result<wire::Response>& answer) {
                 AudioNews news;
                 news.answers.push_back({.wish = wish, .failure = failure_of(answer)});
                 const bool lists = std::holds_alternative<ListAudioDevices>(wish);
                 if (lists && answer) news.inputs = inputs_from(answer->result["devices"]);
                 mailbox_.put(std::move(news));
               });
}

void AudioFeed::carry_out(const AudioWish& wish) {
  using namespace wire::command;
  std::visit(
      Overloaded{[&](const SetAudioToggle& each) {
                   const auto name = wire::kAudioToggleNames[static_cast<std::size_t>(each.toggle)];
                   ask(wish, kSetFeatures, Value::object({{std::string(name), each.on}}));
                 },
                 [&](const SetAudioDevice& each) { ask(wish, kSetDevice, Value::object({{"id", each.id}})); },
                 [&](const RunAudioBenchmark&) { ask(wish, kRunBenchmark, Value::object({{"duration_sec", 10}})); },
                 [&](const TapTempo&) { ask(wish, kTap, Value::object()); },
                 [&](const ScaleTempo& each) { ask(wish, kScaleTempo, Value::object({{"factor", each.factor}})); },
                 [&](const ListAudioDevices&) { ask(wish, kListDevices, Value::object()); },
                 [&](const FollowAudio& each) { follow(each.on); }},
      wish);
}

}  // namespace vj::console
