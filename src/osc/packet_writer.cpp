#include "osc/packet_writer.hpp"

#include "base/ascii.hpp"
#include "base/overloaded.hpp"
#include "osc/byte_order.hpp"
#include "osc/packet_reader.hpp"

namespace vj::osc {
namespace {

template <class T>
void append(std::string& out, T value) {
  char bytes[sizeof value];
  store(bytes, value);
  out.append(bytes, sizeof bytes);
}

void append_text(std::string& out, std::string_view text) {
  text = text.substr(0, text.find('\0'));
  out.append(text);
  out.append(padded(text.size() + 1) - text.size(), '\0');
}

void append_octets(std::string& out, std::initializer_list<std::uint8_t> octets) {
  for (const auto octet : octets) out.push_back(static_cast<char>(octet));
}

}  // namespace

void MessageWriter::add(const Argument& argument) {
  types_.push_back(type_tag(argument));
  std::visit(Overloaded{[&](std::int32_t value) { append(arguments_, value); },
                        [&](float value) { append(arguments_, value); },
                        [&](std::string_view text) { append_text(arguments_, text); },
                        [&](const Blob& blob) {
                          append(arguments_, static_cast<std::int32_t>(blob.bytes.size()));
                          arguments_.append(blob.bytes);
                          arguments_.append(padded(blob.bytes.size()) - blob.bytes.size(), '\0');
                        },
                        [&](std::int64_t value) { append(arguments_, value); },
                        [&](double value) { append(arguments_, value); },
                        [&](const TimeTag& time_tag) { append(arguments_, time_tag.ntp); },
                        [&](const Symbol& symbol) { append_text(arguments_, symbol.text); },
                        [&](const Character& character) { append(arguments_, character.code); },
                        [&](const Color& c) { append_octets(arguments_, {c.red, c.green, c.blue, c.alpha}); },
                        [&](const Midi& m) { append_octets(arguments_, {m.port, m.status, m.data1, m.data2}); },
                        [](const auto&) {}},  // the type tag says it all
             argument);
}

std::string MessageWriter::finish() const {
  std::string packet;
  packet.reserve(padded(address_.size() + 1) + padded(types_.size() + 2) + arguments_.size());
  append_text(packet, address_);
  append_text(packet, "," + types_);
  packet.append(arguments_);
  return packet;
}

std::string encode_message(std::string_view address, std::span<const Argument> arguments) {
  MessageWriter writer(address);
  for (const auto& argument : arguments) writer.add(argument);
  return writer.finish();
}

std::string encode_message(std::string_view address, std::initializer_list<Argument> arguments) {
  return encode_message(address, std::span(arguments.begin(), arguments.size()));
}

std::string encode_bundle(TimeTag time_tag, std::span<const std::string_view> elements) {
  std::string packet;
  encode_bundle_into(packet, time_tag, elements);
  return packet;
}

void encode_bundle_into(std::string& out, TimeTag time_tag, std::span<const std::string_view> elements) {
  out.assign("#bundle\0", 8);
  append(out, time_tag.ntp);
  for (const auto element : elements) {
    append(out, static_cast<std::int32_t>(element.size()));
    out.append(element);
  }
}

std::optional<std::string> ascii_message(std::string_view packet) {
  const auto message = read_message(packet);
  if (!message) return std::nullopt;
  MessageWriter writer(message->address);
  bool differs = false;
  ArgumentReader reader(*message);
  while (const auto argument = reader.next()) {
    const auto* text = std::get_if<std::string_view>(&*argument);
    if (text == nullptr || is_ascii(*text)) {
      writer.add(*argument);
    } else {
      const auto ascii = to_ascii(*text);
      writer.add(std::string_view(ascii));
      differs = true;
    }
  }
  if (!differs) return std::nullopt;
  return writer.finish();
}

}  // namespace vj::osc
