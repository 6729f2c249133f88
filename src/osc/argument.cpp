#include "osc/argument.hpp"

namespace vj::osc {

char type_tag(const Argument& argument) {
  static constexpr std::string_view kByIndex = "ifsbhdtScrm?NI[]";
  static_assert(kByIndex.size() == std::variant_size_v<Argument>);
  if (const auto* truth = std::get_if<bool>(&argument)) return *truth ? 'T' : 'F';
  return kByIndex[argument.index()];
}

}  // namespace vj::osc
