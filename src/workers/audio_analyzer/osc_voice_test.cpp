#include "workers/audio_analyzer/osc_voice.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace vj;
using namespace vj::audio_analyzer;

namespace {

std::string address_of(std::string_view packet) { return std::string(packet.substr(0, packet.find('\0'))); }

std::vector<std::string> addresses(OscVoice::Messages messages) {
  std::vector<std::string> list;
  for (const auto packet : messages) list.push_back(address_of(packet));
  std::ranges::sort(list);
  return list;
}

// The first argument of a message whose first is an int.
int first_int(std::string_view packet) {
  const auto address_end = (packet.find('\0') / 4 + 1) * 4;
  const auto tags_end = address_end + (packet.substr(address_end).find('\0') / 4 + 1) * 4;
  return packet[tags_end + 3];
}

std::string types_of(std::string_view packet) {
  const auto comma = packet.find(',');
  return std::string(packet.substr(comma + 1, packet.find('\0', comma) - comma - 1));
}

// By address, the type tags of what a hop says.
std::map<std::string, std::string> said(OscVoice& voice, const audio::Features& features, const audio::FeatureSet& on,
                                        Time now) {
  std::map<std::string, std::string> out;
  for (const auto packet : voice.events(features, on, now)) out[address_of(packet)] = types_of(packet);
  for (const auto packet : voice.streams(features, on, now)) out[address_of(packet)] = types_of(packet);
  return out;
}

using Addresses = std::vector<std::string>;
constexpr audio::FeatureSet kNone{
    .descriptors = false, .pitch = false, .beat = false, .structure = false, .spectrum = false};
constexpr Duration kHopTime = 5805us;
constexpr Time kStart = Time(100s);

}  // namespace

TEST_CASE("every address of the reference is said with its types") {
  OscVoice voice;
  audio::Features features;
  features.onset.now = features.beat.now = true;
  features.beat.bpm = 128;
  features.descriptors.key = "A minor";
  std::map<std::string, std::string> all;
  for (int hop = 0; hop < 2; ++hop) all.merge(said(voice, features, {}, kStart + hop * kHopTime));
  CHECK(all == std::map<std::string, std::string>{{"/audio/pulse", "fff"},
                                                  {"/audio/levels", "ffffffff"},
                                                  {"/audio/spectrum", std::string(32, 'f')},
                                                  {"/audio/beat", "iffif"},
                                                  {"/audio/phase", "ff"},
                                                  {"/audio/bpm", "ff"},
                                                  {"/audio/onset", "f"},
                                                  {"/audio/pitch", "ff"},
                                                  {"/audio/structure", "iifffi"},
                                                  {"/audio/descriptors", "ffffff"},
                                                  {"/audio/key", "sf"}});
}

TEST_CASE("a toggle that is off silences its addresses and no other") {
  struct Case {
    audio::FeatureSet on;
    std::vector<std::string> silent;
  };
  const std::vector<Case> cases{{{.descriptors = false}, {"/audio/descriptors", "/audio/key"}},
                                {{.pitch = false}, {"/audio/pitch"}},
                                {{.beat = false}, {"/audio/beat", "/audio/phase", "/audio/bpm", "/audio/onset"}},
                                {{.structure = false}, {"/audio/structure"}},
                                {{.spectrum = false}, {"/audio/spectrum"}}};
  for (const auto& [on, silent] : cases) {
    OscVoice voice;
    audio::Features features;
    features.onset.now = features.beat.now = true;
    features.descriptors.key = "A minor";
    std::map<std::string, std::string> all;
    for (int hop = 0; hop < 2; ++hop) all.merge(said(voice, features, on, kStart + hop * kHopTime));
    CHECK(all.size() == 11 - silent.size());
    for (const auto& address : silent) CHECK(!all.contains(address));
  }
}

TEST_CASE("a beat is said once, and its fall 80 ms later") {
  OscVoice voice;
  audio::Features features;
  features.beat.now = true;
  int ones = 0;
  Time fell{};
  for (int hop = 0; hop < 60; ++hop) {
    const Time now = kStart + hop * kHopTime;
    for (const auto packet : voice.events(features, {}, now)) {
      if (address_of(packet) != "/audio/beat") continue;
      if (first_int(packet) == 1) ++ones;
      if (first_int(packet) == 0) fell = now;
    }
    features.beat.now = false;
  }
  CHECK(ones == 1);
  CHECK(fell - kStart >= 80ms);
  CHECK(fell - kStart < 90ms);
}

TEST_CASE("levels are said every second hop, and the tempo at least once a second though nothing changes") {
  OscVoice voice;
  const audio::Features features;
  int levels = 0, tempo = 0, structure = 0;
  for (int hop = 0; hop < 861; hop += 2) {  // five seconds
    const auto now = said(voice, features, {}, kStart + hop * kHopTime);
    levels += now.contains("/audio/levels") ? 1 : 0;
    tempo += now.contains("/audio/bpm") ? 1 : 0;
    structure += now.contains("/audio/structure") ? 1 : 0;
  }
  CHECK(levels == 431);
  CHECK(tempo == 5);
  CHECK(structure >= 50);
}

TEST_CASE("a drop is said in the hop in which it falls") {
  OscVoice voice;
  audio::Features features;
  (void)said(voice, features, {}, kStart);
  features.structure.drop = true;
  CHECK(voice.events(features, {}, kStart + kHopTime).size() == 1);
  features.structure.drop = false;
  CHECK(!said(voice, features, {}, kStart + 2 * kHopTime).contains("/audio/structure"));
}

TEST_CASE("a part that is switched off is closed with one message each, and then silent") {
  OscVoice voice;
  audio::Features features;
  features.beat.now = true;
  features.structure.build_up = true;
  features.descriptors.key = "A minor";
  (void)said(voice, features, {}, kStart);
  features.beat.now = false;

  audio::FeatureSet on{.beat = false};
  const auto beat = voice.events(features, on, kStart + kHopTime);
  CHECK(addresses(beat) == Addresses{"/audio/beat", "/audio/bpm", "/audio/phase"});
  CHECK(first_int(beat[0]) == 0);
  on.structure = false;
  const auto structure = voice.events(features, on, kStart + 2 * kHopTime);
  CHECK(addresses(structure) == Addresses{"/audio/structure"});
  CHECK(first_int(structure[0]) == 0);
  CHECK(addresses(voice.events(features, kNone, kStart + 3 * kHopTime)) ==
        Addresses{"/audio/descriptors", "/audio/key", "/audio/pitch", "/audio/spectrum"});
  for (int hop = 4; hop < 400; ++hop) {
    CHECK(voice.events(features, kNone, kStart + hop * kHopTime).empty());
    CHECK(addresses(voice.streams(features, kNone, kStart + hop * kHopTime)) ==
          Addresses{"/audio/levels", "/audio/pulse"});
  }
  // What is switched on again is said again, also where it is as it was.
  CHECK(said(voice, features, {}, kStart + 400 * kHopTime).contains("/audio/key"));
}

TEST_CASE("a lost input is closed once, of every part that is on, and then only the tempo is said, once a second") {
  OscVoice voice;
  audio::Features features;
  features.beat.now = true;
  (void)said(voice, features, {}, kStart);
  const auto closing = addresses(voice.silence({}, kStart + 200ms));
  CHECK(closing == Addresses{"/audio/beat", "/audio/bpm", "/audio/descriptors", "/audio/key", "/audio/levels",
                             "/audio/phase", "/audio/pitch", "/audio/pulse", "/audio/spectrum", "/audio/structure"});
  int tempo = 0;
  for (int look = 2; look <= 25; ++look) {  // five times a second
    const auto messages = addresses(voice.still_silent({}, kStart + look * 200ms));
    for (const auto& address : messages) CHECK(address == "/audio/bpm");
    tempo += static_cast<int>(messages.size());
  }
  CHECK(tempo >= 4);
  CHECK(tempo <= 6);
  CHECK(voice.still_silent(kNone, kStart + 60s).empty());
  // The beat that was held has fallen: it does not fall again.
  features.beat.now = false;
  CHECK(addresses(voice.events(features, {}, kStart + 61s)) == Addresses{"/audio/bpm"});
}
