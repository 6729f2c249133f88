#include "platform/udp.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "base/format.hpp"
#include "platform/event_loop.hpp"
#include "platform/process.hpp"
#include "platform/udp_port_owner.hpp"

using namespace vj;
using namespace vj::platform;

namespace {

const UdpAddress kAnyPort = *UdpAddress::numeric("127.0.0.1", 0);

UdpReceiver receiver(Backend backend = Backend::kNative) { return UdpReceiver::bind(kAnyPort, backend).value(); }

std::vector<std::string> receive_all(UdpReceiver& from) {
  std::vector<std::string> all;
  for (auto datagrams = from.receive(); datagrams.value().size() > 0; datagrams = from.receive()) {
    for (const auto& datagram : *datagrams) all.emplace_back(datagram.bytes);
  }
  return all;
}

}  // namespace

TEST_CASE("an address is read from numbers and written again") {
  CHECK(UdpAddress::numeric("127.0.0.1", 9000)->text() == "127.0.0.1:9000");
  CHECK(UdpAddress::numeric("::1", 9000)->text() == "[::1]:9000");
  CHECK_FALSE(UdpAddress::numeric("localhost", 9000));
  CHECK(UdpAddress::resolve("localhost", 9000)->text() == "127.0.0.1:9000");
  CHECK(UdpAddress::numeric("127.0.0.1", 1)->is_loopback());
  CHECK_FALSE(UdpAddress::numeric("192.0.2.7", 1)->is_loopback());
}

TEST_CASE("a host that nobody knows is told by its name") {
  const auto address = UdpAddress::resolve("no-such-host.invalid", 9000);
  REQUIRE_FALSE(address);
  CHECK(address.error().message.starts_with("cannot find host 'no-such-host.invalid'"));
}

TEST_CASE("datagrams arrive whole, in order, with their sender and time, on every backend") {
  for (const auto backend : {Backend::kNative, Backend::kPosix}) {
    auto to = receiver(backend);
    auto from = UdpSender::connect(to.address(), backend).value();
    CHECK(from.send("one") == SendOutcome::kSent);
    CHECK(from.send("") == SendOutcome::kSent);
    const auto before = std::chrono::system_clock::now();
    const auto datagrams = to.receive().value();
    REQUIRE(datagrams.size() > 0);
    CHECK(datagrams[0].bytes == "one");
    CHECK(datagrams[0].peer.text() == format("127.0.0.1:{}", from.local_port()));
    CHECK(std::chrono::abs(datagrams[0].received_at - before) < 5s);
    const std::vector<std::string_view> many(200, "many");
    CHECK(from.send_all(many) == SendOutcome::kSent);
    const auto rest = receive_all(to);
    CHECK(std::count(rest.begin(), rest.end(), "many") == 200);
  }
}

TEST_CASE("a datagram of the largest size arrives whole") {
  auto to = receiver();
  auto from = UdpSender::connect(to.address()).value();
  const std::string large(kLargestDatagram, 'x');
  CHECK(from.send(large) == SendOutcome::kSent);
  CHECK(receive_all(to) == std::vector<std::string>{large});
  CHECK(from.send(large + "x") == SendOutcome::kTooLong);
}

TEST_CASE("a peer that is not there refuses, and gets everything once it is there") {
  auto to = receiver();
  const auto address = to.address();
  for (const auto backend : {Backend::kNative, Backend::kPosix}) {
    auto from = UdpSender::connect(address, backend).value();
    to = receiver();  // another port: nobody listens on the first
    CHECK(from.send("lost") == SendOutcome::kSent);
    CHECK(from.send("lost too") == SendOutcome::kRefused);
    const std::vector<std::string_view> lost(3, "lost again");
    CHECK(from.send_all(lost) == SendOutcome::kRefused);
    to = UdpReceiver::bind(address, backend).value();
    CHECK(from.send("first") == SendOutcome::kRefused);  // of those before
    CHECK(from.send("second") == SendOutcome::kSent);
    CHECK(receive_all(to) == std::vector<std::string>{"first", "second"});
  }
}

TEST_CASE("what the kernel drops is counted exactly, also while nothing arrives any more") {
  auto to = receiver();
  auto from = UdpSender::connect(to.address()).value();
  CHECK(to.dropped() == 0);
  CHECK(to.buffer_bytes() > 0);
  const std::string large(32 << 10, 'x');
  constexpr std::size_t kSent = 1000;
  for (std::size_t i = 0; i < kSent; ++i) CHECK(from.send(large) == SendOutcome::kSent);
  const auto dropped = to.dropped();
  CHECK(dropped > 0);
  CHECK(receive_all(to).size() + dropped == kSent);
  CHECK(to.dropped() == dropped);
}

TEST_CASE("a port that is taken is not shared, and its owner is told") {
  const auto first = receiver();
  const auto second = UdpReceiver::bind(first.address());
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::kConflict);
  CHECK(second.error().message ==
        format("UDP port {} is taken by {} (pid {})", first.port(), process_usage(own_pid())->name, own_pid()));
}

TEST_CASE("nobody owns a port that is free") {
  std::uint16_t port = 0;
  {
    const auto one = receiver();
    port = one.port();
  }
  CHECK_FALSE(udp_port_owner(port));
}

TEST_CASE("a receiver wakes the loop") {
  EventLoop loop;
  auto to = receiver();
  auto from = UdpSender::connect(to.address()).value();
  int received = 0;
  const auto watch = loop.watch_readable(to.fd(), [&] { received += static_cast<int>(to.receive().value().size()); });
  CHECK(from.send("x") == SendOutcome::kSent);
  loop.run_once(5s);
  CHECK(received == 1);
}
