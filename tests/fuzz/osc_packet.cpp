// Any bytes at all, as a packet: reading ends, stays within the bytes, and what was read can be written and read again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "osc/argument_text.hpp"
#include "osc/packet_reader.hpp"
#include "osc/packet_writer.hpp"

namespace {

using namespace vj::osc;

void check(bool holds) {
  if (!holds) std::abort();
}

bool is_nan(const Argument& argument) {
  const auto* single = std::get_if<float>(&argument);
  const auto* twice = std::get_if<double>(&argument);
  return (single != nullptr && *single != *single) || (twice != nullptr && *twice != *twice);
}

void check_message(const MessageView& message) {
  if (message.note.kind == Note::Kind::kUnknownType) {  // may end within an array, which cannot be written so
    ArgumentReader reader(message);
    while (reader.next()) {
    }
    return;
  }
  MessageWriter writer(message.address);
  ArgumentReader reader(message);
  while (const auto argument = reader.next()) writer.add(*argument);
  const auto packet = writer.finish();
  const auto copy = read_message(packet);
  check(copy.has_value() && copy->address == message.address && copy->types == message.types);
  ArgumentReader first(message), second(*copy);
  while (const auto argument = first.next()) {
    const auto other = second.next();
    check(other && (*argument == *other || is_nan(*argument)));
  }
  check(arguments_text(message) == arguments_text(*copy));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  PacketReader reader({reinterpret_cast<const char*>(data), size});
  while (const auto item = reader.next()) {
    if (const auto* message = std::get_if<MessageView>(&*item)) check_message(*message);
    if (const auto* malformed = std::get_if<Malformed>(&*item)) check(!malformed->reason().empty());
  }
  return 0;
}
