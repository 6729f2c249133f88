#include "console/keymap.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "console/text_layout.hpp"
#include "support/console_models.hpp"

namespace vj::console {
namespace {

using testing::empty_model;
using testing::guide_model;
using testing::troubled_model;

Model on(Screen screen, Model model) {
  model.screen = screen;
  return model;
}

bool hints_at(const Model& model, std::string_view keys) {
  return std::ranges::any_of(footer_hints(model, FooterStyle::kRoomy),
                             [&](const KeyHint& hint) { return hint.keys == keys; });
}

TEST_CASE("the guide's digits and q work on every screen") {
  for (int i = 0; i < kScreenCount; ++i) {
    const Model model = on(static_cast<Screen>(i), guide_model({80, 24}));
    for (const char32_t digit : {U'0', U'1', U'2', U'3', U'4', U'5'}) {
      CHECK(command_for(model, character(digit)) == Command::kShowScreen);
    }
    CHECK(command_for(model, character(U'q')) == Command::kQuit);
    CHECK(command_for(model, character(U'?')) == Command::kHelp);
  }
}

TEST_CASE("a key that would do nothing here is not a key") {
  const Model model = guide_model({80, 24});
  CHECK(command_for(model, character(U'w')) == std::nullopt);
  CHECK(command_for(on(Screen::kLogs, model), character(U'w')) == Command::kWrap);
  CHECK(command_for(on(Screen::kLogs, model), character(U'r')) == std::nullopt);
  CHECK(command_for(empty_model({80, 24}), character(U'r')) == std::nullopt);
}

TEST_CASE("apps have their keys once they are configured") {
  CHECK(command_for(guide_model({80, 24}), character(U's')) == std::nullopt);
  CHECK_FALSE(hints_at(guide_model({80, 24}), "s"));
  const Model model = troubled_model({80, 24});
  CHECK(command_for(model, character(U's')) == Command::kSynesthesia);
  CHECK(command_for(model, character(U'm')) == Command::kMilkSyphon);
}

TEST_CASE("the footer shows the state of every toggle") {
  Model model = troubled_model({120, 40});
  const auto words_of = [&](std::string_view keys) {
    const auto hints = footer_hints(model, FooterStyle::kRoomy);
    return std::ranges::find(hints, keys, &KeyHint::keys)->words;
  };
  CHECK(words_of("s") == "Synesthesia ON");
  CHECK(words_of("m") == "MilkSyphon off");
  model.asked["milksyphon"] = Asked::kStart;
  CHECK(words_of("m") == "MilkSyphon …");
  // What waits for its next try does not run.
  auto& synesthesia = *std::ranges::find(model.workers, "synesthesia", &WorkerRow::name);
  synesthesia.state = WorkerState::kBackingOff;
  CHECK(words_of("s") == "Synesthesia …");
}

TEST_CASE("the footer ends in help and quit, and counts what the filter found") {
  Model model = on(Screen::kLogs, guide_model({120, 40}));
  REQUIRE(model.logs.set_filter("worker").has_value());
  auto hints = footer_hints(model, FooterStyle::kRoomy);
  CHECK(hints.back() == KeyHint{"q", "quit"});
  CHECK(hints[hints.size() - 2] == KeyHint{"?", "help"});
  CHECK(hints.front() == KeyHint{"/", "filter: worker  3"});
  model.logs.go_to_match(true, {.width = 80, .height = 10});
  CHECK(footer_hints(model, FooterStyle::kRoomy).front() == KeyHint{"/", "filter: worker  1 of 3"});
}

std::string footer(const Model& model, int columns) {
  std::string words;
  for (const auto& hint : footer_hints(model, columns - 1)) {
    words += words.empty() ? "" : "  ";
    words += hint.keys + " " + hint.words;
  }
  return words;
}

TEST_CASE("the footer of the Audio screen has the state of every toggle at every width from 60 on, and what fits") {
  Model model = on(Screen::kAudio, guide_model({80, 24}));
  model.workers.push_back(testing::running_worker("audio_analyzer", 6));
  CHECK(footer(model, 80) == "epoty ON  l off  a ON  b benchmark  Enter tap  [ ] half/double  ? help  q quit");
  CHECK(
      footer(model, 120) ==
      "e p o t y ON  l off  a Audio ON  b benchmark  Enter tap  [ ] half/double  ↑↓ → input  d detach  ? help  q quit");
  CHECK(
      footer(model, 180).starts_with("e DSP ON  p Pitch ON  o Beat ON  t Struct ON  y Spec ON  l Log off  a Audio ON"));
  model.audio.pending[wire::AudioToggle::kBeat] = true;
  for (int columns = 60; columns < 200; ++columns) {
    const std::string words = footer(model, columns);
    CAPTURE(words);
    CHECK(cells(words) < columns);
    CHECK(words.find("l ") != std::string::npos);
    CHECK(words.find("a ") != std::string::npos);
  }
}

TEST_CASE("the toggles of an analyzer that says nothing any more have no state") {
  Model model = on(Screen::kAudio, guide_model({120, 40}));
  model.workers.push_back(testing::running_worker("audio_analyzer", 6));
  model.now += kAudioStatsStaleAfter;
  CHECK(footer(model, 120).starts_with("a Audio ON  b benchmark"));
}

TEST_CASE("everything that the footer says is in the help") {
  const Model model = troubled_model({120, 40});
  for (int i = 0; i < kScreenCount; ++i) {
    for (const auto& hint : footer_hints(on(static_cast<Screen>(i), model), FooterStyle::kRoomy)) {
      const auto groups = help_groups(model);
      const bool is_helped = std::ranges::any_of(groups, [&](const HelpGroup& group) {
        return std::ranges::any_of(group.hints, [&](const KeyHint& help) { return help.keys == hint.keys; });
      });
      CAPTURE(hint.keys);
      CHECK(is_helped);
    }
  }
}

}  // namespace
}  // namespace vj::console
