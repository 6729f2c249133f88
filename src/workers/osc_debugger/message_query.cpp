#include "workers/osc_debugger/message_query.hpp"

#include <algorithm>

#include "base/format.hpp"

namespace vj::osc_debugger {
namespace {

constexpr std::int64_t kHighestLimit = 10000;
constexpr std::size_t kMostBytes = 700 << 10;  // a message on the bus holds at most 1 MB
// Above what names and numbers of a message take in JSON.
constexpr std::size_t kFrame = 200;

bool passes(const wire::OscMessage& message, const osc::MessageFilter& filter) {
  return filter.passes(message.address, wire::osc_arguments_text(message) + message.error);
}

// Control characters become \u001b there, quotes \".
std::size_t text_size(std::string_view text) {
  std::size_t size = 8;
  for (const char c : text) size += static_cast<unsigned char>(c) < 0x20 ? 6 : c == '"' || c == '\\' ? 2 : 1;
  return size;
}

std::size_t json_size(const wire::Value& value) {
  if (const auto* text = value.string()) return text_size(*text);
  const auto* elements = value.elements();
  if (elements == nullptr) return 12;
  std::size_t size = 8;
  for (const auto& element : *elements) size += json_size(element);
  return size;
}

}  // namespace

std::size_t json_size(const wire::OscMessage& message) {
  return kFrame + text_size(message.address) + text_size(message.types) + message.peer.size() + message.packet.size() +
         message.error.size() + json_size(message.args);
}

Result<MessageQuery> message_query_from(const wire::Value& payload) {
  MessageQuery query;
  if (const auto& filter = payload["filter"]; !filter.is_null()) {
    if (!filter.is_string()) return fail(ErrorCode::kInvalid, "'filter' must be text");
    auto parsed = osc::MessageFilter::parse(*filter.string());
    if (!parsed) return fail_with("'filter'", parsed.error());
    query.filter = std::move(*parsed);
  }
  if (const auto& since = payload["since"]; !since.is_null()) {
    if (since.integer_or(-1) < 0) return fail(ErrorCode::kInvalid, "'since' must be a message's seq");
    query.since = static_cast<std::uint64_t>(since.integer_or(0));
  }
  if (const auto& limit = payload["limit"]; !limit.is_null()) {
    const auto number = limit.integer_or(-1);
    if (number < 0) return fail(ErrorCode::kInvalid, "'limit' must be a whole number from 0");
    query.limit = static_cast<std::size_t>(std::min(number, kHighestLimit));
  }
  query.exact = payload["exact"].boolean_or(false);
  return query;
}

Found find(const CaptureRing& ring, const MessageQuery& query) {
  Found found{.messages = {}, .through = ring.total()};
  std::size_t bytes = 0;
  // False: there is no room for it.
  const auto take = [&](const Capture& capture) {
    auto message = query.exact ? exact_message_of(capture) : message_of(capture);
    if (!passes(message, query.filter)) return true;
    bytes += json_size(message);
    if (found.messages.size() == query.limit || (bytes > kMostBytes && !found.messages.empty())) return false;
    found.messages.push_back(std::move(message));
    return true;
  };
  if (query.since) {
    for (auto capture = ring.after(*query.since); capture != ring.captures().end(); ++capture) {
      if (take(*capture)) continue;
      found.through = capture->seq - 1;
      break;
    }
  } else {
    for (auto capture = ring.captures().rbegin(); capture != ring.captures().rend() && take(*capture); ++capture) {
    }
    std::ranges::reverse(found.messages);
  }
  return found;
}

}  // namespace vj::osc_debugger
