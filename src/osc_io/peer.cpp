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

Peer::Peer(platform::EventLoop& loop, std::string host, std::uint16_t port, Changed changed, PeerOptions options)
    : loop_(loop),
      host_(std::move(host)),
      port_(port),
      changed_(std::move(changed)),
      options_(std::move(options)),
      address_(platform::UdpAddress::numeric(host_, port_)),
      find_again_(loop.timer([this] { find(); })),
      renew_(loop.timer([this] {
        if (last_outcome_ == platform::SendOutcome::kUnreachable) find();
      })),
      tell_(loop.timer([this] { changed_(); })) {
  is_numeric_ = address_.has_value();
  find();
}

std::string Peer::address() const { return address_ ? address_->text() : format("{}:{}", host_, port_); }

void Peer::find() {
  if (is_numeric_) return connect(*address_);
  if (is_looking_up_) return;
  is_looking_up_ = true;
  const auto found = [this](const Result<platform::UdpAddress>& address) {
    is_looking_up_ = false;
    if (address) return connect(*address);
    // Who tells names may be out of reach for longer than the host.
    if (address_) return connect(*address_);
    set_problem(address.error().message);
    find_again_.after(kLookAgain);
  };
  lookup_ = std::make_unique<HostLookup>(loop_, host_, port_, found, options_.resolve);
}

void Peer::connect(platform::UdpAddress address) {
  address_ = address;
  auto socket = options_.connect(address);
  if (!socket) {
    socket_.reset();
    last_outcome_ = platform::SendOutcome::kSent;
    failed_at_.reset();
    set_problem(socket.error().message);
    return find_again_.after(options_.try_again);
  }
  socket_.emplace(std::move(*socket));
  // After a failed send only one that does not fail shows that all is well.
  if (!failed_at_) set_problem("");
  tell_.after(0ns);  // the address is new, also where no problem was
}

void Peer::note_change(platform::SendOutcome outcome) {
  last_outcome_ = outcome;
  if (outcome != platform::SendOutcome::kSent) {
    failed_at_ = loop_.now();
    if (outcome == platform::SendOutcome::kUnreachable && socket_ && !renew_.armed()) renew_.after(options_.renew);
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
