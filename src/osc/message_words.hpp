// Messages from words that a person typed.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace vj::osc {

// The packet of a message whose arguments stand in `words`, one for each of `types` but T F N I [ ], in the forms of
// argument_text.hpp. kInvalid names the word and what it should have been.
[[nodiscard]] Result<std::string> message_from_words(std::string_view address, std::string_view types,
                                                     std::span<const std::string> words);

}  // namespace vj::osc
