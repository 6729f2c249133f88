#include "workers/audio_analyzer/device_keeper.hpp"

#include <algorithm>
#include <utility>

namespace vj::audio_analyzer {

namespace {

constexpr Duration kPatience = 500ms;  // with a server that hangs, at the end

bool is_file(const std::string& wanted) { return wanted.starts_with(platform::AudioInput::kFilePrefix); }

Error server_is_silent() { return {.code = ErrorCode::kTimeout, .message = std::string(platform::kServerIsSilent)}; }

}  // namespace

DeviceKeeper::DeviceKeeper(platform::EventLoop& loop, std::string wanted, int sample_rate, platform::SampleRing& ring,
                           std::function<void()> wake, Changed changed)
    : sample_rate_(sample_rate),
      ring_(ring),
      wake_(std::move(wake)),
      changed_(std::move(changed)),
      wanted_(std::move(wanted)),
      state_{.device = {}, .reason = "opening the audio input"},
      waker_(loop.waker([this] { hear(); })),
      server_(kPatience) {
  desk_->wanted = wanted_;
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

DeviceKeeper::~DeviceKeeper() {
  const std::lock_guard lock(desk_->mutex);
  desk_->gone = true;
}

void DeviceKeeper::want(std::string device, Changed answered) {
  wanted_ = std::move(device);
  const std::lock_guard lock(desk_->mutex);
  desk_->wanted = wanted_;
  desk_->anew = true;
  if (answered) desk_->to_answer.push_back(std::move(answered));
  desk_->changed.notify_all();
}

void DeviceKeeper::look_again() {
  const std::lock_guard lock(desk_->mutex);
  desk_->look_again = true;
  desk_->changed.notify_all();
}

void DeviceKeeper::list(Callback callback) {
  const std::lock_guard lock(desk_->mutex);
  desk_->to_list.push_back(std::move(callback));
  desk_->changed.notify_all();
}

void DeviceKeeper::hear() {
  std::vector<std::function<void()>> news;
  {
    const std::lock_guard lock(desk_->mutex);
    std::swap(news, desk_->news);
  }
  for (const auto& item : news) item();
}

void DeviceKeeper::pass_to_loop(std::function<void()> news) {
  {
    const std::lock_guard lock(desk_->mutex);
    desk_->news.push_back(std::move(news));
  }
  waker_.wake();
}

void DeviceKeeper::tell(InputState state) {
  auto answered = std::exchange(wait_for_input_, {});
  const bool is_new = state.device || state.reason != last_reason_;
  if (!is_new && answered.empty()) return;
  last_reason_ = state.device ? std::nullopt : std::optional(state.reason);
  pass_to_loop([this, is_new, state = std::move(state), answered = std::move(answered)] {
    if (is_new) {
      state_ = state;
      changed_(state_);
    }
    for (const auto& callback : answered) callback(state);
  });
}

DeviceKeeper::Wishes DeviceKeeper::wait(const std::stop_token& stop) {
  std::unique_lock lock(desk_->mutex);
  desk_->changed.wait_until(lock, stop, next_look(platform::EventLoop::clock()), [this] { return desk_->has_work(); });
  Wishes wishes;
  wishes.anew = std::exchange(desk_->anew, false);
  wishes.look_again = std::exchange(desk_->look_again, false);
  wishes.to_list = std::exchange(desk_->to_list, {});
  wishes.to_answer = std::exchange(desk_->to_answer, {});
  wishes.opened = std::exchange(desk_->opened, std::nullopt);
  wishes.listed = std::exchange(desk_->listed, std::nullopt);
  if (wishes.anew) to_open_ = desk_->wanted;
  return wishes;
}

Time DeviceKeeper::next_look(Time now) const {
  const bool somebody_waits = !wait_for_list_.empty() || !wait_for_input_.empty();
  return somebody_waits ? std::clamp(asked_at_ + kAnswersWithin, now, now + kTryAgain) : now + kTryAgain;
}

void DeviceKeeper::work(const std::stop_token& stop) {
  while (true) {
    auto wishes = wait(stop);
    if (wishes.opened && (wishes.anew || stop.stop_requested())) {
      input_ = std::move(wishes.opened->input);  // and closed below: it is not wanted any more
      wishes.opened.reset();
    }
    if (stop.stop_requested()) break;
    const Time now = platform::EventLoop::clock();
    if (!wishes.to_list.empty() || !wishes.to_answer.empty()) asked_at_ = now;
    std::ranges::move(wishes.to_list, std::back_inserter(wait_for_list_));
    std::ranges::move(wishes.to_answer, std::back_inserter(wait_for_input_));
    looks_ = looks_ || (wishes.look_again && input_ && to_open_ == "auto");

    if (wishes.opened) take(std::move(*wishes.opened), now);
    if (wishes.anew) {
      close();
      open(now);
    } else {
      follow_input(now);
    }
    if (wishes.listed) take_list(*wishes.listed, now);
    if ((!wait_for_list_.empty() || looks_) && !listing_since_) ask_for_list(now);
    answer_in_time(now);
  }
  close();
}

void DeviceKeeper::open(Time now) {
  outlet_ = std::make_shared<platform::AudioOutlet>(ring_, wake_);
  try_again_at_ = now + kTryAgain;
  if (is_file(to_open_)) {
    auto opened = platform::AudioInput::open(to_open_, sample_rate_, outlet_);
    return opened ? take({.input = std::move(*opened), .failure = {}}, now)
                  : take({.input = nullptr, .failure = opened.error().message}, now);
  }
  opening_since_ = now;
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(desk_->mutex);
    generation = desk_->generation;
  }
  server_.post([desk = desk_, generation, wanted = to_open_, rate = sample_rate_, outlet = outlet_] {
    const auto is_of_use = [&] { return !desk->gone && desk->generation == generation; };
    {
      const std::lock_guard lock(desk->mutex);
      if (!is_of_use()) return;
    }
    Opened opened;
    if (auto input = platform::AudioInput::open(wanted, rate, outlet)) {
      opened.input = std::move(*input);
    } else {
      opened.failure = input.error().message;
    }
    // What came too late is closed here, after the lock.
    const std::lock_guard lock(desk->mutex);
    if (!is_of_use()) return;
    desk->opened = std::move(opened);
    desk->changed.notify_all();
  });
}

// At once for whoever listens; the device itself when its server lets it.
void DeviceKeeper::close() {
  if (outlet_) outlet_->shut();
  outlet_.reset();
  opening_since_.reset();
  std::unique_ptr<platform::AudioInput> unused;
  {
    const std::lock_guard lock(desk_->mutex);
    ++desk_->generation;
    if (desk_->opened) unused = std::move(desk_->opened->input);
    desk_->opened.reset();
  }
  for (auto* input : {&input_, &unused}) {
    if (!*input) continue;
    // A file closes at once, and must, before another writes into the ring.
    if (is_file((*input)->device().id)) {
      input->reset();
    } else {
      server_.post([input = std::shared_ptr<platform::AudioInput>(std::move(*input))]() mutable { input.reset(); });
    }
  }
}

void DeviceKeeper::take(Opened opened, Time now) {
  opening_since_.reset();
  if (!opened.input) {
    try_again_at_ = now + kTryAgain;
    return tell({.device = {}, .reason = std::move(opened.failure)});
  }
  input_ = std::move(opened.input);
  heard_at_ = now;
  written_ = ring_.written();
  has_begun_ = false;
  tell({.device = input_->device(), .reason = {}});
}

void DeviceKeeper::follow_input(Time now) {
  if (const auto so_far = ring_.written(); so_far != written_) written_ = so_far, heard_at_ = now, has_begun_ = true;
  if (input_ && (!input_->running() || now - heard_at_ > (has_begun_ ? kLostAfter : kNeverBegan))) {
    tell({.device = {}, .reason = "the audio input '" + input_->device().name + "' is gone"});
    close();
    open(now);
  } else if (opening_since_ && now - *opening_since_ >= kServerHangs) {
    tell({.device = {}, .reason = server_is_silent().message});
  } else if (!input_ && !opening_since_ && now >= try_again_at_) {
    open(now);
  }
}

void DeviceKeeper::ask_for_list(Time now) {
  listing_since_ = now;
  server_.post([desk = desk_] {
    auto devices = platform::audio_devices();
    const std::lock_guard lock(desk->mutex);
    desk->listed = std::move(devices);
    desk->changed.notify_all();
  });
}

void DeviceKeeper::take_list(const Devices& devices, Time now) {
  listing_since_.reset();
  for (auto& callback : std::exchange(wait_for_list_, {})) {
    pass_to_loop([callback = std::move(callback), devices] { callback(devices); });
  }
  if (!std::exchange(looks_, false) || !devices || !input_ || to_open_ != "auto") return;
  const auto best = platform::choose_audio_device(to_open_, *devices);
  if (!best || best->id == input_->device().id) return;
  close();
  open(now);
}

void DeviceKeeper::answer_in_time(Time now) {
  if (now - asked_at_ < kAnswersWithin) return;
  for (auto& callback : std::exchange(wait_for_list_, {})) {
    pass_to_loop([callback = std::move(callback)] { callback(std::unexpected(server_is_silent())); });
  }
  for (auto& callback : std::exchange(wait_for_input_, {})) {
    pass_to_loop([callback = std::move(callback)] {
      callback({.device = {}, .reason = "it is not open yet: the sound server takes its time"});
    });
  }
}

}  // namespace vj::audio_analyzer
