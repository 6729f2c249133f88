// A TOML document as plain values that know their line. It says nothing about what the keys mean.
#pragma once

#include <cstdint>
#include <expected>
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

[[nodiscard]] std::expected<Table, SyntaxError> parse_toml(std::string_view text);

}  // namespace vj::config
