// Answers commands: a ROUTER socket, so that a command which takes its time holds up no other.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "vj_bus/socket.hpp"
#include "wire/envelope.hpp"

namespace vj::bus {

// One command that waits for its answer. Answer it once, now or later; one that is dropped unanswered is answered with
// an error. May outlive its server: the answer then goes nowhere.
class Request {
 public:
  Request(Request&&) noexcept;
  Request& operator=(Request&&) noexcept;
  ~Request();

  [[nodiscard]] const wire::Command& command() const;
  [[nodiscard]] const wire::Value& payload() const { return command().payload; }

  void reply(wire::Value result);   // ok
  void refuse(wire::Value result);  // error, with a result and without a text: {"started": false}
  void fail(std::string error);     // error with a text
  void fail(wire::Value result, std::string error);
  void answer(Result<wire::Value> outcome);  // reply or fail

 private:
  friend class CommandServer;
  struct State;
  explicit Request(std::unique_ptr<State> state);
  void send(wire::Status status, wire::Value result, std::optional<std::string> error);

  std::unique_ptr<State> state_;
};

class CommandServer {
 public:
  using Handler = std::function<void(Request)>;

  // `source` is the service's name in its answers. What is not a command is answered here.
  CommandServer(Context& context, platform::EventLoop& loop, std::string source, Handler handler);
  ~CommandServer();

  // kConflict where the port is taken; 0 is any free one. Returns the port.
  [[nodiscard]] Result<int> bind(const std::string& address, int port) { return socket_->bind(address, port); }

 private:
  void receive();

  std::string source_;
  Handler handler_;
  std::shared_ptr<Socket> socket_;
};

}  // namespace vj::bus
