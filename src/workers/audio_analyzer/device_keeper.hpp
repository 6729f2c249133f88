// Keeps an input open: opens it, notices when it is lost, and takes it again when it or its server comes back. Opening
// may block for seconds, so it happens on threads of its own; what came of it is told on the loop. A sound server that
// hangs hangs nothing else: devices are opened, listed and closed on a thread that nobody waits for.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "platform/audio_input.hpp"
#include "platform/event_loop.hpp"
#include "workers/audio_analyzer/sound_thread.hpp"

namespace vj::audio_analyzer {

struct InputState {
  std::optional<platform::AudioDevice> device;  // nothing while there is none
  std::string reason;                           // why there is none, or why it is silent as the grave
};

class DeviceKeeper {
 public:
  using Devices = Result<std::vector<platform::AudioDevice>>;
  using Changed = std::function<void(const InputState&)>;  // on the loop

  static constexpr Duration kTryAgain = 1s;
  // A working input delivers samples all the time, silence included, though the first may take two seconds. One that
  // has not for this long is lost.
  static constexpr Duration kLostAfter = 2s;
  static constexpr Duration kNeverBegan = 4s;
  // A server that has not opened a device for this long hangs, as far as one can know. It may still do it.
  static constexpr Duration kServerHangs = 3s;
  // Who asks for something has an answer after this, whatever the server does: before a command times out.
  static constexpr Duration kAnswersWithin = 1500ms;

  DeviceKeeper(platform::EventLoop& loop, std::string wanted, int sample_rate, platform::SampleRing& ring,
               std::function<void()> wake, Changed changed);
  ~DeviceKeeper();
  DeviceKeeper(const DeviceKeeper&) = delete;
  DeviceKeeper& operator=(const DeviceKeeper&) = delete;

  // From now on this one ("auto", an id, a name, "file:PATH"). `answered` is called on the loop with what came of it.
  void want(std::string device, Changed answered = {});
  [[nodiscard]] const std::string& wanted() const { return wanted_; }
  [[nodiscard]] const InputState& state() const { return state_; }

  // While "auto" is wanted: whether there is now a better input than the one that is open; if so, takes it.
  void look_again();

  // Lists the devices and calls back on the loop; kTimeout while the sound server hangs.
  void list(std::function<void(Devices)> callback);

 private:
  using Callback = std::function<void(Devices)>;

  struct Opened {
    std::unique_ptr<platform::AudioInput> input;  // else:
    std::string failure;
  };

  // What the loop, the keeper's thread and the jobs for the server leave for each other. Jobs may outlive the rest.
  struct Desk {
    std::mutex mutex;
    std::condition_variable_any changed;
    bool gone = false;             // nobody wants what comes
    std::uint64_t generation = 0;  // of opening; what came of an older one is of no use
    std::string wanted;
    bool anew = true;         // it has not been opened yet
    bool look_again = false;  // somebody asked
    std::vector<Callback> to_list;
    std::vector<Changed> to_answer;
    std::optional<Opened> opened;
    std::optional<Devices> listed;
    std::vector<std::function<void()>> news;  // for the loop

    [[nodiscard]] bool has_work() const {
      return anew || look_again || !to_list.empty() || opened.has_value() || listed.has_value();
    }
  };

  // All below on the keeper's thread.
  struct Wishes {
    bool anew = false, look_again = false;
    std::vector<Callback> to_list;
    std::vector<Changed> to_answer;
    std::optional<Opened> opened;
    std::optional<Devices> listed;
  };
  void work(const std::stop_token& stop);
  [[nodiscard]] Wishes wait(const std::stop_token& stop);
  [[nodiscard]] Time next_look(Time now) const;
  void open(Time now);
  void close();
  void take(Opened opened, Time now);
  void follow_input(Time now);
  void ask_for_list(Time now);
  void take_list(const Devices& devices, Time now);
  void answer_in_time(Time now);
  void tell(InputState state);
  void pass_to_loop(std::function<void()> news);
  void hear();  // on the loop

  int sample_rate_;
  platform::SampleRing& ring_;
  std::function<void()> wake_;
  Changed changed_;
  std::string wanted_;  // the loop's
  InputState state_;    // the loop's
  platform::EventLoop::Waker waker_;
  std::shared_ptr<Desk> desk_ = std::make_shared<Desk>();

  // The keeper's thread's.
  SoundThread server_;
  std::string to_open_;
  std::unique_ptr<platform::AudioInput> input_;
  std::shared_ptr<platform::AudioOutlet> outlet_;
  std::optional<Time> opening_since_, listing_since_;  // by the server, which has not answered yet
  Time try_again_at_;
  std::uint64_t written_ = 0;
  bool has_begun_ = false;
  Time heard_at_;
  bool looks_ = false;  // the next list is for finding something better
  std::vector<Callback> wait_for_list_;
  std::vector<Changed> wait_for_input_;
  Time asked_at_;  // for what is waited for
  std::optional<std::string> last_reason_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace vj::audio_analyzer
