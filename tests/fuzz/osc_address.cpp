// Any text as a filter, on any text as an address: parsing and matching end, whatever they find.
#include <cstdint>
#include <string_view>

#include "osc/message_filter.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto line_end = text.find('\n');
  if (line_end == std::string_view::npos) return 0;
  const auto address = text.substr(line_end + 1);
  const auto filter = vj::osc::MessageFilter::parse(text.substr(0, line_end));
  if (filter) (void)filter->passes(address, address);
  return 0;
}
