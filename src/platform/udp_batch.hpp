// The seam between Linux, which takes many datagrams with one call and tells more, and any POSIX system. Private to
// platform/.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "platform/udp.hpp"

namespace vj::platform {

inline constexpr std::size_t kBatchSize = 64;

// How many were sent before the first failure, and that failure's errno, which is 0 where it is not told.
struct BatchSent {
  std::size_t count = 0;
  int error = 0;
};

[[nodiscard]] BatchSent send_batch_linux(int fd, std::span<const std::string_view> datagrams) noexcept;
[[nodiscard]] BatchSent send_batch_posix(int fd, std::span<const std::string_view> datagrams) noexcept;

[[nodiscard]] std::unique_ptr<DatagramBatch> make_linux_batch();
[[nodiscard]] std::unique_ptr<DatagramBatch> make_posix_batch();

// Exceeds the system's limit, where this process may.
[[nodiscard]] bool force_receive_buffer(int fd, int bytes);
// Asks for the kernel's time of arrival of every datagram.
void enable_timestamps(int fd);
// The kernel's drop counter of the socket, which wraps around.
[[nodiscard]] std::uint32_t drop_counter(int fd);

}  // namespace vj::platform
