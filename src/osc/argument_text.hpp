// Arguments as people read them. Text from a packet comes out as valid UTF-8 without control characters.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "osc/packet_reader.hpp"

namespace vj::osc {

// i h 12, f d 0.85 128.0 nan, s S c as they are, b "2f 78 00", t as in time_tag_text.hpp, r "#ff8000ff", m "00 90 3c
// 40", T F N I "true" "false" "nil" "infinitum", brackets.
[[nodiscard]] std::string to_text(const Argument& argument);

// All of a message's: nothing, "energetic" for a single one, "[1, 128.0, [\"a\", \"b\"]]" for several.
[[nodiscard]] std::string arguments_text(const MessageView& message);

// Bytes as "2f 78 00 00 …", cut after `most`.
[[nodiscard]] std::string hex_text(std::string_view bytes, std::size_t most = ~std::size_t{0});
// The bytes again: pairs of digits, white space between them or none.
[[nodiscard]] Result<std::string> bytes_from_hex(std::string_view text);

}  // namespace vj::osc
