#include "wire/json.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include <simdjson.h>

#include "base/text.hpp"

namespace vj::wire {
namespace {

constexpr std::size_t kDeepest = 100;
// A parser keeps the memory of the longest text it has read; beyond this it is made for one text only.
constexpr std::size_t kLongestKeptText = std::size_t{256} << 10U;

Value value_from(const simdjson::dom::element& element) {
  using simdjson::dom::element_type;
  // What cannot fail: the kind was asked for first.
  switch (element.type()) {
    case element_type::ARRAY: {
      Value::Array elements;
      const auto array = element.get_array().value_unsafe();
      elements.reserve(array.size());
      for (const auto child : array) elements.push_back(value_from(child));
      return elements;
    }
    case element_type::OBJECT: {
      Value::Members members;
      const auto object = element.get_object().value_unsafe();
      members.reserve(object.size());
      for (const auto field : object) members.emplace_back(std::string(field.key), value_from(field.value));
      return Value::object(std::move(members));
    }
    case element_type::STRING:
      return element.get_string().value_unsafe();
    case element_type::INT64:
      return element.get_int64().value_unsafe();
    case element_type::UINT64:
      return static_cast<double>(element.get_uint64().value_unsafe());
    case element_type::DOUBLE:
      return element.get_double().value_unsafe();
    case element_type::BOOL:
      return element.get_bool().value_unsafe();
    case element_type::NULL_VALUE:
      return {};
  }
  return {};
}

// A parser with room for texts of this length. It keeps that memory, so that reading the usual message allocates
// nothing.
class Parser {
 public:
  explicit Parser(std::size_t longest) : allocated_(parser_.allocate(longest, kDeepest)) {}

  std::expected<Value, simdjson::error_code> parse(std::string_view text) {
    simdjson::error_code error = allocated_;
    simdjson::dom::element root;
    if (error == simdjson::SUCCESS) error = parser_.parse(text.data(), text.size()).get(root);
    if (error != simdjson::SUCCESS) return std::unexpected(error);
    return value_from(root);
  }

 private:
  simdjson::dom::parser parser_;
  simdjson::error_code allocated_;
};

std::expected<Value, simdjson::error_code> parse(std::string_view text) {
  if (text.size() > kLongestKeptText) return Parser(text.size()).parse(text);
  thread_local Parser parser(kLongestKeptText);
  return parser.parse(text);
}

simdjson::error_code collect_raw_members(simdjson::ondemand::parser& parser, std::string_view object,
                                         std::vector<RawMember>& members) {
  using namespace simdjson;
  // The reader looks a little beyond the end of what it is given.
  std::string padded;
  padded.reserve(object.size() + SIMDJSON_PADDING);
  padded = object;
  ondemand::document document;
  if (const auto error = parser.iterate(padded.data(), padded.size(), padded.capacity()).get(document)) return error;
  ondemand::object fields;
  if (const auto error = document.get_object().get(fields)) return error;
  for (auto field : fields) {
    std::string_view name, text;
    if (const auto error = field.unescaped_key().get(name)) return error;
    if (const auto error = to_json_string(field.value()).get(text)) return error;
    const auto begin = static_cast<std::size_t>(text.data() - padded.data());
    members.push_back({std::string(name), object.substr(begin, text.size())});
  }
  return document.current_location().error() == OUT_OF_BOUNDS ? SUCCESS : TRAILING_CONTENT;
}

class Writer {
 public:
  Writer(int indent, int depth, std::size_t expected_length) : indent_(indent), depth_(depth) {
    out_.reserve(expected_length);
  }

  void write(const Value& value) {
    if (const auto* members = value.members()) {
      write_sequence('{', '}', *members,
                     [this](const Value::Member& member) { write_member(member.first, member.second); });
    } else if (const auto* elements = value.elements()) {
      write_sequence('[', ']', *elements, [this](const Value& element) { write(element); });
    } else if (const auto* text = value.string()) {
      write_string(*text);
    } else if (value.is_boolean()) {
      out_ += value.boolean_or(false) ? "true" : "false";
    } else if (value.is_integer()) {
      write_number(value.integer_or(0));
    } else if (value.is_number() && std::isfinite(value.number_or(0))) {
      write_double(value.number_or(0));
    } else {
      out_ += "null";
    }
  }

  void write(std::initializer_list<MemberView> members) {
    write_sequence('{', '}', members, [this](const MemberView& member) { write_member(member.name, member.value); });
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  template <class Sequence, class Each>
  void write_sequence(char open, char close, const Sequence& sequence, Each each) {
    out_ += open;
    ++depth_;
    bool first = true;
    for (const auto& element : sequence) {
      if (!first) out_ += ',';
      first = false;
      break_line();
      each(element);
    }
    --depth_;
    if (!first) break_line();
    out_ += close;
  }

  void write_member(std::string_view name, const Value& value) {
    write_string(name);
    out_ += indent_ > 0 ? ": " : ":";
    write(value);
  }

  void break_line() {
    if (indent_ == 0) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(indent_) * static_cast<std::size_t>(depth_), ' ');
  }

  template <class Number>
  void write_number(Number number) {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out_.append(digits.data(), end);
  }

  void write_double(double number) {
    const auto before = out_.size();
    write_number(number);
    // 2.0 stays a number with a fraction, so that a reader sees the same type again.
    if (out_.find_first_of(".en", before) == std::string::npos) out_ += ".0";
  }

  void write_string(std::string_view text) {
    out_ += '"';
    // Nearly all text is plain: one look at it, and nothing else to find out.
    if (const auto plain = plain_length(text); plain == text.size()) {
      out_ += text;
    } else if (simdjson::validate_utf8(text)) {
      write_escaped(text);
    } else {
      write_escaped(valid_utf8(text));
    }
    out_ += '"';
  }

  // Nearly all text is copied as it is, so it is copied in runs.
  void write_escaped(std::string_view text) {
    while (true) {
      const std::size_t run = length_without_escapes(text);
      out_ += text.substr(0, run);
      if (run == text.size()) return;
      write_escape(text[run]);
      text.remove_prefix(run + 1);
    }
  }

  static std::size_t length_without_escapes(std::string_view text) { return length_without<wants_escape>(text); }
  static std::size_t plain_length(std::string_view text) { return length_without<wants_care>(text); }

  template <bool (*is_it)(char)>
  static std::size_t length_without(std::string_view text) {
    std::size_t length = 0;
    while (length + kBlock <= text.size() && !any_in_block<is_it>(text.data() + length)) length += kBlock;
    while (length < text.size() && !is_it(text[length])) ++length;
    return length;
  }

  static bool wants_escape(char c) {
    return (static_cast<unsigned>(static_cast<unsigned char>(c) < 0x20) | static_cast<unsigned>(c == '"') |
            static_cast<unsigned>(c == '\\')) != 0;
  }
  // An escape, or a look at the characters around it: as a signed number all that is not ASCII is below zero.
  static bool wants_care(char c) {
    return (static_cast<unsigned>(static_cast<signed char>(c) < 0x20) | static_cast<unsigned>(c == '"') |
            static_cast<unsigned>(c == '\\')) != 0;
  }

  // A whole block, without a branch and of a length that is known: a loop that compilers turn into vector instructions.
  static constexpr std::size_t kBlock = 64;
  template <bool (*is_it)(char)>
  static bool any_in_block(const char* block) {
    unsigned char any = 0;
    for (std::size_t i = 0; i < kBlock; ++i) any |= static_cast<unsigned char>(is_it(block[i]));
    return any != 0;
  }

  void write_escape(char c) {
    switch (c) {
      case '"':
        out_ += "\\\"";
        break;
      case '\\':
        out_ += "\\\\";
        break;
      case '\n':
        out_ += "\\n";
        break;
      case '\r':
        out_ += "\\r";
        break;
      case '\t':
        out_ += "\\t";
        break;
      default: {
        static constexpr std::string_view kDigits = "0123456789abcdef";
        out_ += "\\u00";
        out_ += kDigits[static_cast<unsigned char>(c) >> 4U];
        out_ += kDigits[static_cast<unsigned char>(c) & 15U];
      }
    }
  }

  std::string out_;
  int indent_;
  int depth_;
};

constexpr std::size_t kPunctuation = 6;  // around a member: quotes, colon, comma

// About as long as the text will be, were nothing to escape: a text that grows as it is written is copied often.
std::size_t usual_length(const Value& value) {
  static constexpr std::size_t kNumber = 20;
  std::size_t length = kPunctuation;
  if (const auto* text = value.string()) return length + text->size();
  if (const auto* members = value.members()) {
    for (const auto& [name, member] : *members) length += kPunctuation + name.size() + usual_length(member);
  } else if (const auto* elements = value.elements()) {
    for (const auto& element : *elements) length += usual_length(element);
  } else {
    length += kNumber;
  }
  return length;
}

std::size_t usual_length(std::initializer_list<MemberView> members) {
  std::size_t length = 0;
  for (const auto& member : members) length += kPunctuation + member.name.size() + usual_length(member.value);
  return length;
}

template <class Written>
std::string write(const Written& written, int indent, int depth = 0) {
  Writer writer(indent, depth, usual_length(written));
  writer.write(written);
  return writer.take();
}

}  // namespace

Result<Value> parse_json(std::string_view text) {
  auto value = parse(text);
  if (!value && value.error() == simdjson::UTF8_ERROR) value = parse(valid_utf8(text));
  if (!value) return fail(ErrorCode::kInvalid, simdjson::error_message(value.error()));
  return std::move(*value);
}

std::string to_json(const Value& value) { return write(value, 0); }
std::string to_json(std::initializer_list<MemberView> members) { return write(members, 0); }
std::string to_indented_json(const Value& value, int indent, int depth) { return write(value, indent, depth); }

Result<std::vector<RawMember>> raw_members(std::string_view object) {
  std::vector<RawMember> members;
  simdjson::ondemand::parser for_this_text;
  thread_local simdjson::ondemand::parser for_usual_texts;
  auto& parser = object.size() > kLongestKeptText ? for_this_text : for_usual_texts;
  if (const auto error = collect_raw_members(parser, object, members); error != simdjson::SUCCESS) {
    return fail(ErrorCode::kInvalid, simdjson::error_message(error));
  }
  return members;
}

}  // namespace vj::wire
