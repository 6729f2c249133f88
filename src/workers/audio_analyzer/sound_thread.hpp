// The thread on which a sound server is spoken to, which may keep it waiting for as long as it likes. Jobs are done one
// after the other. A thread that hangs when its owner dies is left behind, so a job may use only what it shares.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/time.hpp"

namespace vj::audio_analyzer {

class SoundThread {
 public:
  // `patience`: how long the destructor waits for what is still to be done.
  explicit SoundThread(Duration patience);
  ~SoundThread();
  SoundThread(const SoundThread&) = delete;
  SoundThread& operator=(const SoundThread&) = delete;

  // Never waits. What the job holds dies on the thread, too. Thread-safe: yes.
  void post(std::function<void()> job);

 private:
  struct Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::function<void()>> jobs;
    bool stop = false, ended = false;
  };
  static void work(Shared& shared);

  Duration patience_;
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  std::thread thread_;
};

}  // namespace vj::audio_analyzer
