#include "osc_io/sender.hpp"

#include <doctest/doctest.h>

#include "base/format.hpp"
#include "osc/argument_text.hpp"
#include "osc/packet_writer.hpp"
#include "osc_io/receiver.hpp"
#include "support/temporary_folder.hpp"

using namespace vj;
using namespace vj::osc_io;

namespace {

// A receiver that writes down what it got, as people would read it.
struct Listener {
  explicit Listener(platform::EventLoop& loop, std::uint16_t port = 0)
      : receiver(Receiver::listen(
                     loop, *platform::UdpAddress::numeric("127.0.0.1", port),
                     [this](std::span<const platform::Datagram> datagrams) {
                       for (const auto& datagram : datagrams) got += line_of(datagram.bytes) + "; ";
                     },
                     [](const Error& error) { FAIL(error.message); })
                     .value()) {}

  static std::string line_of(std::string_view packet) {
    std::string line = packet.starts_with('#') ? "bundle:" : "";
    osc::PacketReader reader(packet);
    while (const auto item = reader.next()) {
      const auto& message = std::get<osc::MessageView>(*item);
      line += format("{}{} {}", line.empty() ? "" : " ", message.address, osc::arguments_text(message));
    }
    return line;
  }

  std::string got;
  std::unique_ptr<Receiver> receiver;
};

struct Rig {
  Rig() : one(loop), two(loop), tap(loop) {
    osc.tap = tap.receiver->port();
    osc.targets = {{.name = "one", .port = one.receiver->port(), .filter = {}},
                   {.name = "two", .port = two.receiver->port(), .filter = {"/audio"}}};
  }
  Sender& sender() {
    if (!made) made = std::make_unique<Sender>(loop, osc, TargetSwitches{}, [this] { ++changes; });
    return *made;
  }
  void turn() {
    for (int i = 0; i < 3; ++i) loop.run_once(20ms);
  }

  platform::EventLoop loop;
  Listener one, two, tap;
  config::Osc osc;
  std::unique_ptr<Sender> made;
  int changes = 0;
};

const std::string kBeat = osc::encode_message("/audio/beat", {std::int32_t{1}});
const std::string kMood = osc::encode_message("/vj/mood", {std::string_view("énergique")});

}  // namespace

TEST_CASE("a message goes to every target whose filter lets it pass, and to the tap") {
  Rig rig;
  rig.sender().send(kBeat);
  rig.sender().send(kMood);
  rig.turn();
  CHECK(rig.one.got == "/audio/beat 1; /vj/mood énergique; ");
  CHECK(rig.two.got == "/audio/beat 1; ");
  CHECK(rig.tap.got == "/audio/beat 1; /vj/mood énergique; ");
}

TEST_CASE("a target that is switched off gets nothing more, and the others miss nothing") {
  Rig rig;
  rig.sender().send(kBeat);
  CHECK(rig.sender().switch_target("two", false));
  rig.sender().send(kBeat);
  CHECK(rig.sender().switch_target("two", true));
  rig.sender().send(kBeat);
  rig.turn();
  CHECK(rig.one.got == "/audio/beat 1; /audio/beat 1; /audio/beat 1; ");
  CHECK(rig.two.got == "/audio/beat 1; /audio/beat 1; ");
  CHECK(rig.changes >= 2);
}

TEST_CASE("a switch of an earlier run counts more than the configuration") {
  Rig rig;
  Sender sender(rig.loop, rig.osc, {{"one", false}, {"gone", false}});
  CHECK_FALSE(sender.targets()[0].enabled);
  CHECK(sender.targets()[1].enabled);
}

TEST_CASE("a target that nobody knows is refused with those there are") {
  Rig rig;
  CHECK(rig.sender().switch_target("three", false).error().message == "no OSC target 'three'; there are one, two");
}

TEST_CASE("messages of one moment are a bundle where the target wants one") {
  Rig rig;
  rig.osc.targets[0].bundles = true;
  const std::string_view both[] = {kBeat, kMood};
  rig.sender().send_together(both);
  rig.turn();
  CHECK(rig.one.got == "bundle: /audio/beat 1 /vj/mood énergique; ");
  CHECK(rig.two.got == "/audio/beat 1; ");
  CHECK(rig.tap.got == "bundle: /audio/beat 1 /vj/mood énergique; ");
}

TEST_CASE("a bundle stays within one frame of the network") {
  Rig rig;
  rig.osc.targets[0].bundles = true;
  const auto spectrum = osc::encode_message("/s", std::vector<osc::Argument>(200, 0.0F));
  const std::string_view three[] = {spectrum, spectrum, kBeat};
  rig.sender().send_together(three);
  rig.turn();
  const auto bundles = std::count(rig.one.got.begin(), rig.one.got.end(), ';');
  CHECK(bundles == 2);
}

TEST_CASE("a target that knows only ASCII gets ASCII") {
  Rig rig;
  rig.osc.targets[0].ascii = true;
  const std::string_view both[] = {kBeat, kMood};
  rig.sender().send(kMood);
  rig.sender().send_together(both);
  rig.turn();
  CHECK(rig.one.got == "/vj/mood energique; /audio/beat 1; /vj/mood energique; ");
}

TEST_CASE("a target that is not there is noticed, disturbs no other, and is welcome back") {
  Rig rig;
  const auto port = rig.one.receiver->port();
  rig.one.receiver.reset();
  for (int i = 0; i < 10; ++i) rig.sender().send(kBeat);
  rig.turn();
  CHECK(rig.sender().targets()[0].problem == "nobody there");
  CHECK(rig.sender().targets()[1].problem.empty());
  CHECK(std::count(rig.two.got.begin(), rig.two.got.end(), ';') == 10);
  CHECK(rig.changes > 0);

  Listener back(rig.loop, port);
  rig.sender().send(kBeat);
  rig.sender().send(kBeat);
  rig.turn();
  CHECK(back.got == "/audio/beat 1; /audio/beat 1; ");
  const auto deadline = platform::EventLoop::clock() + 5s;
  while (!rig.sender().targets()[0].problem.empty() && platform::EventLoop::clock() < deadline) {
    rig.sender().send(kBeat);
    rig.loop.run_once(50ms);
  }
  CHECK(rig.sender().targets()[0].problem.empty());
}

TEST_CASE("a stream leaves a target alone for a while where nobody is, and comes back to it by itself") {
  Rig rig;
  const auto port = rig.one.receiver->port();
  rig.one.receiver.reset();
  const std::string_view stream[] = {kBeat};
  for (int i = 0; i < 2; ++i) rig.sender().stream(stream);  // the second is told that nobody was there
  Listener back(rig.loop, port);
  rig.sender().stream(stream);
  rig.turn();
  CHECK(back.got.empty());
  CHECK(rig.two.got == "/audio/beat 1; /audio/beat 1; /audio/beat 1; ");
  rig.sender().send(kBeat);  // what happens once does not wait
  rig.turn();
  CHECK(back.got == "/audio/beat 1; ");
  back.got.clear();
  const auto deadline = platform::EventLoop::clock() + 5s;
  while (back.got.empty() && platform::EventLoop::clock() < deadline) {
    rig.sender().stream(stream);
    rig.loop.run_once(50ms);
  }
  CHECK_FALSE(back.got.empty());
}

TEST_CASE("a host is found by name, and a name that nobody knows is told") {
  Rig rig;
  rig.osc.targets[0].host = "localhost";
  rig.osc.targets[1].host = "no-such-host.invalid";
  auto& sender = rig.sender();
  const auto deadline = platform::EventLoop::clock() + 20s;
  while (sender.targets()[1].problem.empty() && platform::EventLoop::clock() < deadline) rig.loop.run_once(50ms);
  while (!sender.targets()[0].address.starts_with("127.") && platform::EventLoop::clock() < deadline) {
    rig.loop.run_once(50ms);
  }
  sender.send(kBeat);
  rig.turn();
  CHECK(rig.one.got == "/audio/beat 1; ");
  CHECK(sender.targets()[1].problem.starts_with("cannot find host 'no-such-host.invalid'"));
}

TEST_CASE("the tap may be elsewhere than configured") {
  Rig rig;
  rig.osc.tap = 1;
  rig.sender().set_tap(rig.tap.receiver->port());
  rig.sender().send(kBeat);
  rig.turn();
  CHECK(rig.tap.got == "/audio/beat 1; ");
}

TEST_CASE("a relay sends on what it hears") {
  platform::EventLoop loop;
  Listener from(loop), to(loop), other(loop);
  from.receiver->relay_to({"127.0.0.1", to.receiver->port()});
  auto source =
      platform::UdpSender::connect(*platform::UdpAddress::numeric("127.0.0.1", from.receiver->port())).value();
  CHECK(source.send(kBeat) == platform::SendOutcome::kSent);
  for (int i = 0; i < 3; ++i) loop.run_once(20ms);
  CHECK(from.got == "/audio/beat 1; ");
  CHECK(to.got == "/audio/beat 1; ");
  CHECK(other.got.empty());
}

TEST_CASE("which targets were switched is kept in the home") {
  const test::TemporaryFolder home;
  const TargetSwitches switches{{"my visuals", false}, {"resolume", true}};
  REQUIRE(write_target_switches(home.path(), switches));
  CHECK(read_target_switches(home.path()).value() == switches);
}
