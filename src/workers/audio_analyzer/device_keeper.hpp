// Keeps an input open: opens it, notices when it is lost, and takes it again when it or its server comes back. Opening
// may block for seconds, so it happens on a thread of its own; what came of it is told on the loop.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "platform/audio_input.hpp"
#include "platform/event_loop.hpp"

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

  DeviceKeeper(platform::EventLoop& loop, std::string wanted, int sample_rate, platform::SampleRing& ring,
               std::function<void()> wake, Changed changed);
  ~DeviceKeeper();
  DeviceKeeper(const DeviceKeeper&) = delete;
  DeviceKeeper& operator=(const DeviceKeeper&) = delete;

  // From now on this one ("auto", an id, a name, "file:PATH").
  void want(std::string device);
  [[nodiscard]] const std::string& wanted() const { return wanted_; }
  [[nodiscard]] const InputState& state() const { return state_; }

  // While "auto" is wanted: whether there is now a better input than the one that is open; if so, takes it.
  void look_again();

  // Lists the devices and calls back on the loop.
  void list(std::function<void(Devices)> callback);

 private:
  struct Listed {
    std::function<void(Devices)> callback;
    Devices devices;
  };

  void work(const std::stop_token& stop);
  void open_again(const std::string& wanted);
  [[nodiscard]] bool has_better(const std::string& wanted) const;
  void hear();
  void tell(InputState state);

  int sample_rate_;
  platform::SampleRing& ring_;
  std::function<void()> wake_;
  Changed changed_;
  std::string wanted_;  // the loop's
  InputState state_;    // the loop's
  platform::EventLoop::Waker waker_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable_any asked_;
  std::string next_wanted_;
  bool anew_ = true;         // next_wanted_ has not been opened yet
  bool look_again_ = false;  // somebody asked
  std::vector<std::function<void(Devices)>> to_list_;
  std::vector<std::variant<InputState, Listed>> news_;

  std::unique_ptr<platform::AudioInput> input_;  // the thread's
  std::string last_reason_;                      // the thread's
  std::jthread thread_;                          // last: it uses all of the above
};

}  // namespace vj::audio_analyzer
