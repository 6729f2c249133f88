// Sends OSC to every target of the configuration that is on and whose filter lets the address pass, and a copy to the
// debugger's tap. A send never waits and never fails: a target that is not there is a state to look at, and disturbs no
// other. Belongs to one thread.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "osc_io/peer.hpp"
#include "osc_io/target_switches.hpp"
#include "platform/event_loop.hpp"

namespace vj::osc_io {

struct TargetState {
  std::string name;
  std::string address;  // "127.0.0.1:9000"
  bool enabled = true;
  std::string problem;  // "nobody there"; empty while nothing is known to be wrong

  friend bool operator==(const TargetState&, const TargetState&) = default;
};

class Sender {
 public:
  // `changed` is called from the loop when targets() or port() has changed; it may be empty.
  Sender(platform::EventLoop& loop, const config::Osc& osc, const TargetSwitches& switches,
         std::function<void()> changed = {});
  ~Sender();

  // One message, encoded; it need not live on after the call.
  void send(std::string_view message) noexcept;

  // Messages that belong to one moment: one bundle for targets that want bundles, a message each for the others. The
  // tap has them as a bundle, which is one datagram instead of many to send and to hear.
  void send_together(std::span<const std::string_view> messages) noexcept;

  // kNotFound, with the names there are. In force for the next message.
  [[nodiscard]] Result<void> switch_target(std::string_view name, bool on);

  // The same of values that come again and again, the newest being all that counts: where nobody is, they are tried ten
  // times a second only, and so a target that is not there costs nothing.
  void stream(std::span<const std::string_view> messages) noexcept;

  // The debugger listens elsewhere than the configuration says.
  void set_tap(std::uint16_t port);

  [[nodiscard]] std::vector<TargetState> targets() const;
  // Whether every target's host was found, or could not be.
  [[nodiscard]] bool is_ready() const;
  // Where the copies for the tap come from, by which the debugger knows that they are ours.
  [[nodiscard]] std::uint16_t port() const { return tap_->local_port(); }

 private:
  struct Target;
  void send_to_all(std::span<const std::string_view> messages, bool may_wait) noexcept;
  void send_to(Target& target, std::span<const std::string_view> messages) noexcept;
  void send_bundled(Peer& peer, std::span<const std::string_view> messages, std::size_t largest) noexcept;
  [[nodiscard]] Peer::Changed teller() const;

  platform::EventLoop& loop_;
  std::function<void()> changed_;
  std::vector<std::unique_ptr<Target>> targets_;
  std::uint16_t tap_port_;
  std::unique_ptr<Peer> tap_;
  // Filled anew by each call; members so that they allocate only once.
  std::vector<std::string> rewritten_;
  std::vector<std::string_view> passing_;
  std::string bundle_;
};

}  // namespace vj::osc_io
