// Reads telemetry of every service that the registry shows alive, and follows those that come and go.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "vj_bus/directory.hpp"
#include "vj_bus/socket.hpp"
#include "wire/envelope.hpp"

namespace vj::bus {

class Subscriber {
 public:
  // `text` is the message as it was on the wire.
  using Handler = std::function<void(const wire::Telemetry&, std::string_view text)>;
  using Problem = std::function<void(const Error&)>;

  // `patterns`: topics, `a.*` for all that begin with `a.`, `*` for all. What is not telemetry goes to `problem` and
  // costs nothing else.
  Subscriber(Context& context, platform::EventLoop& loop, std::vector<std::string> patterns, Handler handler,
             Problem problem = {});

  // Connects to who is new in the registry and alive, and leaves who is not. Call on every change of it.
  void follow(const RegistrySnapshot& services);
  // For those who know the one endpoint they want.
  [[nodiscard]] Result<void> connect(const std::string& endpoint) { return socket_.connect(endpoint); }

 private:
  void receive();

  std::vector<std::string> patterns_;
  Handler handler_;
  Problem problem_;
  std::map<std::string, std::string> endpoints_;  // by service
  Socket socket_;
};

}  // namespace vj::bus
