#include "osc/message_filter.hpp"

#include "base/text.hpp"

namespace vj::osc {
namespace {

bool matches_leading_part(const AddressPattern& pattern, std::string_view address) {
  if (pattern.matches(address)) return true;
  for (auto slash = address.rfind('/'); slash != 0 && slash != std::string_view::npos;
       slash = address.rfind('/', slash - 1)) {
    if (pattern.matches(address.substr(0, slash))) return true;
  }
  return false;
}

}  // namespace

Result<MessageFilter> MessageFilter::parse(std::string_view text) {
  MessageFilter filter;
  text = trim(text);
  if (text.starts_with('!')) {
    filter.inverted_ = true;
    text = trim(text.substr(1));
  }
  if (text.empty()) return MessageFilter();
  if (!AddressPattern::is_pattern(text)) {
    filter.lower_ = lower_ascii(text);
    return filter;
  }
  auto pattern = AddressPattern::parse(text.starts_with('/') ? std::string(text) : "//" + std::string(text));
  if (!pattern) return std::unexpected(pattern.error());
  filter.pattern_ = std::move(*pattern);
  return filter;
}

bool MessageFilter::passes(std::string_view address, std::string_view arguments) const {
  if (pattern_) return matches_leading_part(*pattern_, address) != inverted_;
  if (lower_.empty()) return true;
  const bool found = lower_ascii(address).find(lower_) != std::string::npos ||
                     lower_ascii(arguments).find(lower_) != std::string::npos;
  return found != inverted_;
}

}  // namespace vj::osc
