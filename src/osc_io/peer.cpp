#include "osc_io/peer.hpp"

#include "base/format.hpp"

namespace vj::osc_io {
namespace {

std::string_view words_for(platform::SendOutcome outcome) {
  switch (outcome) {
    case platform::SendOutcome::kRefused:
      return "nobody there";
    case platform::SendOutcome::kUnreachable:
      return "no way there";
    case platform::SendOutcome::kTooLong:
      return "a message was too long to be sent";
    case platform::SendOutcome::kFull:
      return "the network does not keep up";
    case platform::SendOutcome::kSent:
      break;
  }
  return "";
}

}  // namespace

Peer::Peer(platform::EventLoop& loop, std::string host, std::uint16_t port, Changed changed)
    : loop_(loop),
      host_(std::move(host)),
      port_(port),
      changed_(std::move(changed)),
      look_again_(loop.timer([this] { look_up(); })),
      tell_(loop.timer([this] { changed_(); })) {
  if (const auto address = platform::UdpAddress::numeric(host_, port_)) {
    connect(*address);
  } else {
    look_up();
  }
}

std::string Peer::address() const { return socket_ ? socket_->peer().text() : format("{}:{}", host_, port_); }

void Peer::look_up() {
  lookup_ = std::make_unique<HostLookup>(loop_, host_, port_, [this](const Result<platform::UdpAddress>& address) {
    if (address) return connect(*address);
    set_problem(address.error().message);
    look_again_.after(kLookAgain);
  });
}

void Peer::connect(const platform::UdpAddress& address) {
  auto socket = platform::UdpSender::connect(address);
  if (!socket) return set_problem(socket.error().message);
  socket_.emplace(std::move(*socket));
  set_problem("");
  tell_.after(0ns);  // the address is new, also where no problem was
}

void Peer::note_change(platform::SendOutcome outcome) {
  last_outcome_ = outcome;
  if (outcome != platform::SendOutcome::kSent) {
    failed_at_ = loop_.now();
    set_problem(std::string(words_for(outcome)));
  } else if (failed_at_ && loop_.now() - *failed_at_ >= kBelieveAgain) {
    failed_at_.reset();
    set_problem("");
  }
}

void Peer::set_problem(std::string problem) {
  if (problem == problem_) return;
  problem_ = std::move(problem);
  // Not from within a send, where nobody expects to be called.
  tell_.after(0ns);
}

}  // namespace vj::osc_io
