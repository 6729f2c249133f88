// What came of an order to the process manager, in words. Pure.
#pragma once

#include <string>
#include <string_view>

#include "wire/envelope.hpp"

namespace vj::ctl {

struct Outcome {
  bool succeeded = false;
  std::string text;
  bool worker_is_unknown = false;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// `worker` is the one that the order named; empty for orders to all.
[[nodiscard]] Outcome outcome_of(std::string_view command, std::string_view worker, const wire::Response& response);

}  // namespace vj::ctl
