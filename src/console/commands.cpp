#include "console/commands.hpp"

#include <algorithm>

#include "base/format.hpp"
#include "base/text.hpp"
#include "console/audio_update.hpp"
#include "console/geometry.hpp"
#include "console/osc_update.hpp"
#include "console/status.hpp"

namespace vj::console {
namespace {

void show(Model& model, Screen screen) {
  model.screen = screen;
  model.details_open = false;
}

Screen neighbour(Screen screen, int step) {
  return static_cast<Screen>((static_cast<int>(screen) + step + kScreenCount) % kScreenCount);
}

void move(Model& model, int rows) {
  if (model.screen == Screen::kLogs) {
    model.logs.scroll(rows, logs_page(model));
  } else if (model.screen == Screen::kAudio) {
    select_input(model, rows);
  } else {
    const int last = std::max(0, static_cast<int>(model.workers.size()) - 1);
    model.selected = std::clamp(model.selected + rows, 0, last);
  }
}

Effects ask(Model& model, const WorkerRow& worker, Asked asked) {
  if (model.manager.state != ManagerState::kRunning && !model.fallback) {
    if (model.quitting == Quitting::kStopping) return {};  // nothing is started any more
    model.notice = {.text = "starting the process manager first…", .is_failure = false, .until = {}};
  }
  model.asked[worker.name] = asked;
  return {Ask{worker.name, asked}};
}

Effects start_or_stop(Model& model, const WorkerRow* worker) {
  if (worker == nullptr) return {};
  const bool is_off = worker->state == WorkerState::kStopped || worker->state == WorkerState::kFailed;
  return ask(model, *worker, is_off ? Asked::kStart : Asked::kStop);
}

Effects quit(Model& model) {
  if (model.quitting == Quitting::kStopping) return {Leave{Leaving::kForced}};
  const bool nobody_to_stop =
      model.manager.state == ManagerState::kAbsent && std::ranges::none_of(model.workers, &WorkerRow::connected);
  if (nobody_to_stop) return {Leave{Leaving::kStopped}};
  if (model.setup.confirm_quit && model.quitting == Quitting::kNo) {
    model.quitting = Quitting::kMustConfirm;
    model.notice = {.text = "q again stops all workers and quits, Esc does not", .is_failure = false, .until = {}};
    return {};
  }
  model.quitting = Quitting::kStopping;
  model.notice = {.text = "stopping workers…", .is_failure = false, .until = {}};
  return {StopEverything{}};
}

Result<void> set_filter(Model& model, std::string_view pattern) {
  if (model.screen == Screen::kOsc) return model.osc.set_filter(pattern);
  return model.screen == Screen::kLogs ? model.logs.set_filter(pattern) : Result<void>();
}

// One thing at a time, the foremost first.
void close(Model& model) {
  if (model.help_open) {
    model.help_open = false;
  } else if (model.details_open) {
    model.details_open = false;
  } else if (model.quitting == Quitting::kMustConfirm) {
    model.quitting = Quitting::kNo;
    model.notice = {};
  } else if (!model.notice.text.empty() && model.quitting == Quitting::kNo) {
    model.notice = {};
  } else {
    (void)set_filter(model, "");  // an empty one is never refused
  }
}

void set_level(Model& model, int step) {
  const int level = static_cast<int>(model.logs.minimum_level()) + step;
  model.logs.set_minimum_level(
      static_cast<LogLevel>(std::clamp(level, static_cast<int>(LogLevel::kDebug), static_cast<int>(LogLevel::kError))));
}

void apply_prompt(Model& model) {
  const auto set = set_filter(model, *model.filter_prompt);
  model.notice = set ? Notice{} : bad_news(set.error().message);
}

void erase_last_glyph(std::string& text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) text.pop_back();
  if (!text.empty()) text.pop_back();
}

Effects scroll_help(Model& model, Command command) {
  const int page = help_rows(model);
  switch (command) {
    case Command::kUp:
      model.help_scroll -= 1;
      break;
    case Command::kDown:
      model.help_scroll += 1;
      break;
    case Command::kPageUp:
      model.help_scroll -= page;
      break;
    case Command::kPageDown:
      model.help_scroll += page;
      break;
    default:
      break;
  }
  int rows = 0;
  for (const auto& group : help_groups(model)) rows += static_cast<int>(group.hints.size()) + 2;
  model.help_scroll = std::clamp(model.help_scroll, 0, std::max(0, rows - 1 - page));
  return {};
}

}  // namespace

Notice good_news(const Model& model, std::string text) {
  return {.text = std::move(text), .is_failure = false, .until = model.now + kNoticeTime};
}

Notice bad_news(std::string text) { return {.text = std::move(text), .is_failure = true, .until = {}}; }

Effects carry_out(Model& model, Command command, const Key& key) {
  if (model.screen == Screen::kOsc && !model.help_open) {
    if (auto effects = carry_out_on_osc(model, command)) return std::move(*effects);
  }
  switch (command) {
    case Command::kShowScreen:
      model.help_open = false;
      show(model, static_cast<Screen>(key.character - U'0'));
      return {};
    case Command::kNextScreen:
      show(model, neighbour(model.screen, 1));
      return {};
    case Command::kPreviousScreen:
      show(model, neighbour(model.screen, -1));
      return {};
    case Command::kHelp:
      model.help_open = !model.help_open;
      model.help_scroll = 0;
      return {};
    case Command::kQuit:
      return quit(model);
    case Command::kDetach:
      return {Leave{Leaving::kDetached}};
    case Command::kDrawAgain:
      return {DrawAgain{}};
    case Command::kMouse:
      model.mouse = !model.mouse;
      model.notice = good_news(model, model.mouse ? "mouse on" : "mouse off: the terminal selects text");
      return {SetMouse{model.mouse}};
    case Command::kUp:
    case Command::kDown:
      if (model.help_open) return scroll_help(model, command);
      move(model, command == Command::kUp ? -1 : 1);
      return {};
    case Command::kPageUp:
    case Command::kPageDown: {
      if (model.help_open) return scroll_help(model, command);
      const int page = std::max(1, logs_page(model).height - 1);
      move(model, command == Command::kPageUp ? -page : page);
      return {};
    }
    case Command::kTop:
      model.logs.go_to_top();
      return {};
    case Command::kFollow:
      model.logs.follow();
      return {};
    case Command::kPause:
      if (model.logs.following()) {
        model.logs.pause(logs_page(model));
      } else {
        model.logs.follow();
      }
      return {};
    case Command::kLatest:
      return {};  // of the OSC screen only
    case Command::kDetails:
      model.details_open = !model.details_open;
      return {};
    case Command::kRestart:
      return ask(model, *selected_worker(model), Asked::kRestart);
    case Command::kStartStop:
      return start_or_stop(model, selected_worker(model));
    case Command::kFilter:
      model.filter_prompt = model.screen == Screen::kOsc ? model.osc.filter() : model.logs.filter().pattern();
      return {};
    case Command::kNextMatch:
    case Command::kPreviousMatch:
      model.logs.go_to_match(command == Command::kNextMatch, logs_page(model));
      return {};
    case Command::kWrap:
      model.logs.toggle_wrap();
      return {};
    case Command::kClear:
      model.logs.clear();
      return {};
    case Command::kHigherLevel:
      set_level(model, 1);
      return {};
    case Command::kLowerLevel:
      set_level(model, -1);
      return {};
    case Command::kSynesthesia:
      return start_or_stop(model, find_worker(model, "synesthesia"));
    case Command::kMilkSyphon:
      return start_or_stop(model, find_worker(model, "milksyphon"));
    case Command::kAudioAnalyzer:
      return start_or_stop(model, find_worker(model, "audio_analyzer"));
    case Command::kEssentia:
    case Command::kPitch:
    case Command::kBeat:
    case Command::kStructure:
    case Command::kSpectrum:
    case Command::kAnalyzerLogging:
    case Command::kBenchmark:
    case Command::kTap:
    case Command::kHalveTempo:
    case Command::kDoubleTempo:
    case Command::kTakeInput:
      return carry_out_audio(model, command);
    case Command::kClose:
      close(model);
      return {};
  }
  return {};
}

Effects type_in_prompt(Model& model, const Key& key) {
  std::string& typed = *model.filter_prompt;
  switch (key.code) {
    case KeyCode::kEnter:
      model.filter_prompt.reset();
      return {};
    case KeyCode::kEscape:
      typed.clear();
      apply_prompt(model);
      model.filter_prompt.reset();
      return {};
    case KeyCode::kBackspace:
      if (typed.empty()) {
        model.filter_prompt.reset();
        return {};
      }
      erase_last_glyph(typed);
      break;
    case KeyCode::kCharacter:
      append_utf8(typed, key.character);
      break;
    case KeyCode::kControl:
      if (key.character != U'u') return {};
      typed.clear();
      break;
    default:
      return {};
  }
  apply_prompt(model);
  return {};
}

void paste_in_prompt(Model& model, std::string_view text) {
  *model.filter_prompt += printable(trim(text));
  apply_prompt(model);
}

}  // namespace vj::console
