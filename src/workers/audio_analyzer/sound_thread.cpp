#include "workers/audio_analyzer/sound_thread.hpp"

#include <utility>

namespace vj::audio_analyzer {

SoundThread::SoundThread(Duration patience) : patience_(patience), thread_([shared = shared_] { work(*shared); }) {}

SoundThread::~SoundThread() {
  std::unique_lock lock(shared_->mutex);
  shared_->stop = true;
  shared_->changed.notify_all();
  const bool ended = shared_->changed.wait_for(lock, patience_, [this] { return shared_->ended; });
  lock.unlock();
  if (ended) {
    thread_.join();
  } else {
    thread_.detach();
  }
}

void SoundThread::post(std::function<void()> job) {
  const std::lock_guard lock(shared_->mutex);
  shared_->jobs.push_back(std::move(job));
  shared_->changed.notify_all();
}

void SoundThread::work(Shared& shared) {
  std::unique_lock lock(shared.mutex);
  while (true) {
    shared.changed.wait(lock, [&] { return shared.stop || !shared.jobs.empty(); });
    if (shared.jobs.empty()) break;
    auto job = std::move(shared.jobs.front());
    shared.jobs.pop_front();
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
  }
  shared.ended = true;
  shared.changed.notify_all();
}

}  // namespace vj::audio_analyzer
