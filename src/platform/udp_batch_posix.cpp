
#include <netinet/in.h>
#include <sys/socket.h>

#include "platform/system_error.hpp"
#include "platform/udp_batch.hpp"

namespace vj::platform {
namespace {

// One datagram a call, copied by the system into the one buffer; the batch is then always of one.
class PosixBatch final : public DatagramBatch {
 public:
  Result<std::span<const Datagram>> receive(int fd) override {
    sockaddr_in6 peer;
    socklen_t peer_size = sizeof peer;
    const auto size =
        ::recvfrom(fd, memory_.get(), kLargestDatagram, MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&peer), &peer_size);
    if (size < 0) {
      if (errno == EAGAIN || errno == EINTR) return std::span<const Datagram>();
      return system_failure("cannot receive");
    }
    datagram_ = {.peer = UdpAddress::from_system(&peer, peer_size),
                 .bytes = {memory_.get(), static_cast<std::size_t>(size)},
                 .received_at = std::chrono::system_clock::now()};
    return std::span<const Datagram>(&datagram_, 1);
  }

 private:
  std::unique_ptr<char[]> memory_ = std::make_unique_for_overwrite<char[]>(kLargestDatagram);
  Datagram datagram_;
};

}  // namespace

std::unique_ptr<DatagramBatch> make_posix_batch() { return std::make_unique<PosixBatch>(); }

BatchSent send_batch_posix(int fd, std::span<const std::string_view> datagrams) noexcept {
  BatchSent sent;
  for (const auto datagram : datagrams) {
    if (::send(fd, datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
      sent.error = errno;
      break;
    }
    ++sent.count;
  }
  return sent;
}

}  // namespace vj::platform
