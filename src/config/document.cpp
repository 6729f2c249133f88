#include "config/document.hpp"

#include <algorithm>

#include <toml++/toml.h>

namespace vj::config {
namespace {

int line_of(const toml::source_region& source) { return static_cast<int>(source.begin.line); }

Table convert(const toml::table& table);

Node convert(const toml::node& node) {
  Node result{.line = line_of(node.source()), .value = DateOrTime{}};
  if (const auto* boolean = node.as_boolean()) {
    result.value = boolean->get();
  } else if (const auto* integer = node.as_integer()) {
    result.value = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    result.value = number->get();
  } else if (const auto* text = node.as_string()) {
    result.value = text->get();
  } else if (const auto* array = node.as_array()) {
    Array items;
    for (const toml::node& item : *array) items.push_back(convert(item));
    result.value = std::move(items);
  } else if (const auto* table = node.as_table()) {
    result.value = convert(*table);
  }
  return result;
}

Table convert(const toml::table& table) {
  Table entries;
  for (const auto& [key, node] : table) {
    entries.push_back({std::string(key.str()), line_of(key.source()), convert(node)});
  }
  std::ranges::stable_sort(entries, {}, &Entry::line);
  return entries;
}

}  // namespace

std::expected<Table, SyntaxError> parse_toml(std::string_view text) {
  try {
    return convert(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return std::unexpected(SyntaxError{line_of(error.source()), std::string(error.description())});
  }
}

}  // namespace vj::config
