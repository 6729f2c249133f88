// analyze: what the analyzer would have said of files, by the code that listens live. devices: what it could hear.
#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

#include "audio/analyzer.hpp"
#include "base/format.hpp"
#include "base/text.hpp"
#include "ctl/analysis_files.hpp"
#include "ctl/commands.hpp"
#include "ctl/session.hpp"
#include "platform/audio_file.hpp"
#include "platform/audio_input.hpp"
#include "wire/json.hpp"

namespace vj::ctl {
namespace {

using wire::Value;

constexpr Duration kServerAnswersWithin = 3s;
// The pitch told belongs to the middle of the 2048 samples that it was found in.
constexpr double kPitchAgo = 1024;  // samples

struct Heard {
  std::string beats, tempo, pitch, structure;  // one event or value a line, as the files of --out
  std::vector<double> drops;                   // seconds
  std::vector<float> tempos;                   // BPM, while one was followed
  std::uint64_t beat_count = 0;
  std::string key;
  double seconds = 0;
};

Heard listen(platform::AudioFile& file, double rate) {
  audio::Analyzer analyzer({.sample_rate = rate});
  Heard heard;
  std::array<float, audio::kHop> hop{};
  std::uint64_t hops = 0;
  bool building = false;
  while (file.read(hop) == hop.size()) {
    const auto& now = analyzer.process(hop);
    const double time = static_cast<double>(++hops * audio::kHop) / rate;
    heard.seconds = time;
    if (now.beat.now) heard.beats += format("{:.5f} {:.5f}\n", time, time + now.beat.offset);
    if (now.structure.drop) {
      heard.structure += format("{:.3f} drop 1\n", time);
      heard.drops.push_back(time);
    }
    if (now.structure.build_up != building) {
      building = now.structure.build_up;
      heard.structure += format("{:.3f} buildup_{} {:.3f}\n", time, building ? "on" : "off", now.structure.tension);
    }
    if (hops % 2 != 0) continue;
    heard.pitch += format("{:.4f} {:.3f} {:.3f}\n", time - kPitchAgo / rate, now.pitch.hertz, now.pitch.confidence);
    if (hops % 16 != 0) continue;
    heard.tempo += format("{:.4f} {:.3f} {:.4f}\n", time, now.beat.bpm, now.beat.confidence);
    if (now.beat.bpm > 0) heard.tempos.push_back(now.beat.bpm);
  }
  heard.beat_count = analyzer.features().beat.count;
  heard.key = analyzer.features().descriptors.key;
  return heard;
}

double usual_tempo(std::vector<float> tempos) {
  if (tempos.empty()) return 0;
  const auto middle = tempos.begin() + static_cast<std::ptrdiff_t>(tempos.size() / 2);
  std::ranges::nth_element(tempos, middle);
  return static_cast<double>(*middle);
}

Result<void> write_files(const Heard& heard, const platform::Path& folder, const std::string& name) {
  for (const auto& [ending, text] : {std::pair{"beats", &heard.beats},
                                     {"tempo", &heard.tempo},
                                     {"pitch", &heard.pitch},
                                     {"struct", &heard.structure}}) {
    if (auto written = write_result_file(folder / format("{}.{}", name, ending), *text); !written) return written;
  }
  return {};
}

Result<void> analyze(Session& session, const std::string& path, int rate, const std::optional<std::string>& out) {
  auto file = platform::AudioFile::open(path, rate, platform::AudioFile::Takes::kPipesToo);
  if (!file) return std::unexpected(file.error());
  const auto heard = listen(*file, rate);
  if (out) {
    if (auto written = write_files(heard, *out, result_name(path)); !written) return written;
  }
  const double bpm = usual_tempo(heard.tempos);
  if (session.json()) {
    auto drops = Value::array();
    for (const double drop : heard.drops) drops.append(drop);
    session.print_line(wire::to_json(Value::object({{"file", path},
                                                    {"seconds", heard.seconds},
                                                    {"bpm", bpm > 0 ? Value(bpm) : Value()},
                                                    {"beats", heard.beat_count},
                                                    {"key", heard.key.empty() ? Value() : Value(heard.key)},
                                                    {"drops", std::move(drops)}})));
    return {};
  }
  std::string drops;
  for (const double drop : heard.drops) drops += format("{}{:.1f} s", drops.empty() ? "" : ", ", drop);
  session.print_line(format("{}: {}, {} beats, key {}, drops {}", with_escapes(path),
                            bpm > 0 ? format("{:.1f} BPM", bpm) : "no beat", heard.beat_count,
                            heard.key.empty() ? "unknown" : heard.key, drops.empty() ? "none" : drops));
  return {};
}

int run_analyze(Session& session, const CommandLine& line) {
  const auto config = session.load_config();
  if (!config) {
    session.complain(config::to_string(config.error()));
    return kExitConfiguration;
  }
  const auto out = line.value("--out");
  if (out) {
    if (const auto clash = result_clash(line.words)) return session.wrong_usage(*clash);
    std::error_code problem;
    std::filesystem::create_directories(*out, problem);
    if (problem) {
      session.complain(format("cannot make the folder {}: {}", *out, problem.message()));
      return kExitFailed;
    }
  }
  int code = kExitDone;
  for (const auto& path : line.words) {
    if (const auto done = analyze(session, path, config->audio.sample_rate, out); !done) {
      session.complain(with_escapes(done.error().message));
      code = kExitFailed;
    }
  }
  return code;
}

int run_devices(Session& session, const CommandLine&) {
  const auto devices = platform::audio_devices_within(kServerAnswersWithin);
  if (!devices) {
    session.complain(devices.error().message);
    return kExitFailed;
  }
  if (session.json()) {
    auto list = Value::array();
    for (const auto& device : *devices) {
      list.append(Value::object(
          {{"id", device.id}, {"name", device.name}, {"monitor", device.monitor}, {"default", device.is_default}}));
    }
    session.print_line(wire::to_json(Value::object({{"devices", std::move(list)}})));
  }
  // No device at all: the reason is the same one that doctor has, and the analyzer.
  if (const auto any = platform::choose_audio_device("auto", *devices); !any) {
    session.complain(any.error().message);
    return kExitFailed;
  }
  if (session.json()) return kExitDone;
  for (const auto& device : *devices) {
    session.print_line(format("{} {}  ({}{})", device.is_default ? "*" : " ", printable(device.name),
                              printable(device.id), device.monitor ? ", hears an output" : ""));
  }
  return kExitDone;
}

}  // namespace

std::vector<CommandSpec> audio_commands() {
  return {{.name = "analyze",
           .synopsis = "FILE… [--out DIR]",
           .summary = "Tell tempo, key and drops of sound files, as the analyzer would have heard them",
           .details = "At the sample_rate of [audio]. --out also writes NAME.beats, .tempo, .pitch and .struct.",
           .fewest_words = 1,
           .most_words = 100000,
           .options = {{"--out", "DIR", "also write what was heard, moment by moment"}},
           .run = run_analyze},
          {.name = "devices",
           .synopsis = "",
           .summary = "List audio inputs; * marks the defaults",
           .details = "",
           .options = {},
           .run = run_devices}};
}

}  // namespace vj::ctl
