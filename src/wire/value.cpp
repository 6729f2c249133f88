#include "wire/value.hpp"

#include <algorithm>
#include <cmath>

#include "base/assert.hpp"

namespace vj::wire {

Value Value::object(std::initializer_list<Member> members) {
  Value value;
  value.data_ = Members(members);
  return value;
}

Value Value::object(Members members) {
  Value value;
  value.data_ = std::move(members);
  return value;
}

std::string Value::string_or(std::string_view otherwise) const {
  const auto* text = string();
  return text != nullptr ? *text : std::string(otherwise);
}

double Value::number_or(double otherwise) const {
  if (const auto* integer = std::get_if<std::int64_t>(&data_)) return static_cast<double>(*integer);
  if (const auto* number = std::get_if<double>(&data_)) return *number;
  return otherwise;
}

std::int64_t Value::integer_or(std::int64_t otherwise) const {
  if (const auto* integer = std::get_if<std::int64_t>(&data_)) return *integer;
  const auto* number = std::get_if<double>(&data_);
  const bool is_whole = number != nullptr && std::abs(*number) < 9e15 && std::trunc(*number) == *number;
  return is_whole ? static_cast<std::int64_t>(*number) : otherwise;
}

bool Value::boolean_or(bool otherwise) const {
  const auto* boolean = std::get_if<bool>(&data_);
  return boolean != nullptr ? *boolean : otherwise;
}

const Value& Value::operator[](std::string_view name) const {
  static const Value null;
  const auto* all = members();
  if (all == nullptr) return null;
  const auto found = std::ranges::find(*all, name, &Member::first);
  return found == all->end() ? null : found->second;
}

bool Value::contains(std::string_view name) const {
  const auto* all = members();
  return all != nullptr && std::ranges::find(*all, name, &Member::first) != all->end();
}

Value Value::take(std::string_view name) {
  auto* all = std::get_if<Members>(&data_);
  if (all == nullptr) return {};
  const auto found = std::ranges::find(*all, name, &Member::first);
  return found == all->end() ? Value() : std::exchange(found->second, {});
}

void Value::set(std::string_view name, Value value) {
  if (is_null()) data_ = Members();
  auto* all = std::get_if<Members>(&data_);
  VJ_ASSERT(all != nullptr);
  const auto found = std::ranges::find(*all, name, &Member::first);
  if (found != all->end()) {
    found->second = std::move(value);
  } else {
    all->emplace_back(std::string(name), std::move(value));
  }
}

void Value::append(Value value) {
  if (is_null()) data_ = Array();
  auto* all = std::get_if<Array>(&data_);
  VJ_ASSERT(all != nullptr);
  all->push_back(std::move(value));
}

bool operator==(const Value& a, const Value& b) { return a.data_ == b.data_; }

}  // namespace vj::wire
