// The filter of a list: which lines stay, and where the pattern was found in them.
#pragma once

#include <cstddef>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace vj::console {

struct FoundRange {
  std::size_t begin = 0;
  std::size_t size = 0;

  friend bool operator==(const FoundRange&, const FoundRange&) = default;
};

class LineFilter {
 public:
  LineFilter() = default;  // lets everything pass

  // A regular expression (ECMAScript, without back references), not telling upper case from lower. A leading `!` lets
  // those lines pass that do not match. Fails with what is wrong with the pattern.
  [[nodiscard]] static Result<LineFilter> parse(std::string_view pattern);

  [[nodiscard]] bool passes(std::string_view line) const;
  [[nodiscard]] std::vector<FoundRange> found_in(std::string_view line) const;  // empty when inverted

  [[nodiscard]] bool empty() const { return pattern_.empty(); }
  [[nodiscard]] const std::string& pattern() const { return pattern_; }

 private:
  [[nodiscard]] std::optional<FoundRange> find(std::string_view line, std::size_t from) const;

  std::string pattern_;  // as typed
  std::string literal_;  // lower case; what to look for where the pattern is plain text
  std::optional<std::regex> regex_;
  bool inverted_ = false;
};

}  // namespace vj::console
