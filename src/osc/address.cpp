#include "osc/address.hpp"

#include <algorithm>

#include "base/format.hpp"

namespace vj::osc {
namespace {

using Set = std::bitset<256>;

std::size_t index_of(char c) { return static_cast<unsigned char>(c); }

Set only(char c) {
  Set set;
  set.set(index_of(c));
  return set;
}

Set not_a_slash() { return ~only('/'); }

}  // namespace

bool is_below(std::string_view address, std::string_view prefix) {
  if (prefix.ends_with('/')) prefix.remove_suffix(1);
  if (!address.starts_with(prefix)) return false;
  return prefix.empty() || address.size() == prefix.size() || address[prefix.size()] == '/';
}

bool is_below_any(std::string_view address, std::span<const std::string> prefixes) {
  if (prefixes.empty()) return true;
  return std::ranges::any_of(prefixes, [&](const std::string& prefix) { return is_below(address, prefix); });
}

bool AddressPattern::is_pattern(std::string_view text) {
  return text.find_first_of("?*[{") != std::string_view::npos || text.find("//") != std::string_view::npos;
}

// Adds a state that goes on to the one after it, which is not there yet.
std::size_t AddressPattern::add(Set accepts) {
  states_.push_back({.accepts = accepts, .next = states_.size() + 1, .skips_to = {}});
  return states_.size() - 1;
}

Result<AddressPattern> AddressPattern::parse(std::string_view pattern) {
  AddressPattern result;
  auto rest = pattern;
  while (!rest.empty()) {
    Result<std::string_view> after = rest.substr(1);
    if (rest.starts_with("//")) {
      // A slash, and then nothing, or any text that ends in a slash.
      result.add(only('/'));
      const auto fork = result.add(Set());
      const auto loop = result.add(Set().set());
      const auto slash = result.add(only('/'));
      result.states_[loop].next = loop;
      result.states_[loop].skips_to = {slash};
      result.states_[fork].skips_to = {loop, slash + 1};
      after = rest.substr(2);
    } else if (rest.front() == '?') {
      result.add(not_a_slash());
    } else if (rest.front() == '*') {
      const auto loop = result.add(not_a_slash());
      result.states_[loop].next = loop;
      result.states_[loop].skips_to = {loop + 1};
    } else if (rest.front() == '[') {
      after = result.add_set(rest);
    } else if (rest.front() == '{') {
      after = result.add_choice(rest);
    } else {
      result.add(only(rest.front()));
    }
    if (!after) return std::unexpected(after.error());
    rest = *after;
  }
  result.add(Set());
  return result;
}

Result<std::string_view> AddressPattern::add_set(std::string_view rest) {
  const auto end = rest.find(']', 1);
  if (end == std::string_view::npos) return fail(ErrorCode::kInvalid, format("'[' without ']' in \"{}\"", rest));
  auto body = rest.substr(1, end - 1);
  const bool inverted = body.starts_with('!');
  if (inverted) body.remove_prefix(1);
  Set set;
  for (std::size_t i = 0; i < body.size(); ++i) {
    // A minus at the end is a minus.
    const bool is_range = i + 2 < body.size() && body[i + 1] == '-';
    const auto first = index_of(body[i]), last = is_range ? index_of(body[i + 2]) : first;
    for (auto c = std::min(first, last); c <= std::max(first, last); ++c) set.set(c);
    if (is_range) i += 2;
  }
  add((inverted ? ~set : set) & not_a_slash());
  return rest.substr(end + 1);
}

Result<std::string_view> AddressPattern::add_choice(std::string_view rest) {
  const auto end = rest.find('}', 1);
  if (end == std::string_view::npos) return fail(ErrorCode::kInvalid, format("'{{' without '}}' in \"{}\"", rest));
  const auto fork = add(Set());
  std::vector<std::size_t> lasts;  // the states that go on to what follows the choice
  auto body = rest.substr(1, end - 1);
  for (bool more = true; more;) {
    const auto comma = body.find(',');
    more = comma != std::string_view::npos;
    states_[fork].skips_to.push_back(states_.size());
    for (const char c : body.substr(0, comma)) add(only(c));
    lasts.push_back(add(Set()));
    if (more) body.remove_prefix(comma + 1);
  }
  for (const auto last : lasts) states_[last].skips_to = {states_.size()};
  return rest.substr(end + 1);
}

void AddressPattern::reach(std::size_t state, std::vector<bool>& reached) const {
  if (reached[state]) return;
  reached[state] = true;
  for (const auto next : states_[state].skips_to) reach(next, reached);
}

bool AddressPattern::matches(std::string_view address) const {
  std::vector<bool> now(states_.size()), next(states_.size());
  reach(0, now);
  for (const char c : address) {
    next.assign(states_.size(), false);
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (now[i] && states_[i].accepts[index_of(c)]) reach(states_[i].next, next);
    }
    std::swap(now, next);
  }
  return now.back();
}

}  // namespace vj::osc
