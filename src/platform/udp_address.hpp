// An IPv4 or IPv6 address with a port, as UDP sockets use it.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace vj::platform {

class UdpAddress {
 public:
  UdpAddress() = default;

  // From "127.0.0.1" or "::1"; nothing where `host` is a name. Port 0 stands for any free one.
  [[nodiscard]] static std::optional<UdpAddress> numeric(const std::string& host, std::uint16_t port);

  // From a name too, by asking the resolver, which can take seconds. An IPv4 address where the name has one, because
  // that is where receivers of OSC listen.
  [[nodiscard]] static Result<UdpAddress> resolve(const std::string& host, std::uint16_t port);

  // From what the system filled in (sockaddr).
  [[nodiscard]] static UdpAddress from_system(const void* address, std::size_t size);

  [[nodiscard]] std::string host() const;
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string text() const;  // "127.0.0.1:9000", "[::1]:9000"
  [[nodiscard]] bool is_loopback() const;

  [[nodiscard]] const void* data() const { return bytes_.data(); }  // a sockaddr
  [[nodiscard]] std::size_t size() const { return size_; }          // 0 where it is no address
  [[nodiscard]] int family() const;

  friend bool operator==(const UdpAddress&, const UdpAddress&) = default;
  friend auto operator<=>(const UdpAddress&, const UdpAddress&) = default;

 private:
  static constexpr std::size_t kLargest = 28;  // sockaddr_in6

  alignas(8) std::array<std::byte, kLargest> bytes_{};
  std::uint32_t size_ = 0;
};

}  // namespace vj::platform
