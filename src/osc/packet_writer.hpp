// Builds OSC messages and bundles. For what is sent many times a second see prepared_message.hpp.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "osc/argument.hpp"

namespace vj::osc {

// Builds one message from argument to argument.
class MessageWriter {
 public:
  explicit MessageWriter(std::string_view address) : address_(address) {}

  void add(const Argument& argument);
  [[nodiscard]] std::string finish() const;

 private:
  std::string address_;
  std::string types_;
  std::string arguments_;
};

// `address` begins with '/'. Zero bytes end a text in OSC, so what follows one in an address or a string is left out.
[[nodiscard]] std::string encode_message(std::string_view address, std::span<const Argument> arguments = {});
[[nodiscard]] std::string encode_message(std::string_view address, std::initializer_list<Argument> arguments);

// A bundle of whole messages and bundles.
[[nodiscard]] std::string encode_bundle(TimeTag time_tag, std::span<const std::string_view> elements);

// The same into a buffer that is used again and again; it allocates only while it has not yet been that large.
void encode_bundle_into(std::string& out, TimeTag time_tag, std::span<const std::string_view> elements);

// The same message with strings of ASCII only; nothing where it is that already, or is no message.
[[nodiscard]] std::optional<std::string> ascii_message(std::string_view packet);

}  // namespace vj::osc
