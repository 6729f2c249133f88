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

const Entry* find_entry(const Table& table, std::string_view key) {
  const auto found = std::ranges::find(table, key, &Entry::key);
  return found == table.end() ? nullptr : &*found;
}

int line_of(const Table& document, const Place& place) {
  const Entry* section = find_entry(document, place.section);
  if (!section) return 0;
  const auto* keys = std::get_if<Table>(&section->node.value);
  const Entry* key = keys ? find_entry(*keys, place.key) : nullptr;
  if (!key) return section->line;
  const auto* items = std::get_if<Array>(&key->node.value);
  if (!items || !place.item || *place.item >= items->size()) return key->line;
  const Node& item = (*items)[*place.item];
  const auto* keys_of_item = std::get_if<Table>(&item.value);
  const Entry* key_of_item = keys_of_item ? find_entry(*keys_of_item, place.key_of_item) : nullptr;
  return key_of_item ? key_of_item->line : item.line;
}

std::expected<Table, SyntaxError> parse_toml(std::string_view text) {
  try {
    return convert(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return std::unexpected(SyntaxError{line_of(error.source()), std::string(error.description())});
  }
}

}  // namespace vj::config
