// The ports that the debugger listens on: the tap, extra ports, and those it relays from. A port that is taken is said,
// with its owner; the tap then listens elsewhere, the others try again until they get it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "osc_io/receiver.hpp"
#include "platform/log.hpp"
#include "wire/value.hpp"

namespace vj::osc_debugger {

class Ears {
 public:
  using Heard = std::function<void(const platform::Datagram&)>;

  // `changed` is called when ports(), tap() or problems() have.
  Ears(platform::EventLoop& loop, platform::Logger& log, const config::Osc& osc, Heard heard,
       std::function<void()> changed);

  // Where copies are taken; nothing while no port could be had at all.
  [[nodiscard]] std::optional<std::uint16_t> tap() const;
  [[nodiscard]] std::vector<std::string> problems() const;
  // What the kernel threw away on all ports, since the start.
  [[nodiscard]] std::uint64_t dropped();
  // For people: [{port, kind, relay_to, problem}].
  [[nodiscard]] wire::Value ports() const;

 private:
  enum class Kind { kTap, kListen, kRelay };
  struct Ear {
    Kind kind;
    std::uint16_t wanted;
    std::optional<config::Endpoint> relay_to;
    std::unique_ptr<osc_io::Receiver> receiver;  // null while the port could not be had
    std::string problem;
  };

  [[nodiscard]] Result<std::unique_ptr<osc_io::Receiver>> listen(Kind kind, std::uint16_t port);
  void open(Ear& ear);
  void open_tap(Ear& ear);
  void try_again();

  platform::EventLoop& loop_;
  platform::Logger& log_;
  Heard heard_;
  std::function<void()> changed_;
  std::vector<Ear> ears_;  // the tap first
  platform::EventLoop::Timer retry_;
};

}  // namespace vj::osc_debugger
