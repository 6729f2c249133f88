// A JSON value: what payloads are made of before and after the wire. Object members keep their order. An integer stays
// an integer; NaN and infinities are written as null.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace vj::wire {

class Value {
 public:
  using Array = std::vector<Value>;
  using Member = std::pair<std::string, Value>;
  using Members = std::vector<Member>;

  Value() = default;  // null
  Value(std::nullptr_t) {}
  Value(bool value) : data_(value) {}
  template <class T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
  Value(T value) : data_(static_cast<std::int64_t>(value)) {}
  Value(double value) : data_(value) {}
  Value(std::string value) : data_(std::move(value)) {}
  Value(std::string_view value) : data_(std::string(value)) {}
  Value(const char* value) : data_(std::string(value)) {}
  Value(Array value) : data_(std::move(value)) {}

  // Value::object({{"worker", name}, {"pid", 12}})
  [[nodiscard]] static Value object(std::initializer_list<Member> members = {});
  [[nodiscard]] static Value object(Members members);  // of two with the same name the first counts
  [[nodiscard]] static Value array(std::initializer_list<Value> values = {}) { return Value(Array(values)); }

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  [[nodiscard]] bool is_object() const { return std::holds_alternative<Members>(data_); }
  [[nodiscard]] bool is_array() const { return std::holds_alternative<Array>(data_); }
  [[nodiscard]] bool is_string() const { return std::holds_alternative<std::string>(data_); }
  [[nodiscard]] bool is_boolean() const { return std::holds_alternative<bool>(data_); }
  [[nodiscard]] bool is_integer() const { return std::holds_alternative<std::int64_t>(data_); }
  [[nodiscard]] bool is_number() const { return is_integer() || std::holds_alternative<double>(data_); }

  // What it holds where it is of that kind, else nullptr.
  [[nodiscard]] const std::string* string() const { return std::get_if<std::string>(&data_); }
  [[nodiscard]] std::string* string() { return std::get_if<std::string>(&data_); }
  [[nodiscard]] const Array* elements() const { return std::get_if<Array>(&data_); }
  [[nodiscard]] const Members* members() const { return std::get_if<Members>(&data_); }

  [[nodiscard]] std::string string_or(std::string_view otherwise) const;
  [[nodiscard]] double number_or(double otherwise) const;               // also of an integer
  [[nodiscard]] std::int64_t integer_or(std::int64_t otherwise) const;  // also of a number without fraction
  [[nodiscard]] bool boolean_or(bool otherwise) const;

  // The member of that name; null where there is none, or where this is no object.
  [[nodiscard]] const Value& operator[](std::string_view name) const;
  [[nodiscard]] bool contains(std::string_view name) const;

  // The member of that name, moved out (null stays in its place); null where there is none.
  [[nodiscard]] Value take(std::string_view name);

  // Sets a member, at the end if it is new. A null becomes an object; anything else is a broken promise.
  void set(std::string_view name, Value value);
  void append(Value value);  // the same for arrays

  friend bool operator==(const Value& a, const Value& b);

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Members> data_;
};

}  // namespace vj::wire
