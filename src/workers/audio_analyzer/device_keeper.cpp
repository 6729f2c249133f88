#include "workers/audio_analyzer/device_keeper.hpp"

#include <utility>

#include "base/overloaded.hpp"

namespace vj::audio_analyzer {

DeviceKeeper::DeviceKeeper(platform::EventLoop& loop, std::string wanted, int sample_rate, platform::SampleRing& ring,
                           std::function<void()> wake, Changed changed)
    : sample_rate_(sample_rate),
      ring_(ring),
      wake_(std::move(wake)),
      changed_(std::move(changed)),
      wanted_(std::move(wanted)),
      state_{.device = {}, .reason = "opening the audio input"},
      waker_(loop.waker([this] { hear(); })),
      next_wanted_(wanted_),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

DeviceKeeper::~DeviceKeeper() = default;

void DeviceKeeper::want(std::string device) {
  wanted_ = std::move(device);
  {
    const std::lock_guard lock(mutex_);
    next_wanted_ = wanted_;
    anew_ = true;
  }
  asked_.notify_one();
}

void DeviceKeeper::look_again() {
  {
    const std::lock_guard lock(mutex_);
    look_again_ = true;
  }
  asked_.notify_one();
}

void DeviceKeeper::list(std::function<void(Devices)> callback) {
  {
    const std::lock_guard lock(mutex_);
    to_list_.push_back(std::move(callback));
  }
  asked_.notify_one();
}

void DeviceKeeper::hear() {
  std::vector<std::variant<InputState, Listed>> news;
  {
    const std::lock_guard lock(mutex_);
    std::swap(news, news_);
  }
  for (auto& item : news) {
    std::visit(Overloaded{[&](InputState& state) {
                            state_ = std::move(state);
                            changed_(state_);
                          },
                          [](Listed& listed) { listed.callback(std::move(listed.devices)); }},
               item);
  }
}

void DeviceKeeper::tell(InputState state) {
  if (!state.device && state.reason == last_reason_) return;
  last_reason_ = state.device ? std::string() : state.reason;
  {
    const std::lock_guard lock(mutex_);
    news_.emplace_back(std::move(state));
  }
  waker_.wake();
}

void DeviceKeeper::open_again(const std::string& wanted) {
  input_.reset();  // before the next: some systems hand out a device once
  auto opened = platform::AudioInput::open(wanted, sample_rate_, ring_, wake_);
  if (!opened) return tell({.device = {}, .reason = opened.error().message});
  input_ = std::move(*opened);
  tell({.device = input_->device(), .reason = {}});
}

bool DeviceKeeper::has_better(const std::string& wanted) const {
  if (!input_ || wanted != "auto") return false;
  const auto devices = platform::audio_devices();
  if (!devices) return false;
  const auto best = platform::choose_audio_device(wanted, *devices);
  return best && best->id != input_->device().id;
}

void DeviceKeeper::work(const std::stop_token& stop) {
  std::uint64_t written = ring_.written();
  bool has_begun = false;
  Time heard = platform::EventLoop::clock();
  while (!stop.stop_requested()) {
    std::vector<std::function<void(Devices)>> to_list;
    std::string wanted;
    bool open = false, look = false;
    {
      std::unique_lock lock(mutex_);
      asked_.wait_for(lock, stop, kTryAgain, [this] { return anew_ || look_again_ || !to_list_.empty(); });
      std::swap(to_list, to_list_);
      open = std::exchange(anew_, false);
      look = std::exchange(look_again_, false);
      wanted = next_wanted_;
    }
    if (stop.stop_requested()) break;
    for (auto& callback : to_list) {
      Listed listed{.callback = std::move(callback), .devices = platform::audio_devices()};
      const std::lock_guard lock(mutex_);
      news_.emplace_back(std::move(listed));
    }
    if (!to_list.empty()) waker_.wake();

    const Time now = platform::EventLoop::clock();
    if (const auto so_far = ring_.written(); so_far != written) {
      written = so_far, heard = now, has_begun = true;
    }
    const bool lost = input_ && (!input_->running() || now - heard > (has_begun ? kLostAfter : kNeverBegan));
    if (lost) tell({.device = {}, .reason = "the audio input '" + input_->device().name + "' is gone"});
    if (open || lost || !input_ || (look && has_better(wanted))) {
      open_again(wanted);
      heard = platform::EventLoop::clock();
      written = ring_.written();
      has_begun = false;
    }
  }
  input_.reset();
}

}  // namespace vj::audio_analyzer
