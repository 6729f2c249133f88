// A TOML document as plain values that know their line. It says nothing about what the keys mean.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vj::config {

struct Entry;
struct Node;

struct DateOrTime {};  // TOML has them; no key of ours takes one
using Array = std::vector<Node>;
using Table = std::vector<Entry>;  // in the order of the file

struct Node {
  int line = 0;
  std::variant<bool, std::int64_t, double, std::string, DateOrTime, Array, Table> value;
};

struct Entry {
  std::string key;
  int line = 0;  // of the key
  Node node;
};

struct SyntaxError {
  int line = 0;
  std::string what;
};

[[nodiscard]] const Entry* find_entry(const Table& table, std::string_view key);  // null where there is none

// Where in a document something stands: a section, a key in it, an item of the list that the key has, a key in that.
struct Place {
  std::string_view section;
  std::string_view key;
  std::optional<std::size_t> item{};
  std::string_view key_of_item{};
};

// As far as it is written: the line of what is nearest above; 0 where not even the section is.
[[nodiscard]] int line_of(const Table& document, const Place& place);

[[nodiscard]] std::expected<Table, SyntaxError> parse_toml(std::string_view text);

}  // namespace vj::config
