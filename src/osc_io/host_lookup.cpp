#include "osc_io/host_lookup.hpp"

#include <mutex>
#include <optional>
#include <thread>

namespace vj::osc_io {

// What the resolver's thread and the loop both hold. The waker is there as long as somebody wants the answer; the
// thread may outlive that.
struct HostLookup::Shared {
  std::mutex mutex;
  std::optional<platform::EventLoop::Waker> waker;
  std::optional<Result<platform::UdpAddress>> answer;
};

HostLookup::HostLookup(platform::EventLoop& loop, std::string host, std::uint16_t port, Callback callback,
                       Resolve resolve)
    : shared_(std::make_shared<Shared>()) {
  shared_->waker = loop.waker([shared = shared_.get(), callback = std::move(callback)] {
    std::optional<Result<platform::UdpAddress>> answer;
    {
      const std::scoped_lock lock(shared->mutex);
      answer.swap(shared->answer);
    }
    if (answer) callback(std::move(*answer));
  });
  std::thread([shared = shared_, host = std::move(host), port, resolve = std::move(resolve)] {
    auto answer = resolve(host, port);
    const std::scoped_lock lock(shared->mutex);
    if (!shared->waker) return;
    shared->answer = std::move(answer);
    shared->waker->wake();
  }).detach();
}

HostLookup::~HostLookup() {
  const std::scoped_lock lock(shared_->mutex);
  shared_->waker.reset();
}

}  // namespace vj::osc_io
