#include "wire/audio_payload.hpp"

#include <doctest/doctest.h>

#include "wire/json.hpp"

using namespace vj;
using namespace vj::wire;

TEST_CASE("audio.features has the fields that scripts know, in their order") {
  audio::Features features;
  features.levels.bands = {0.1F, 0.5F, 0.25F, 0.25F, 0.25F, 0.5F, 0.25F};
  features.beat.count = 7;
  features.beat.bpm = 128;
  const auto payload = to_value(features, 6, 0);
  std::string names;
  for (const auto& [name, value] : *payload.members()) names += name + " ";
  CHECK(names.starts_with(
      "bands rms bass_level mid_level high_level overall beat beat_count bpm bpm_confidence beat_phase pitch_hz "
      "pitch_conf buildup drop drop_count energy_trend brightness spectrum "));
  CHECK(payload["bands"].elements()->size() == 7);
  CHECK(payload["spectrum"].elements()->size() == 32);
  CHECK(payload["bass_level"].number_or(0) == 0.5);
  CHECK(payload["mid_level"].number_or(0) == 0.25);
  CHECK(payload["beat"].boolean_or(false));
  CHECK(!payload["drop"].boolean_or(true));
  const auto later = to_value(features, 8, 1);  // counters that went back are no beat and no drop
  CHECK(!later["beat"].boolean_or(true));
  CHECK(!later["drop"].boolean_or(true));
}

TEST_CASE("features come back from JSON as they went") {
  audio::Features features;
  features.levels.bands[3] = 0.75F;
  features.beat.bpm = 127.5F;
  features.beat.place = 3;
  features.structure.drops = 2;
  features.structure.build_up = true;
  features.spectrum[31] = 0.5F;
  features.silent = false;
  const auto back = audio_features_from(*parse_json(to_json(to_value(features, 0, 2))));
  CHECK(back.levels.bands == features.levels.bands);
  CHECK(back.beat.bpm == 127.5F);
  CHECK(back.beat.place == 3);
  CHECK(back.structure.drops == 2);
  CHECK(!back.structure.drop);
  CHECK(back.structure.build_up);
  CHECK(back.spectrum == features.spectrum);
  CHECK(!back.silent);
}
