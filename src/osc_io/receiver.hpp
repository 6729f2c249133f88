// Listens on a UDP port and hands out what arrives, many datagrams at a time; relays them if wanted. Belongs to one
// thread.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "config/config.hpp"
#include "osc_io/peer.hpp"
#include "platform/event_loop.hpp"
#include "platform/udp.hpp"

namespace vj::osc_io {

class Receiver {
 public:
  using Handler = std::function<void(std::span<const platform::Datagram>)>;
  using Problem = std::function<void(const Error&)>;

  // kConflict where the port is taken, with its owner if it can be found.
  [[nodiscard]] static Result<std::unique_ptr<Receiver>> listen(platform::EventLoop& loop,
                                                                const platform::UdpAddress& address, Handler handler,
                                                                Problem problem);

  // Sends every datagram on, as it is, before the handler sees it.
  void relay_to(const config::Endpoint& to);
  [[nodiscard]] const Peer* relay() const { return relay_.get(); }  // null where there is none

  [[nodiscard]] std::uint16_t port() const { return socket_.port(); }
  [[nodiscard]] std::uint64_t dropped() { return socket_.dropped(); }

 private:
  Receiver(platform::EventLoop& loop, platform::UdpReceiver socket, Handler handler, Problem problem);
  void receive();

  platform::EventLoop& loop_;
  platform::UdpReceiver socket_;
  Handler handler_;
  Problem problem_;
  std::unique_ptr<Peer> relay_;
  std::vector<std::string_view> relayed_;
  platform::EventLoop::Watch watch_;
};

}  // namespace vj::osc_io
