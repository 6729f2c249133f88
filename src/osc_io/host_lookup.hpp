// Finds the address of a host by name without holding up the loop: the resolver may take seconds, and works on a thread
// of its own until it has an answer. Belongs to the loop's thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "platform/event_loop.hpp"
#include "platform/udp_address.hpp"

namespace vj::osc_io {

class HostLookup {
 public:
  using Callback = std::function<void(Result<platform::UdpAddress>)>;
  // Called on the lookup's own thread; may take seconds.
  using Resolve = std::function<Result<platform::UdpAddress>(const std::string& host, std::uint16_t port)>;

  // Calls back once, from the loop, unless the lookup dies first; it does not wait for its thread then.
  HostLookup(platform::EventLoop& loop, std::string host, std::uint16_t port, Callback callback,
             Resolve resolve = platform::UdpAddress::resolve);
  ~HostLookup();
  HostLookup(const HostLookup&) = delete;
  HostLookup& operator=(const HostLookup&) = delete;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace vj::osc_io
