// Publishes telemetry: one frame `topic {json}` each. A late subscriber gets the last value of every state topic at
// once.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <set>
#include <string>

#include "vj_bus/socket.hpp"
#include "wire/value.hpp"

namespace vj::bus {

class Publisher {
 public:
  Publisher(Context& context, platform::EventLoop& loop, std::string source);

  [[nodiscard]] Result<int> bind(const std::string& address, int port) { return socket_.bind(address, port); }

  // Whether anybody has subscribed to the topic: where making the payload costs something, ask first.
  [[nodiscard]] bool is_wanted(std::string_view topic) const;

  // Something that happened: who is not there misses it. Costs next to nothing where nobody listens.
  void publish(std::string_view topic, const wire::Value& payload);

  // Something that is so until the next message: kept, and sent again to whoever comes later. It then reaches the
  // others once more, so reading it twice must not matter.
  void publish_state(std::string_view topic, const wire::Value& payload);

  // Something that happened and that a late subscriber must not miss: the newest kRecentKept of a topic are kept and
  // sent again, oldest first, to whoever comes later. The others get them once more, so a payload must tell which it
  // is.
  void publish_recent(std::string_view topic, const wire::Value& payload);
  static constexpr std::size_t kRecentKept = 100;

 private:
  void read_subscriptions();
  [[nodiscard]] std::string encode(std::string_view topic, const wire::Value& payload) const;
  void send(std::string_view topic, const std::string& json);
  void send_again(const std::string& prefix, std::string_view topic, const std::string& json);

  std::string source_;
  Socket socket_;
  std::set<std::string> prefixes_;
  std::map<std::string, std::string, std::less<>> last_values_;
  std::map<std::string, std::deque<std::string>, std::less<>> recent_;
};

}  // namespace vj::bus
