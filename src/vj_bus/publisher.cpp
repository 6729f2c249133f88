#include "vj_bus/publisher.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "wire/envelope.hpp"

namespace vj::bus {
namespace {

// The Python client subscribes to the letter itself when it is asked for everything.
constexpr std::string_view kEverything = "*";

Frame frame_of(std::string_view topic, const std::string& json) {
  std::string frame;
  frame.reserve(topic.size() + 1 + json.size());
  frame.append(topic).append(" ").append(json);
  return Frame(std::move(frame));
}

bool covers(std::string_view prefix, std::string_view topic) {
  // The filter is on the frame, which goes on with a space.
  return topic.starts_with(prefix) ||
         (prefix.size() == topic.size() + 1 && prefix.back() == ' ' && prefix.starts_with(topic));
}

}  // namespace

Publisher::Publisher(Context& context, platform::EventLoop& loop, std::string source)
    : source_(std::move(source)), socket_(context, loop, SocketKind::kPublisher, [this] { read_subscriptions(); }) {}

void Publisher::publish(std::string_view topic, const wire::Value& payload) {
  if (is_wanted(topic)) send(topic, encode(topic, payload));
}

void Publisher::publish_state(std::string_view topic, const wire::Value& payload) {
  auto json = encode(topic, payload);
  send(topic, json);
  last_values_.insert_or_assign(std::string(topic), std::move(json));
}

void Publisher::publish_recent(std::string_view topic, const wire::Value& payload) {
  auto json = encode(topic, payload);
  send(topic, json);
  auto& messages = recent_.try_emplace(std::string(topic)).first->second;
  messages.push_back(std::move(json));
  if (messages.size() > kRecentKept) messages.pop_front();
}

void Publisher::read_subscriptions() {
  while (const auto frames = socket_.receive()) {
    const auto message = frames->front().text();
    if (message.empty()) continue;
    const std::string prefix(message.substr(1));
    if (message[0] == 0) {
      prefixes_.erase(prefix);
      continue;
    }
    prefixes_.insert(prefix);
    for (const auto& [topic, json] : last_values_) send_again(prefix, topic, json);
    for (const auto& [topic, messages] : recent_) {
      for (const auto& json : messages) send_again(prefix, topic, json);
    }
  }
}

void Publisher::send_again(const std::string& prefix, std::string_view topic, const std::string& json) {
  if (prefix == kEverything) {
    socket_.send(frame_of(kEverything, json));
  } else if (covers(prefix, topic)) {
    socket_.send(frame_of(topic, json));
  }
}

bool Publisher::is_wanted(std::string_view topic) const {
  return std::ranges::any_of(prefixes_,
                             [&](const auto& prefix) { return prefix == kEverything || covers(prefix, topic); });
}

std::string Publisher::encode(std::string_view topic, const wire::Value& payload) const {
  VJ_ASSERT(topic.find(' ') == std::string_view::npos);
  return wire::encode(wire::Telemetry{.id = wire::new_id(),
                                      .timestamp = wire::wall_clock(),
                                      .source = source_,
                                      .topic = std::string(topic),
                                      .payload = payload});
}

void Publisher::send(std::string_view topic, const std::string& json) {
  // A subscriber that does not keep up loses messages; the publisher never waits for it.
  socket_.send(frame_of(topic, json));
  if (prefixes_.contains(std::string(kEverything))) socket_.send(frame_of(kEverything, json));
}

}  // namespace vj::bus
