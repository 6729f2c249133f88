// What a reader asks the ring for, and the answer.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "osc/message_filter.hpp"
#include "wire/value.hpp"
#include "workers/osc_debugger/capture_ring.hpp"

namespace vj::osc_debugger {

struct MessageQuery {
  osc::MessageFilter filter;
  std::optional<std::uint64_t> since;  // only numbers above this one, the oldest first; else the newest
  std::size_t limit = 200;
  bool exact = false;  // with the bytes wherever JSON cannot give them back
};

// The payload of `get_messages`: `{limit, filter, since, exact}`, each of which may be missing or null.
[[nodiscard]] Result<MessageQuery> message_query_from(const wire::Value& payload);

// Oldest first, and never more than one message on the bus may hold; `through` is the number up to which the ring was
// looked through, from where the next query goes on.
struct Found {
  std::vector<wire::OscMessage> messages;
  std::uint64_t through = 0;
};
[[nodiscard]] Found find(const CaptureRing& ring, const MessageQuery& query);

// What of it belongs in one message on the bus, roughly, in bytes.
[[nodiscard]] std::size_t json_size(const wire::OscMessage& message);

}  // namespace vj::osc_debugger
