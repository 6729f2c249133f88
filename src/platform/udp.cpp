#include "platform/udp.hpp"

#include <algorithm>

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/format.hpp"
#include "platform/system_error.hpp"
#include "platform/udp_batch.hpp"
#include "platform/udp_port_owner.hpp"

namespace vj::platform {
namespace {

Result<UniqueFd> open_socket(const UdpAddress& address) {
  UniqueFd fd(::socket(address.family(), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return system_failure("cannot open a UDP socket");
  return fd;
}

const sockaddr* system_address(const UdpAddress& address) { return static_cast<const sockaddr*>(address.data()); }
socklen_t system_size(const UdpAddress& address) { return static_cast<socklen_t>(address.size()); }

UdpAddress own_address(int fd) {
  sockaddr_in6 address{};
  socklen_t size = sizeof address;
  (void)::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);  // fails only for what is no socket
  return UdpAddress::from_system(&address, size);
}

SendOutcome outcome_of(int error) {
  switch (error) {
    case EAGAIN:
    case ENOBUFS:
    case ENOMEM:
      return SendOutcome::kFull;
    case EMSGSIZE:
      return SendOutcome::kTooLong;
    default:
      return SendOutcome::kUnreachable;
  }
}

// As much as the system lets us have.
int enlarge_receive_buffer(int fd, int bytes) {
  if (!force_receive_buffer(fd, bytes)) (void)::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  int granted = 0;
  socklen_t size = sizeof granted;
  (void)::getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &granted, &size);
  return granted;
}

}  // namespace

Result<UdpSender> UdpSender::connect(const UdpAddress& peer, Backend backend) {
  auto fd = open_socket(peer);
  if (!fd) return std::unexpected(fd.error());
  if (::connect(fd->get(), system_address(peer), system_size(peer)) != 0) {
    return system_failure(format("cannot send to {}", peer.text()));
  }
  const auto port = own_address(fd->get()).port();
  return UdpSender(std::move(*fd), peer, port, backend);
}

SendOutcome UdpSender::send(std::string_view datagram) noexcept {
  const auto try_once = [&] {
    return ::send(fd_.get(), datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  };
  if (try_once() >= 0) return SendOutcome::kSent;
  if (errno != ECONNREFUSED) return outcome_of(errno);
  // The refusal is an earlier datagram's, and this one was not sent for it. The peer may be there by now.
  return try_once() >= 0 || errno == ECONNREFUSED ? SendOutcome::kRefused : outcome_of(errno);
}

SendOutcome UdpSender::send_all(std::span<const std::string_view> datagrams) noexcept {
  auto worst = SendOutcome::kSent;
  bool tried_again = false;
  while (!datagrams.empty()) {
    const auto sent =
        backend_ == Backend::kNative ? send_batch_linux(fd_.get(), datagrams) : send_batch_posix(fd_.get(), datagrams);
    datagrams = datagrams.subspan(sent.count);
    if (sent.count > 0) tried_again = false;
    if (sent.error == 0) continue;
    worst = std::max(worst, sent.error == ECONNREFUSED ? SendOutcome::kRefused : outcome_of(sent.error));
    if (sent.error == ECONNREFUSED && !tried_again) {
      tried_again = true;
    } else {
      datagrams = datagrams.subspan(1);
    }
  }
  return worst;
}

Result<UdpReceiver> UdpReceiver::bind(const UdpAddress& address, Backend backend) {
  auto fd = open_socket(address);
  if (!fd) return std::unexpected(fd.error());
  if (::bind(fd->get(), system_address(address), system_size(address)) != 0) {
    if (errno != EADDRINUSE) return system_failure(format("cannot listen on {}", address.text()));
    const auto owner = udp_port_owner(address.port());
    return fail(ErrorCode::kConflict, format("UDP port {} is taken by {}", address.port(),
                                             owner.value_or("a program that this user may not see")));
  }
  const int granted = enlarge_receive_buffer(fd->get(), kBufferBytes);
  if (backend == Backend::kNative) enable_timestamps(fd->get());
  auto batch = backend == Backend::kNative ? make_linux_batch() : make_posix_batch();
  const auto own = own_address(fd->get());
  return UdpReceiver(std::move(*fd), own, granted, std::move(batch));
}

std::uint64_t UdpReceiver::dropped() {
  const auto count = drop_counter(fd_.get());
  dropped_ += count - last_count_;  // unsigned: right also when the counter has wrapped
  last_count_ = count;
  return dropped_;
}

}  // namespace vj::platform
