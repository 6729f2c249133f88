// Time tags as people read and write them: "immediately", else UTC as "2026-12-04T21:15:32.5000000000Z". Ten digits
// give every tag back.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "osc/argument.hpp"

namespace vj::osc {

[[nodiscard]] std::string to_text(TimeTag time_tag);
[[nodiscard]] Result<TimeTag> time_tag_from_text(std::string_view text);  // kInvalid shows the form

}  // namespace vj::osc
