// Tells the service manager that runs this process how it is doing, in the protocol of systemd (sd_notify(3)): a
// datagram of assignments to the socket that NOTIFY_SOCKET names. Where nobody asked to be told, it does nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/unique_fd.hpp"

namespace vj::platform {

class ServiceNotifier {
 public:
  // Takes NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID out of the environment, so that nobody whom this process starts
  // speaks for it. Changes the environment: call in main, before any thread. An error where the socket's name is none.
  [[nodiscard]] static Result<ServiceNotifier> take_from_environment();

  ServiceNotifier() = default;  // tells nobody

  [[nodiscard]] explicit operator bool() const { return static_cast<bool>(socket_); }

  // Without a sign of life for this long the service manager ends this process; none where it does not watch.
  [[nodiscard]] std::optional<Duration> watchdog() const { return watchdog_; }

  // None of these waits. A service manager that does not take the message misses it: kIo or kUnavailable.
  Result<void> ready() const { return send("READY=1"); }
  Result<void> stopping() const { return send("STOPPING=1"); }
  Result<void> alive() const { return send("WATCHDOG=1"); }
  Result<void> status(std::string_view words) const;  // one line, for people

 private:
  ServiceNotifier(UniqueFd socket, std::string address, std::optional<Duration> watchdog);
  Result<void> send(std::string_view assignments) const;

  UniqueFd socket_;
  std::string address_;  // as sockaddr_un has it: a path, or a leading NUL and an abstract name
  std::optional<Duration> watchdog_;
};

}  // namespace vj::platform
