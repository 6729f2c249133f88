#include "console/shell.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include "base/overloaded.hpp"
#include "console/view.hpp"
#include "platform/process.hpp"

namespace vj::console {
namespace {

namespace signals = platform::signals;

// Alternate screen, no cursor, no automatic wrap, pastes in brackets.
constexpr std::string_view kGreeting = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h";
constexpr std::string_view kMouseOn = "\x1b[?1000h\x1b[?1006h";
constexpr std::string_view kMouseOff = "\x1b[?1006l\x1b[?1000l";
constexpr std::string_view kFarewell =
    "\x1b[?2026l\x1b[0m\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l";

// The code of a process that its terminal's SIGHUP has ended: the signal may come later than the end of the input.
const int kTerminalGone = 128 + signals::kHangup;

}  // namespace

Shell::Shell(platform::Tty tty, Setup setup)
    : signals_(loop_,
               {signals::kHangup, signals::kInterrupt, signals::kQuit, signals::kTerminate, signals::kWindowChanged,
                signals::kTerminalStop, signals::kContinue},
               [this](int signal) { on_signal(signal); }),
      tty_(std::move(tty)),
      setup_(std::move(setup)),
      model_(setup_.model),
      renderer_(setup_.colors),
      mailbox_([this] { news_.wake(); }),
      news_(loop_.waker([this] { on_news(); })),
      escape_timer_(loop_.timer([this] { on_inputs(parser_.flush()); })),
      frame_timer_(loop_.timer([this] { draw(); })),
      change_timer_(loop_.timer([this] {
        if (tell(TimePassed{})) draw();
      })) {}

int Shell::run() {
  enter();
  tty_watch_ = loop_.watch(tty_.fd(), {.readable = true, .writable = false},
                           [this](platform::Readiness ready) { on_tty(ready); });
  (void)tell(Resized{{tty_.size().columns, tty_.size().rows}});
  draw();
  if (setup_.demo)
    setup_.demo->begin(loop_, [this](const std::string& problem) {
      if (tell(Failed{"the demo's DJ: " + problem})) draw_soon();
    });
  feed_ = std::make_unique<BusFeed>(setup_.feed, mailbox_);
  for (auto& request : std::exchange(early_requests_, {})) feed_->request(std::move(request));
  const int code = loop_.run();
  tty_.leave();
  feed_.reset();
  if (setup_.demo && !show_goes_on()) setup_.demo->remove();
  return code;
}

Moment Shell::moment() const {
  return {.now = loop_.now(), .wall_now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now())};
}

void Shell::enter() {
  renderer_.forget();
  pending_.clear();
  const std::string greeting = std::string(kGreeting) + std::string(model_.mouse ? kMouseOn : "");
  if (const auto entered = tty_.enter(greeting, kFarewell); !entered) leave(1, entered.error().message);
}

bool Shell::tell(const Message& message) {
  auto [redraw, effects] = update(model_, message, moment());
  for (const auto& effect : effects) carry_out(effect);
  return redraw;
}

void Shell::carry_out(const Effect& effect) {
  std::visit(
      Overloaded{[&](const Ask& ask) { request(ask); }, [&](const AudioWish& wish) { request(wish); },
                 [&](const StopEverything& stop) { request(stop); }, [&](const FollowOsc& follow) { request(follow); },
                 [&](const ClearOsc& clear) { request(clear); },
                 [&](const Leave& wish) { leave(0, farewell(wish.why, model_, platform::own_pid(), setup_.commands)); },
                 [&](const SetMouse& mouse) { pending_ += mouse.on ? kMouseOn : kMouseOff; },
                 [&](const DrawAgain&) { renderer_.forget(); }},
      effect);
}

// The first frame comes before there is anybody to ask.
void Shell::request(BusFeed::Request request) {
  if (feed_) return feed_->request(std::move(request));
  early_requests_.push_back(std::move(request));
}

void Shell::on_tty(platform::Readiness ready) {
  if (ready.writable) send_pending();
  if (!ready.readable) return;
  const auto typed = tty_.read();
  if (!typed) return leave(kTerminalGone, {});
  if (typed->empty()) return;
  const auto inputs = parser_.feed(*typed);
  if (!parser_.waiting()) {
    escape_timer_.cancel();
  } else if (!parser_.waits_on()) {
    escape_timer_.after(parser_.wait());
  }
  on_inputs(inputs);
}

void Shell::on_inputs(const std::vector<Input>& inputs) {
  bool redraw = false;
  for (const auto& input : inputs) {
    redraw = std::visit([&](const auto& each) { return tell(each); }, input) || redraw;
  }
  if (redraw) draw();
}

void Shell::on_news() {
  bool redraw = false;
  for (const auto& message : mailbox_.take()) redraw = tell(message) || redraw;
  if (redraw) {
    draw_soon();
  } else {
    await_next_change();
  }
}

void Shell::on_signal(int signal) {
  if (signal == signals::kWindowChanged) {
    (void)tell(Resized{{tty_.size().columns, tty_.size().rows}});
    return draw();
  }
  if (signal == signals::kTerminalStop) return tty_.suspend();  // goes on with SIGCONT, which also comes here
  if (signal == signals::kContinue) {
    enter();
    (void)tell(Resized{{tty_.size().columns, tty_.size().rows}});
    return draw();
  }
  leave(128 + signal, what_goes_on(model_, platform::own_pid(), setup_.commands));
}

void Shell::leave(int code, std::string last_words) {
  last_words_ = std::move(last_words);
  loop_.stop(code);
}

void Shell::draw_soon() {
  const Duration slot = std::chrono::duration_cast<Duration>(1s) / setup_.feed.config.console.fps;
  if (!frame_timer_.armed()) frame_timer_.at(std::max(loop_.now(), last_frame_ + slot));
}

void Shell::draw() {
  frame_timer_.cancel();
  last_frame_ = loop_.now();
  await_next_change();
  if (loop_.stopping() || stalled_) return;  // a frame that the terminal has no room for is skipped
  pending_ += renderer_.update(render(model_));
  send_pending();
}

// What has been begun is finished, or its last sequence would swallow the next; then everything is drawn again.
void Shell::send_pending() {
  const auto written = tty_.write(pending_);
  if (!written) return leave(kTerminalGone, {});
  pending_.erase(0, *written);
  const bool was_stalled = std::exchange(stalled_, !pending_.empty());
  if (was_stalled != stalled_) tty_watch_.change({.readable = true, .writable = stalled_});
  if (was_stalled && !stalled_) {
    renderer_.forget();
    draw();
  }
}

void Shell::await_next_change() { change_timer_.at(next_change(model_)); }

}  // namespace vj::console
