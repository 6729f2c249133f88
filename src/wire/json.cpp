#include "wire/json.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace vj::wire {
namespace {

using Library = nlohmann::json;

// Builds a Value while the library reads: no second tree in between.
class Builder final : public nlohmann::json_sax<Library> {
 public:
  bool null() override { return put(Value()); }
  bool boolean(bool value) override { return put(Value(value)); }
  bool number_integer(std::int64_t value) override { return put(Value(value)); }
  bool number_unsigned(std::uint64_t value) override {
    const bool fits = value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return put(fits ? Value(static_cast<std::int64_t>(value)) : Value(static_cast<double>(value)));
  }
  bool number_float(double value, const std::string&) override { return put(Value(value)); }
  bool string(std::string& value) override { return put(Value(std::move(value))); }
  bool binary(Library::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Value::object()); }
  bool key(std::string& name) override {
    open_.back().key = std::move(name);
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Value::array()); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    problem_ = error.what();
    // The library's own prefix ("[json.exception.parse_error.101] ") means nothing to a person.
    if (const auto end = problem_.find("] "); end != std::string::npos) problem_.erase(0, end + 2);
    return false;
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] Value take() { return std::move(root_); }

 private:
  static constexpr std::size_t kDeepest = 100;

  struct Open {
    Value value;
    std::string key;
  };

  bool put(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().value.is_array()) {
      open_.back().value.append(std::move(value));
    } else {
      open_.back().value.set(open_.back().key, std::move(value));
    }
    return true;
  }
  bool open(Value value) {
    if (open_.size() == kDeepest) {
      problem_ = "nested deeper than 100 levels";
      return false;
    }
    open_.push_back({std::move(value), {}});
    return true;
  }
  bool close() {
    Value value = std::move(open_.back().value);
    open_.pop_back();
    return put(std::move(value));
  }

  Value root_;
  std::vector<Open> open_;
  std::string problem_;
};

// Written here and not by the library: its writer wants its own tree, and making that costs more than the writing.
class Writer {
 public:
  explicit Writer(int indent) : indent_(indent) {}

  void write(const Value& value) {
    if (const auto* members = value.members()) {
      write_sequence('{', '}', *members, [this](const Value::Member& member) {
        write_string(member.first);
        out_ += indent_ > 0 ? ": " : ":";
        write(member.second);
      });
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
    if (is_valid_utf8(text)) {
      write_escaped(text);
    } else {
      write_escaped(valid_utf8(text));
    }
    out_ += '"';
  }

  // Nearly all text is copied as it is, so it is copied in runs.
  void write_escaped(std::string_view text) {
    std::size_t run = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
      out_ += text.substr(run, i - run);
      write_escape(c);
      run = i + 1;
    }
    out_ += text.substr(run);
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
  int depth_ = 0;
};

std::string write(const Value& value, int indent) {
  Writer writer(indent);
  writer.write(value);
  return writer.take();
}

}  // namespace

Result<Value> parse_json(std::string_view text) {
  std::string repaired;
  if (!is_valid_utf8(text)) {
    repaired = valid_utf8(text);
    text = repaired;
  }
  Builder builder;
  if (!Library::sax_parse(text.begin(), text.end(), &builder)) return fail(ErrorCode::kInvalid, builder.problem());
  return builder.take();
}

std::string to_json(const Value& value) { return write(value, 0); }
std::string to_indented_json(const Value& value, int indent) { return write(value, indent); }

}  // namespace vj::wire
