#include <algorithm>
#include <array>
#include <cstring>

#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "platform/system_error.hpp"
#include "platform/udp_batch.hpp"

namespace vj::platform {
namespace {

constexpr std::size_t kBufferSize = 64 << 10;
constexpr std::size_t kControlSize = CMSG_SPACE(sizeof(timespec));

std::optional<WallTime> timestamp_of(msghdr& header) {
  for (auto* control = CMSG_FIRSTHDR(&header); control != nullptr; control = CMSG_NXTHDR(&header, control)) {
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec time;
    std::memcpy(&time, CMSG_DATA(control), sizeof time);
    return WallTime(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
  }
  return std::nullopt;
}

class LinuxBatch final : public DatagramBatch {
 public:
  LinuxBatch() : memory_(std::make_unique_for_overwrite<char[]>(kBatchSize * kBufferSize)) {
    for (std::size_t i = 0; i < kBatchSize; ++i) {
      parts_[i] = {memory_.get() + i * kBufferSize, kBufferSize};
      headers_[i].msg_hdr = {.msg_name = &peers_[i],
                             .msg_namelen = 0,
                             .msg_iov = &parts_[i],
                             .msg_iovlen = 1,
                             .msg_control = controls_[i].bytes,
                             .msg_controllen = 0,
                             .msg_flags = 0};
    }
  }

  Result<std::span<const Datagram>> receive(int fd) override {
    for (auto& header : headers_) {  // the kernel wrote into these the last time
      header.msg_hdr.msg_namelen = sizeof(sockaddr_in6);
      header.msg_hdr.msg_controllen = kControlSize;
    }
    const int count = ::recvmmsg(fd, headers_.data(), kBatchSize, MSG_DONTWAIT, nullptr);
    if (count < 0) {
      if (errno == EAGAIN || errno == EINTR) return std::span<const Datagram>();
      return system_failure("cannot receive");
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      auto& header = headers_[i].msg_hdr;
      datagrams_[i] = {.peer = UdpAddress::from_system(&peers_[i], header.msg_namelen),
                       .bytes = {memory_.get() + i * kBufferSize, headers_[i].msg_len},
                       .received_at = timestamp_of(header).value_or(std::chrono::system_clock::now())};
    }
    return std::span<const Datagram>(datagrams_.data(), static_cast<std::size_t>(count));
  }

 private:
  struct alignas(cmsghdr) Control {
    char bytes[kControlSize];
  };

  std::unique_ptr<char[]> memory_;  // pages that no datagram reaches are never touched
  std::array<mmsghdr, kBatchSize> headers_{};
  std::array<iovec, kBatchSize> parts_;
  std::array<sockaddr_in6, kBatchSize> peers_;
  std::array<Control, kBatchSize> controls_;
  std::array<Datagram, kBatchSize> datagrams_;
};

}  // namespace

std::unique_ptr<DatagramBatch> make_linux_batch() { return std::make_unique<LinuxBatch>(); }

BatchSent send_batch_linux(int fd, std::span<const std::string_view> datagrams) noexcept {
  std::array<mmsghdr, kBatchSize> headers;
  std::array<iovec, kBatchSize> parts;
  const auto count = std::min(datagrams.size(), kBatchSize);
  for (std::size_t i = 0; i < count; ++i) {
    parts[i] = {const_cast<char*>(datagrams[i].data()), datagrams[i].size()};  // sendmmsg only reads
    headers[i] = {};
    headers[i].msg_hdr.msg_iov = &parts[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  const int sent = ::sendmmsg(fd, headers.data(), static_cast<unsigned>(count), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0) return {0, errno};
  return {static_cast<std::size_t>(sent), 0};
}

bool force_receive_buffer(int fd, int bytes) {
  return ::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) == 0;
}

void enable_timestamps(int fd) {
  const int on = 1;
  // Where it is refused, the time of reading stands in.
  (void)::setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
}

// SO_RXQ_OVFL tells the same counter, but only together with the next datagram that gets through.
std::uint32_t drop_counter(int fd) {
  std::array<std::uint32_t, SK_MEMINFO_VARS> values{};
  socklen_t size = sizeof values;
  if (::getsockopt(fd, SOL_SOCKET, SO_MEMINFO, values.data(), &size) != 0) return 0;
  return values[SK_MEMINFO_DROPS];
}

}  // namespace vj::platform
