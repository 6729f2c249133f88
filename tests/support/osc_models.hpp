// The OSC screen's models that tests draw: the drawing of the guide, a busy show with trouble in it.
#pragma once

#include <string>
#include <utility>

#include "support/console_models.hpp"

namespace vj::testing {

inline const WallTime kOscTime{std::chrono::sys_days{std::chrono::year{2025} / 12 / 4} + 21h + 15min + 32s};

inline console::OscRow osc_row(std::uint64_t seq, WallTime time, std::string peer, std::string address,
                               std::string types, std::string arguments) {
  return {.run = 1,
          .seq = seq,
          .time = time,
          .is_out = peer.find(':') == std::string::npos,
          .peer = std::move(peer),
          .address = std::move(address),
          .types = std::move(types),
          .arguments = std::move(arguments)};
}

inline console::Model osc_model(console::Size size) {
  console::Model model = guide_model(size);
  model.screen = console::Screen::kOsc;
  model.osc_interest = console::OscInterest::kMessages;
  model.osc_stats =
      console::OscStats{.per_second = 412,
                        .out_per_second = 412,
                        .total = 18204,
                        .targets = {{"visuals", "127.0.0.1:9000", true, ""}, {"resolume", "127.0.0.1:7000", true, ""}},
                        .tap = 9100};
  return model;
}

// What the guide's drawing shows.
inline console::Model guide_osc_model(console::Size size) {
  console::Model model = osc_model(size);
  const auto add = [&](std::uint64_t seq, Duration later, std::string address, std::string types,
                       std::string arguments) {
    model.osc.add(
        osc_row(seq, kOscTime + later, "visuals", std::move(address), std::move(types), std::move(arguments)));
  };
  add(1, -50ms, "/karaoke/lyric/current", "ss",
      R"(["All we need is ONE more night", "Dance until the morning comes"])");
  add(2, 398ms, "/audio/levels", "ffffffff", "[0.78, 0.45, 0.32, 0.45, 0.4, 0.33, 0.32, 0.82]");
  add(3, 402ms, "/audio/beat", "if", "[1, 128.0]");
  add(4, 480ms, "/vj/mood", "s", "energetic");
  add(5, 481ms, "/karaoke/categories", "fffffffffffff",
      "[0.85, 0.72, 0.68, 0.45, 0.41, 0.38, 0.2, 0.18, 0.12, 0.1, 0.05, 0.04, 0.02]");
  return model;
}

// Messages both ways, one that is malformed, others that are odd, a target that is not there and one that is off.
inline console::Model troubled_osc_model(console::Size size) {
  console::Model model = guide_osc_model(size);
  auto& stats = *model.osc_stats;
  stats.per_second = 512;
  stats.dropped = 1204;
  stats.malformed = 1;
  stats.rates = {{"/audio/levels", 86.2}, {"/audio/beat", 4.2}};
  stats.targets[1].problem = "nobody there";
  stats.targets.push_back({"lights", "192.0.2.20:9001", false, ""});
  model.osc.add(osc_row(6, kOscTime + 500ms, "192.0.2.7:52011", "/1/fader3", "f", "0.503"));
  auto malformed = osc_row(7, kOscTime + 600ms, "127.0.0.1:4000", "", "", "");
  malformed.error = "type tag string not terminated";
  malformed.packet = "2f 78 00 00 2c 69";
  model.osc.add(malformed);
  auto tagged = osc_row(8, kOscTime + 700ms, "127.0.0.1:4000", "/cue", "i", "7");
  tagged.time_tag = "2025-12-04T21:15:33.000Z";
  model.osc.add(tagged);
  auto untyped = osc_row(9, kOscTime + 800ms, "127.0.0.1:4000", "/old/style", "", "");
  untyped.note = "no type tags, 8 bytes not read";
  untyped.packet = "2f 6f 6c 64 2f 73 74 79 6c 65 00 00 00 00 00 01 00 00 00 02";
  model.osc.add(untyped);
  model.osc.add(osc_row(10, kOscTime + 900ms, "visuals,resolume", "/karaoke/a/very/long/address/that/goes/on", "s",
                        "日本語のとても長い歌の歌詞の行"));
  model.osc.miss(35);
  return model;
}

}  // namespace vj::testing
