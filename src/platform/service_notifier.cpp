#include "platform/service_notifier.hpp"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/format.hpp"
#include "base/text.hpp"
#include "platform/files.hpp"
#include "platform/system_error.hpp"

namespace vj::platform {
namespace {

std::optional<std::string> take_variable(const char* name) {
  auto value = environment(name);
  ::unsetenv(name);
  return value;
}

// A watchdog that is meant for another process, as after a fork, is none of ours.
std::optional<Duration> watchdog_from(const std::optional<std::string>& microseconds,
                                      const std::optional<std::string>& pid) {
  const auto period = microseconds ? parse_integer(*microseconds) : std::nullopt;
  if (!period || *period <= 0) return std::nullopt;
  if (pid && parse_integer(*pid) != ::getpid()) return std::nullopt;
  return std::chrono::microseconds(*period);
}

}  // namespace

ServiceNotifier::ServiceNotifier(UniqueFd socket, std::string address, std::optional<Duration> watchdog)
    : socket_(std::move(socket)), address_(std::move(address)), watchdog_(watchdog) {}

Result<ServiceNotifier> ServiceNotifier::take_from_environment() {
  auto name = take_variable("NOTIFY_SOCKET");
  const auto watchdog = watchdog_from(take_variable("WATCHDOG_USEC"), take_variable("WATCHDOG_PID"));
  if (!name) return ServiceNotifier();
  const bool is_abstract = name->starts_with('@');
  if ((!is_abstract && !name->starts_with('/')) || name->size() >= sizeof(sockaddr_un::sun_path)) {
    return fail(ErrorCode::kInvalid, format("NOTIFY_SOCKET names no socket: '{}'", *name));
  }
  if (is_abstract) name->front() = '\0';
  UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return system_failure("a socket to the service manager");
  return ServiceNotifier(std::move(socket), std::move(*name), watchdog);
}

Result<void> ServiceNotifier::status(std::string_view words) const {
  return send(format("STATUS={}", words.substr(0, words.find('\n'))));
}

Result<void> ServiceNotifier::send(std::string_view assignments) const {
  if (!socket_) return {};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, address_.data(), address_.size());
  // The length counts: an abstract name ends with it, not with a NUL.
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  const auto sent = ::sendto(socket_.get(), assignments.data(), assignments.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&address), length);
  if (sent < 0) return system_failure(format("cannot tell the service manager '{}'", assignments));
  return {};
}

}  // namespace vj::platform
