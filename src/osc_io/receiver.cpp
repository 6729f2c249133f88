#include "osc_io/receiver.hpp"

namespace vj::osc_io {
namespace {

// Per turn of the loop, so that a flood does not keep its other work waiting.
constexpr int kMostBatches = 16;

}  // namespace

Result<std::unique_ptr<Receiver>> Receiver::listen(platform::EventLoop& loop, const platform::UdpAddress& address,
                                                   Handler handler, Problem problem) {
  auto socket = platform::UdpReceiver::bind(address);
  if (!socket) return std::unexpected(socket.error());
  return std::unique_ptr<Receiver>(new Receiver(loop, std::move(*socket), std::move(handler), std::move(problem)));
}

Receiver::Receiver(platform::EventLoop& loop, platform::UdpReceiver socket, Handler handler, Problem problem)
    : loop_(loop),
      socket_(std::move(socket)),
      handler_(std::move(handler)),
      problem_(std::move(problem)),
      watch_(loop.watch_readable(socket_.fd(), [this] { receive(); })) {}

void Receiver::relay_to(const config::Endpoint& to) {
  relay_ = std::make_unique<Peer>(loop_, to.host, to.port, [] {});
}

void Receiver::receive() {
  for (int i = 0; i < kMostBatches; ++i) {
    const auto datagrams = socket_.receive();
    if (!datagrams) return problem_(datagrams.error());
    if (datagrams->empty()) return;
    if (relay_) {
      relayed_.clear();
      for (const auto& datagram : *datagrams) relayed_.push_back(datagram.bytes);
      relay_->send_all(relayed_);
    }
    handler_(*datagrams);
  }
}

}  // namespace vj::osc_io
