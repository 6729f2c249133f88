// The console's own loop on the terminal: keys and bus news become messages, messages change the model, the model is
// drawn. A key draws at once, news at the next frame, and with nothing to draw the process sleeps. It decides nothing
// that update() could.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "console/bus_feed.hpp"
#include "console/color_depth.hpp"
#include "console/demo/show.hpp"
#include "console/farewell.hpp"
#include "console/input_parser.hpp"
#include "console/mailbox.hpp"
#include "console/renderer.hpp"
#include "console/update.hpp"
#include "platform/event_loop.hpp"
#include "platform/signals.hpp"
#include "platform/tty.hpp"

namespace vj::console {

class Shell {
 public:
  struct Setup {
    BusFeed::Setup feed;
    Model model;  // what the first frame shows
    ColorDepth colors = ColorDepth::k16;
    Commands commands;               // for the last words
    std::optional<demo::Show> demo;  // played while the shell runs
  };

  // `tty` is a terminal nobody has entered yet.
  Shell(platform::Tty tty, Setup setup);

  // Draws the first frame, then connects; returns the exit code when it is over, with the terminal given back.
  int run();

  // Whether a process manager was running when it ended.
  [[nodiscard]] bool show_goes_on() const { return model_.manager.state == ManagerState::kRunning; }

  // What to tell the person who is back at the shell; empty if nothing.
  [[nodiscard]] const std::string& last_words() const { return last_words_; }

 private:
  void enter();
  void on_tty(platform::Readiness ready);
  void on_signal(int signal);
  void on_inputs(const std::vector<Input>& inputs);
  void on_news();
  [[nodiscard]] bool tell(const Message& message);  // whether the screen may have changed
  void carry_out(const Effect& effect);
  void request(BusFeed::Request request);
  void draw();
  void draw_soon();
  void send_pending();
  void await_next_change();
  void leave(int code, std::string last_words);
  [[nodiscard]] Moment moment() const;

  platform::EventLoop loop_;
  platform::SignalWatch signals_;
  platform::Tty tty_;
  Setup setup_;
  Model model_;
  Renderer renderer_;
  InputParser parser_;
  Mailbox mailbox_;
  platform::EventLoop::Waker news_;
  platform::EventLoop::Watch tty_watch_;
  platform::EventLoop::Timer escape_timer_;
  platform::EventLoop::Timer frame_timer_;
  platform::EventLoop::Timer change_timer_;
  std::string pending_;   // what the terminal has not taken yet
  bool stalled_ = false;  // it takes nothing now
  Time last_frame_{};
  std::string last_words_;
  std::vector<BusFeed::Request> early_requests_;  // while there is no feed
  std::unique_ptr<BusFeed> feed_;                 // last: its thread ends before anything that it uses
};

}  // namespace vj::console
