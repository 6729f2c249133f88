// Where the signals of one SignalWatch arrive as something to read: the seam between Linux (signalfd) and any POSIX
// system (a handler that writes to a pipe). Private to platform/.
#pragma once

#include <memory>
#include <optional>
#include <vector>

namespace vj::platform {

class SignalInbox {
 public:
  virtual ~SignalInbox() = default;

  // Readable while a signal waits; non-blocking.
  [[nodiscard]] virtual int fd() const = 0;
  // The next signal that came; nothing when there is none.
  [[nodiscard]] virtual std::optional<int> next() = 0;
};

// While it lives, `signals` come here and have no other effect.
[[nodiscard]] std::unique_ptr<SignalInbox> make_linux_signal_inbox(const std::vector<int>& signals);
[[nodiscard]] std::unique_ptr<SignalInbox> make_posix_signal_inbox(const std::vector<int>& signals);

}  // namespace vj::platform
