#include "platform/udp_address.hpp"

#include <cstring>
#include <memory>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/assert.hpp"
#include "base/format.hpp"

namespace vj::platform {

static_assert(sizeof(sockaddr_in6) == 28 && sizeof(sockaddr_in) <= 28);

UdpAddress UdpAddress::from_system(const void* address, std::size_t size) {
  UdpAddress result;
  VJ_ASSERT(size <= kLargest);
  std::memcpy(result.bytes_.data(), address, size);
  result.size_ = static_cast<std::uint32_t>(size);
  return result;
}

std::optional<UdpAddress> UdpAddress::numeric(const std::string& host, std::uint16_t port) {
  sockaddr_in four{};
  if (::inet_pton(AF_INET, host.c_str(), &four.sin_addr) == 1) {
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    return from_system(&four, sizeof four);
  }
  sockaddr_in6 six{};
  if (::inet_pton(AF_INET6, host.c_str(), &six.sin6_addr) == 1) {
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    return from_system(&six, sizeof six);
  }
  return std::nullopt;
}

Result<UdpAddress> UdpAddress::resolve(const std::string& host, std::uint16_t port) {
  // RFC 6761, 6.3: localhost is this machine, and no name service is asked; a bare system may not even have one.
  if (const auto address = numeric(host == "localhost" ? "127.0.0.1" : host, port)) return *address;
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  if (error != 0) return fail(ErrorCode::kNotFound, format("cannot find host '{}': {}", host, ::gai_strerror(error)));
  const addrinfo* best = found;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    if (one->ai_family == AF_INET) {
      best = one;
      break;
    }
  }
  return from_system(best->ai_addr, best->ai_addrlen);
}

int UdpAddress::family() const {
  sa_family_t family = AF_UNSPEC;
  if (size_ != 0) std::memcpy(&family, bytes_.data() + offsetof(sockaddr, sa_family), sizeof family);
  return family;
}

std::string UdpAddress::host() const {
  char text[INET6_ADDRSTRLEN] = "";
  const auto offset = family() == AF_INET6 ? offsetof(sockaddr_in6, sin6_addr) : offsetof(sockaddr_in, sin_addr);
  if (size_ != 0) ::inet_ntop(family(), bytes_.data() + offset, text, sizeof text);
  return text;
}

std::uint16_t UdpAddress::port() const {
  static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
  in_port_t port = 0;
  std::memcpy(&port, bytes_.data() + offsetof(sockaddr_in, sin_port), sizeof port);
  return ntohs(port);
}

std::string UdpAddress::text() const {
  return family() == AF_INET6 ? format("[{}]:{}", host(), port()) : format("{}:{}", host(), port());
}

bool UdpAddress::is_loopback() const {
  if (family() == AF_INET) return std::to_integer<int>(bytes_[offsetof(sockaddr_in, sin_addr)]) == 127;
  const auto text = host();
  return text == "::1" || text.starts_with("::ffff:127.");
}

}  // namespace vj::platform
