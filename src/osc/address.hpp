// OSC addresses: which ones a pattern or a prefix means.
#pragma once

#include <bitset>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace vj::osc {

// Whether `address` is `prefix` or lies below it: "/audio" holds "/audio/beat", not "/audiofile". "" and "/" hold all.
[[nodiscard]] bool is_below(std::string_view address, std::string_view prefix);
// Below one of them; all are where there is no prefix.
[[nodiscard]] bool is_below_any(std::string_view address, std::span<const std::string> prefixes);

// A pattern of OSC 1.0 and 1.1. Within a part of the address: `?` one character, `*` any, `[abc]` `[a-z]` `[!a-z]` one
// of a set, `{one,two}` one of these texts; `//` stands for any number of parts. Matching takes time in proportion to
// pattern times address, whatever the pattern.
class AddressPattern {
 public:
  // kInvalid: a bracket or brace that is not closed.
  [[nodiscard]] static Result<AddressPattern> parse(std::string_view pattern);

  [[nodiscard]] bool matches(std::string_view address) const;

  // Whether the text holds a character that means something in a pattern.
  [[nodiscard]] static bool is_pattern(std::string_view text);

 private:
  // A state waits for one character out of `accepts` and then goes to `next`. Reaching a state reaches all of
  // `skips_to` as well.
  struct State {
    std::bitset<256> accepts;
    std::size_t next = 0;
    std::vector<std::size_t> skips_to;
  };

  std::size_t add(std::bitset<256> accepts);
  void reach(std::size_t state, std::vector<bool>& reached) const;
  [[nodiscard]] Result<std::string_view> add_set(std::string_view rest);
  [[nodiscard]] Result<std::string_view> add_choice(std::string_view rest);

  std::vector<State> states_;  // the first is the start, the last one the end
};

}  // namespace vj::osc
