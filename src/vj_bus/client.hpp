// Sends commands to services by name and hands their answers back.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "vj_bus/directory.hpp"
#include "vj_bus/socket.hpp"
#include "wire/envelope.hpp"

namespace vj::bus {

// How long an answer is waited for: 2 s; 8 s (a stop's 5 s and three more) for commands that wait for a process to go.
[[nodiscard]] Duration usual_timeout(std::string_view command, Duration stop_timeout = 5s);

// For those who have a loop: answers come as calls. Belongs to the loop's thread.
class Client {
 public:
  // kUnavailable: no such service is registered and alive, or it ended before it answered, which is told half a second
  // later, because its last words may still be on their way. kTimeout: it did not answer.
  // An answer with status error is no Error: the service said something. It may send again, but not destroy the client.
  using Callback = std::function<void(Result<wire::Response>)>;

  // `source` names the asker in its messages. `directory` outlives the client.
  Client(Context& context, platform::EventLoop& loop, const Directory& directory, std::string source);
  ~Client();

  // Calls back exactly once, from the loop, unless the client dies first.
  void send(std::string_view service, std::string_view command, wire::Value payload, Callback callback);
  void send(std::string_view service, std::string_view command, wire::Value payload, Duration timeout,
            Callback callback);

 private:
  struct Connection;
  struct Pending;
  using Connections = std::map<std::string, std::unique_ptr<Connection>, std::less<>>;
  [[nodiscard]] Result<Connection*> connection_to(std::string_view service);
  void receive(Connection& connection);
  void retire(Connections::iterator connection);
  void give_up_on(Connection& connection);

  Context& context_;
  platform::EventLoop& loop_;
  const Directory& directory_;
  std::string source_;
  Connections connections_;
  std::vector<std::unique_ptr<Connection>> retired_;  // whose last words are waited for
  std::map<std::string, Pending> pending_;            // by id
};

// For those who have no loop and nothing else to do meanwhile: waits for the answer.
[[nodiscard]] Result<wire::Response> ask(const platform::Path& home, std::string_view source, std::string_view service,
                                         std::string_view command, wire::Value payload, Duration timeout);

}  // namespace vj::bus
