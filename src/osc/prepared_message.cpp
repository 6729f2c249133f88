#include "osc/prepared_message.hpp"

#include "base/assert.hpp"
#include "osc/byte_order.hpp"
#include "osc/packet_reader.hpp"
#include "osc/packet_writer.hpp"

namespace vj::osc {

PreparedMessage::PreparedMessage(std::string_view address, const std::vector<Argument>& initial)
    : packet_(encode_message(address, initial)) {
  auto offset = padded(address.size() + 1) + padded(initial.size() + 2);
  for (const auto& argument : initial) {
    places_.push_back({type_tag(argument), offset});
    // What one argument takes is what a message of it alone takes beyond the address "/" and one type tag.
    offset += encode_message("/", {&argument, 1}).size() - 8;
  }
  VJ_ASSERT(offset == packet_.size());
}

PreparedMessage::PreparedMessage(std::string_view address, std::initializer_list<Argument> initial)
    : PreparedMessage(address, std::vector<Argument>(initial)) {}

PreparedMessage PreparedMessage::of_floats(std::string_view address, std::size_t count) {
  return {address, std::vector<Argument>(count, 0.0F)};
}

void PreparedMessage::set(std::size_t index, std::int32_t value) noexcept { store(place(index, 'i'), value); }
void PreparedMessage::set(std::size_t index, float value) noexcept { store(place(index, 'f'), value); }
void PreparedMessage::set(std::size_t index, std::int64_t value) noexcept { store(place(index, 'h'), value); }
void PreparedMessage::set(std::size_t index, double value) noexcept { store(place(index, 'd'), value); }

char* PreparedMessage::place(std::size_t index, char type) noexcept {
  VJ_ASSERT(index < places_.size() && places_[index].type == type);
  return packet_.data() + places_[index].offset;
}

}  // namespace vj::osc
