// The filter of a list of OSC messages, as a person types it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "osc/address.hpp"

namespace vj::osc {

class MessageFilter {
 public:
  MessageFilter() = default;  // lets everything pass

  // `/audio` or `beat`: a text in the address or the arguments, in either case of letters. With `* ? [] {} //`: a
  // pattern for the address or a leading part of it; one that does not start with '/' may begin at any part. A `!` in
  // front lets everything else pass. kInvalid says what is wrong with a pattern.
  [[nodiscard]] static Result<MessageFilter> parse(std::string_view text);

  // `arguments` as text, as the list shows them.
  [[nodiscard]] bool passes(std::string_view address, std::string_view arguments) const;

 private:
  std::string lower_;  // what to look for
  std::optional<AddressPattern> pattern_;
  bool inverted_ = false;
};

}  // namespace vj::osc
