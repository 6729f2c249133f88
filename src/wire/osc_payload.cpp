#include "wire/osc_payload.hpp"

#include <cmath>
#include <vector>

#include "base/format.hpp"
#include "base/overloaded.hpp"
#include "base/text.hpp"
#include "osc/argument_text.hpp"
#include "osc/message_words.hpp"

namespace vj::wire {
namespace {

// JSON readers have a limit; what is nested deeper stays in the deepest array.
constexpr int kDeepestArray = 32;

Value value_of(const osc::Argument& argument) {
  // A float goes by its shortest text, so that 0.1 does not become 0.10000000149011612.
  const auto number_or_text = [&] {
    auto text = osc::to_text(argument);
    const auto number = parse_number(text);
    return number && std::isfinite(*number) ? Value(*number) : Value(std::move(text));
  };
  return std::visit(
      Overloaded{[](std::int32_t value) { return Value(value); }, [](std::int64_t value) { return Value(value); },
                 [&](float) { return number_or_text(); }, [&](double) { return number_or_text(); },
                 [](std::string_view text) { return Value(valid_utf8(text)); },
                 [](const osc::Symbol& symbol) { return Value(valid_utf8(symbol.text)); },
                 [](bool truth) { return Value(truth); }, [](const osc::Nil&) { return Value(); },
                 [&](const auto&) { return Value(osc::to_text(argument)); }},
      argument);
}

Value read_array(osc::ArgumentReader& reader, int depth) {
  auto array = Value::array();
  int flattened = 0;
  while (const auto argument = reader.next()) {
    if (std::holds_alternative<osc::ArrayBegin>(*argument)) {
      if (depth < kDeepestArray) {
        array.append(read_array(reader, depth + 1));
      } else {
        ++flattened;
      }
    } else if (std::holds_alternative<osc::ArrayEnd>(*argument)) {
      if (flattened == 0) return array;
      --flattened;
    } else {
      array.append(value_of(*argument));
    }
  }
  return array;
}

// Every value that is no array, in order.
void append_leaves(const Value& value, std::vector<const Value*>& leaves) {
  const auto* elements = value.elements();
  if (elements == nullptr) return leaves.push_back(&value);
  for (const auto& element : *elements) append_leaves(element, leaves);
}

std::string text_of(const Value& leaf, char type) {
  if (leaf.is_boolean()) return leaf.boolean_or(false) ? "true" : "false";
  if (leaf.is_null()) return "nil";
  if (const auto* text = leaf.string()) return *text;
  if (leaf.is_integer() && type != 'f' && type != 'd') return std::to_string(leaf.integer_or(0));
  const auto number = leaf.number_or(0);
  return osc::to_text(type == 'd' ? osc::Argument(number) : osc::Argument(static_cast<float>(number)));
}

class ArgumentsText {
 public:
  explicit ArgumentsText(std::string_view types) : types_(types) {}

  void append(const Value& value) {
    const auto* elements = value.elements();
    if (elements == nullptr) return append_leaf(value);
    text_ += '[';
    for (std::size_t i = 0; i < elements->size(); ++i) {
      if (i > 0) text_ += ", ";
      append((*elements)[i]);
    }
    text_ += ']';
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void append_leaf(const Value& leaf) {
    while (!types_.empty() && (types_.front() == '[' || types_.front() == ']')) types_.remove_prefix(1);
    const char type = types_.empty() ? ' ' : types_.front();
    if (!types_.empty()) types_.remove_prefix(1);
    const auto text = printable(text_of(leaf, type));
    text_ += type == 's' || type == 'S' ? '"' + text + '"' : text;
  }

  std::string_view types_;
  std::string text_;
};

}  // namespace

Value osc_arguments(const osc::MessageView& message) {
  osc::ArgumentReader reader(message);
  return read_array(reader, 0);
}

Value to_value(const OscMessage& message) {
  auto value = Value::object({{"seq", message.seq},
                              {"time", message.time},
                              {"direction", message.is_out ? "out" : "in"},
                              {"peer", message.peer},
                              {"address", message.address},
                              {"types", message.types},
                              {"args", message.args}});
  if (!message.time_tag.empty()) value.set("time_tag", message.time_tag);
  if (!message.note.empty()) value.set("note", message.note);
  if (!message.error.empty()) value.set("error", message.error);
  if (!message.packet.empty()) value.set("packet", message.packet);
  return value;
}

std::optional<OscMessage> osc_message_from(const Value& payload) {
  if (!payload["address"].is_string()) return std::nullopt;
  return OscMessage{.seq = static_cast<std::uint64_t>(payload["seq"].integer_or(0)),
                    .time = payload["time"].number_or(0),
                    .is_out = payload["direction"].string_or("") == "out",
                    .peer = payload["peer"].string_or(""),
                    .address = payload["address"].string_or(""),
                    .types = payload["types"].string_or(""),
                    .args = payload["args"].is_array() ? payload["args"] : Value::array(),
                    .time_tag = payload["time_tag"].string_or(""),
                    .note = payload["note"].string_or(""),
                    .error = payload["error"].string_or(""),
                    .packet = payload["packet"].string_or("")};
}

Result<std::string> osc_packet(const OscMessage& message) {
  if (!message.packet.empty()) return osc::bytes_from_hex(message.packet);
  std::vector<const Value*> leaves;
  append_leaves(message.args, leaves);
  std::vector<std::string> words;
  auto leaf = leaves.begin();
  for (const char type : message.types) {
    if (type == '[' || type == ']') continue;
    if (leaf == leaves.end()) break;
    // What these stand for is in the type.
    if (std::string_view("TFNI").find(type) == std::string_view::npos) words.push_back(text_of(**leaf, type));
    ++leaf;
  }
  if (leaf != leaves.end()) {
    return fail(ErrorCode::kInvalid, format("types '{}' do not take {} arguments", message.types, leaves.size()));
  }
  return osc::message_from_words(message.address, message.types, words);
}

std::string osc_arguments_text(const OscMessage& message) {
  const auto* elements = message.args.elements();
  if (elements == nullptr || elements->empty()) return "";
  if (elements->size() == 1 && !elements->front().is_array()) {
    return printable(text_of(elements->front(), message.types.empty() ? ' ' : message.types.front()));
  }
  ArgumentsText text(message.types);
  text.append(message.args);
  return text.take();
}

}  // namespace vj::wire
