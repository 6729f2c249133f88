// One receiver of datagrams, by host and port: finds its address, sends without ever waiting, and notices whether
// anybody is there. Where no way leads there it keeps looking for one, also when the network is another one by then.
// What is wrong with it is a state with a reason, never an error for the sender. Belongs to one thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "osc_io/host_lookup.hpp"
#include "platform/event_loop.hpp"
#include "platform/udp.hpp"

namespace vj::osc_io {

// What a peer has of the network, and how patient it is.
struct PeerOptions {
  std::function<Result<platform::UdpSender>(const platform::UdpAddress&)> connect =
      [](const platform::UdpAddress& address) { return platform::UdpSender::connect(address); };
  HostLookup::Resolve resolve = platform::UdpAddress::resolve;
  // The way there is tried again so long after there was none.
  Duration try_again = 5s;
  // A socket keeps the address it was given at first, for ever: after this time without a way it is made anew.
  Duration renew = 1s;
};

class Peer {
 public:
  using Changed = std::function<void()>;

  // A host that cannot be found is looked for again after this time.
  static constexpr Duration kLookAgain = 30s;
  // A peer that refuses counts as absent until it has refused nothing for this long.
  static constexpr Duration kBelieveAgain = 1s;
  // What is sent all the time anyway need not be tried more often where nobody is.
  static constexpr Duration kRest = 100ms;

  // `changed` is called from the loop after problem() has changed. Never moves: its callbacks know where it is.
  Peer(platform::EventLoop& loop, std::string host, std::uint16_t port, Changed changed, PeerOptions options = {});
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // Sent now or never: what cannot be sent is dropped, because the next value is worth more than an old one.
  void send(std::string_view datagram) noexcept {
    if (socket_) note(socket_->send(datagram));
  }
  void send_all(std::span<const std::string_view> datagrams) noexcept {
    if (socket_) note(socket_->send_all(datagrams));
  }

  // Refused less than kRest ago: whatever can wait until the next should.
  [[nodiscard]] bool rests() const noexcept {
    return last_outcome_ == platform::SendOutcome::kRefused && loop_.now() - *failed_at_ < kRest;
  }

  // Why nothing arrives there, as far as known: "nobody there", "cannot find host …"; empty while all is well.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  // "127.0.0.1:9000", or with the name while that has no address.
  [[nodiscard]] std::string address() const;
  // Where the datagrams come from; 0 while there is no way there.
  [[nodiscard]] std::uint16_t local_port() const { return socket_ ? socket_->local_port() : 0; }

 private:
  void find();
  void connect(platform::UdpAddress address);
  void note(platform::SendOutcome outcome) noexcept {
    if (outcome != last_outcome_ || failed_at_) note_change(outcome);
  }
  void note_change(platform::SendOutcome outcome);
  void set_problem(std::string problem);

  platform::EventLoop& loop_;
  std::string host_;
  std::uint16_t port_;
  Changed changed_;
  PeerOptions options_;
  bool is_numeric_ = false;
  std::optional<platform::UdpAddress> address_;  // of a name the last that was found
  std::optional<platform::UdpSender> socket_;
  platform::SendOutcome last_outcome_ = platform::SendOutcome::kSent;
  std::optional<Time> failed_at_;  // the last time, while it counts as absent
  std::string problem_;
  std::unique_ptr<HostLookup> lookup_;
  bool is_looking_up_ = false;
  platform::EventLoop::Timer find_again_;
  platform::EventLoop::Timer renew_;
  platform::EventLoop::Timer tell_;
};

}  // namespace vj::osc_io
