// A message that is sent many times a second: its packet is built once, and only its numbers are replaced in place.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "osc/argument.hpp"

namespace vj::osc {

// Of a fixed address and fixed types. set() and bytes() neither allocate nor fail. Real-time safe: yes.
class PreparedMessage {
 public:
  // `initial` gives types and first values; strings and blobs stay as they are given here.
  PreparedMessage(std::string_view address, std::initializer_list<Argument> initial);
  // `count` floats, all 0 at first.
  [[nodiscard]] static PreparedMessage of_floats(std::string_view address, std::size_t count);

  // `index` counts the arguments from 0 and must be of that type.
  void set(std::size_t index, std::int32_t value) noexcept;
  void set(std::size_t index, float value) noexcept;
  void set(std::size_t index, std::int64_t value) noexcept;
  void set(std::size_t index, double value) noexcept;

  // The packet as it is now; valid until the message dies.
  [[nodiscard]] std::string_view bytes() const noexcept { return packet_; }

 private:
  struct Place {
    char type;
    std::size_t offset;
  };
  PreparedMessage(std::string_view address, const std::vector<Argument>& initial);
  [[nodiscard]] char* place(std::size_t index, char type) noexcept;

  std::string packet_;
  std::vector<Place> places_;
};

}  // namespace vj::osc
