#include "console/line_filter.hpp"

#include <algorithm>

#include "base/format.hpp"
#include "base/text.hpp"

namespace vj::console {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_plain(std::string_view pattern) { return pattern.find_first_of("\\^$.|?*+()[]{}") == std::string_view::npos; }

std::string_view problem_of(std::regex_constants::error_type code) {
  using namespace std::regex_constants;
  if (code == error_brack) return "a [ is not closed";
  if (code == error_paren) return "a ( is not closed, or a ) not opened";
  if (code == error_brace || code == error_badbrace) return "what stands in { } is no count";
  if (code == error_escape) return "nothing meant by this \\";
  if (code == error_badrepeat) return "nothing to repeat";
  if (code == error_range) return "a range runs backwards";
  if (code == error_ctype) return "no such class of characters";
  return "too complex";
}

}  // namespace

Result<LineFilter> LineFilter::parse(std::string_view pattern) {
  LineFilter filter;
  filter.pattern_ = pattern;
  filter.inverted_ = pattern.starts_with('!');
  const std::string_view sought = filter.inverted_ ? pattern.substr(1) : pattern;
  if (is_plain(sought)) {
    filter.literal_ = lower_ascii(sought);
    return filter;
  }
  try {
    // The polynomial matcher cannot be made to hang the screen by a pattern like (a+)+b.
    filter.regex_.emplace(sought.begin(), sought.end(),
                          std::regex::ECMAScript | std::regex::icase | std::regex_constants::__polynomial);
  } catch (const std::regex_error& error) {
    return fail(ErrorCode::kInvalid, format("bad pattern: {}", problem_of(error.code())));
  }
  return filter;
}

bool LineFilter::passes(std::string_view line) const {
  const bool seeks_nothing = literal_.empty() && !regex_;
  return seeks_nothing || find(line, 0).has_value() != inverted_;
}

std::vector<FoundRange> LineFilter::found_in(std::string_view line) const {
  std::vector<FoundRange> found;
  if (inverted_ || (literal_.empty() && !regex_)) return found;
  std::size_t from = 0;
  while (from < line.size()) {
    const auto range = find(line, from);
    if (!range) break;
    if (range->size > 0) found.push_back(*range);
    from = range->begin + std::max<std::size_t>(1, range->size);
  }
  return found;
}

std::optional<FoundRange> LineFilter::find(std::string_view line, std::size_t from) const {
  if (regex_) {
    std::match_results<std::string_view::const_iterator> match;
    const auto flags = from == 0 ? std::regex_constants::match_default : std::regex_constants::match_prev_avail;
    if (!std::regex_search(line.begin() + static_cast<std::ptrdiff_t>(from), line.end(), match, *regex_, flags)) {
      return std::nullopt;
    }
    return FoundRange{from + static_cast<std::size_t>(match.position(0)), static_cast<std::size_t>(match.length(0))};
  }
  const auto found = std::ranges::search(line.substr(from), literal_, {}, lower);
  if (found.empty()) return std::nullopt;
  return FoundRange{static_cast<std::size_t>(found.begin() - line.begin()), literal_.size()};
}

}  // namespace vj::console
