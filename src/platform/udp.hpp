// UDP sockets: one that sends to one peer, one that receives from all. Neither ever waits. Belong to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/poller.hpp"
#include "platform/udp_address.hpp"
#include "platform/unique_fd.hpp"

namespace vj::platform {

inline constexpr std::size_t kLargestDatagram = 65507;

enum class SendOutcome {
  kSent,
  kRefused,      // it was sent, but nobody took an earlier one: no program listens there
  kFull,         // the system's buffer is full: it was not sent
  kTooLong,      // more than the network takes: it was not sent
  kUnreachable,  // no way there: it was not sent
};

// A socket of its own for each peer, because the system reports a refused datagram to the socket it came from: what one
// peer refuses is then never told to another's sender.
class UdpSender {
 public:
  [[nodiscard]] static Result<UdpSender> connect(const UdpAddress& peer, Backend backend = Backend::kNative);

  // Real-time safe: yes.
  SendOutcome send(std::string_view datagram) noexcept;

  // One datagram each, in order, with one call to the system where it has that. The outcome is the worst of them.
  SendOutcome send_all(std::span<const std::string_view> datagrams) noexcept;

  [[nodiscard]] const UdpAddress& peer() const { return peer_; }
  [[nodiscard]] std::uint16_t local_port() const { return local_port_; }

 private:
  UdpSender(UniqueFd fd, UdpAddress peer, std::uint16_t local_port, Backend backend)
      : fd_(std::move(fd)), peer_(peer), local_port_(local_port), backend_(backend) {}

  UniqueFd fd_;
  UdpAddress peer_;
  std::uint16_t local_port_;
  Backend backend_;
};

struct Datagram {
  UdpAddress peer;
  std::string_view bytes;
  WallTime received_at;  // by the kernel, where it tells
};

// Takes datagrams many at a time, so that a burst stays within the kernel's buffer.
class DatagramBatch {
 public:
  virtual ~DatagramBatch() = default;
  // What waits, up to the batch's size; empty: nothing does. Valid until the next call.
  [[nodiscard]] virtual Result<std::span<const Datagram>> receive(int fd) = 0;
};

class UdpReceiver {
 public:
  static constexpr int kBufferBytes = 4 << 20;

  // kConflict where the port is taken, with its owner as far as it can be found: a port is never shared, because then
  // each of two programs gets half of the messages. Port 0 is any free one.
  [[nodiscard]] static Result<UdpReceiver> bind(const UdpAddress& address, Backend backend = Backend::kNative);

  [[nodiscard]] Result<std::span<const Datagram>> receive() { return batch_->receive(fd_.get()); }

  // How many datagrams the kernel threw away because its buffer was full, since bind. 0 where it does not tell.
  [[nodiscard]] std::uint64_t dropped();

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const UdpAddress& address() const { return address_; }
  [[nodiscard]] std::uint16_t port() const { return address_.port(); }
  [[nodiscard]] int buffer_bytes() const { return buffer_bytes_; }  // what the system granted

 private:
  UdpReceiver(UniqueFd fd, UdpAddress address, int buffer_bytes, std::unique_ptr<DatagramBatch> batch)
      : fd_(std::move(fd)), address_(address), buffer_bytes_(buffer_bytes), batch_(std::move(batch)) {}

  UniqueFd fd_;
  UdpAddress address_;
  int buffer_bytes_;
  std::unique_ptr<DatagramBatch> batch_;
  std::uint32_t last_count_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace vj::platform
