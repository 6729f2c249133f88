#include "osc_io/peer.hpp"

#include <atomic>
#include <utility>

#include <doctest/doctest.h>

#include "platform/udp.hpp"

using namespace vj;
using namespace vj::osc_io;

namespace {

// A network whose ways open and close as a test says: the sockets are real, of this machine.
struct Network {
  Network() : here(platform::UdpReceiver::bind(*platform::UdpAddress::numeric("127.0.0.1", 0)).value()) {}

  PeerOptions options() {
    return {.connect = [this](const platform::UdpAddress& address) { return connect(address); },
            .resolve = [this](const std::string& name, std::uint16_t port) { return resolve(name, port); },
            .try_again = 1ms,
            .renew = 1ms};
  }

  Result<platform::UdpSender> connect(const platform::UdpAddress& address) {
    ++connects;
    if (!has_way) return fail(ErrorCode::kIo, "no way");
    auto sender = platform::UdpSender::connect(address);
    // One that is left without its socket fails with every send, as one does whose own address is gone.
    if (address_will_change) const auto taken = std::move(sender);
    return sender;  // NOLINT(bugprone-use-after-move): see above
  }

  Result<platform::UdpAddress> resolve(const std::string&, std::uint16_t port) {
    ++lookups;
    if (!knows_names) return fail(ErrorCode::kNotFound, "no such name");
    return *platform::UdpAddress::numeric(is_moved ? "127.0.0.2" : "127.0.0.1", port);
  }

  // Runs the loop, sending all the time, until `is_so` or a deadline has passed.
  template <class Condition>
  bool reaches(Peer& peer, Condition is_so) {
    const Time deadline = platform::EventLoop::clock() + 10s;
    bool so = is_so();
    while (!so && platform::EventLoop::clock() < deadline) {
      peer.send("x");
      loop.run_once(5ms);
      so = is_so();
    }
    return so;
  }
  bool arrives() { return !here.receive().value().empty(); }

  platform::EventLoop loop;
  platform::UdpReceiver here;
  bool has_way = true;
  bool address_will_change = false;
  std::atomic<bool> knows_names = true, is_moved = false;
  int connects = 0;
  std::atomic<int> lookups = 0;
};

}  // namespace

TEST_CASE("a peer to whom no way leads at first is reached as soon as one does") {
  Network network;
  network.has_way = false;
  int changes = 0;
  Peer peer(network.loop, "127.0.0.1", network.here.port(), [&] { ++changes; }, network.options());
  CHECK(peer.problem() == "no way");
  CHECK(peer.local_port() == 0);
  CHECK(network.reaches(peer, [&] { return network.connects > 3; }));
  CHECK(changes == 1);  // one problem is told once, however often it is met
  network.has_way = true;
  CHECK(network.reaches(peer, [&] { return network.arrives(); }));
  CHECK(peer.problem().empty());
}

TEST_CASE("a peer is reached again from another address of ours") {
  for (const std::string host : {"127.0.0.1", "a.name"}) {
    CAPTURE(host);
    Network network;
    network.address_will_change = true;
    Peer peer(network.loop, host, network.here.port(), [] {}, network.options());
    CHECK(network.reaches(peer, [&] { return peer.problem() == "no way there"; }));
    network.address_will_change = false;
    CHECK(network.reaches(peer, [&] { return network.arrives(); }));
    CHECK(network.reaches(peer, [&] { return peer.problem().empty(); }));
  }
}

TEST_CASE("a host that cannot be reached any more is looked up again, and found where it is now") {
  Network network;
  network.address_will_change = true;
  Peer peer(network.loop, "a.name", network.here.port(), [] {}, network.options());
  CHECK(network.reaches(peer, [&] { return network.lookups > 1; }));
  SUBCASE("where it has moved") {
    network.is_moved = true;
    CHECK(network.reaches(peer, [&] { return peer.address().starts_with("127.0.0.2:"); }));
  }
  SUBCASE("where nobody tells names any more, it is where it was") {
    network.knows_names = false;
    network.address_will_change = false;
    CHECK(network.reaches(peer, [&] { return network.arrives(); }));
  }
}

TEST_CASE("a peer that is there is connected to once") {
  Network network;
  Peer peer(network.loop, "127.0.0.1", network.here.port(), [] {}, network.options());
  CHECK(network.reaches(peer, [&] { return network.arrives(); }));
  for (int i = 0; i < 5; ++i) network.loop.run_once(2ms);
  CHECK(network.connects == 1);
}
