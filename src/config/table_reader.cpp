#include "config/table_reader.hpp"

#include <algorithm>
#include <cmath>

#include "base/format.hpp"
#include "base/overloaded.hpp"
#include "base/text.hpp"

namespace vj::config {
namespace {

// A value as a person would recognise it in a message.
std::string shown(const Node& node) {
  constexpr std::size_t kLongest = 60;
  return std::visit(Overloaded{
                        [](bool value) { return std::string(value ? "true" : "false"); },
                        [](std::int64_t value) { return vj::format("{}", value); },
                        [](double value) { return vj::format("{}", value); },
                        [](const std::string& value) {
                          const std::string text = printable(value);
                          return text.size() > kLongest ? "a text of " + vj::format("{}", text.size()) + " bytes"
                                                        : '"' + text + '"';
                        },
                        [](const DateOrTime&) { return std::string("a date or time"); },
                        [](const Array&) { return std::string("a list"); },
                        [](const Table&) { return std::string("a table"); },
                    },
                    node.value);
}

std::string quoted_list(std::span<const std::string_view> names) {
  std::string list;
  for (const std::string_view name : names) list += vj::format("{}\"{}\"", list.empty() ? "" : ", ", name);
  return list;
}

std::string key_path(std::string_view path, std::string_view name) {
  return path.empty() ? std::string(name) : vj::format("{}.{}", path, name);
}

}  // namespace

std::string title_of(std::string_view path) { return vj::format("[{}]", path); }

TableReader::TableReader(const Table& table, int line, std::string title, std::string path, ReadingContext& context)
    : table_(table), line_(line), title_(std::move(title)), path_(std::move(path)), context_(context) {}

const Entry* TableReader::find(std::string_view name) const {
  const auto found = std::ranges::find(table_, name, &Entry::key);
  return found == table_.end() ? nullptr : &*found;
}

const Entry* TableReader::take(std::string_view name) {
  known(name);
  return find(name);
}

int TableReader::line_of(std::string_view name) const {
  const Entry* entry = find(name);
  return entry ? entry->line : line_;
}

int TableReader::line_of_item(std::string_view name, std::size_t index) const {
  const Entry* entry = find(name);
  const auto* items = entry ? std::get_if<Array>(&entry->node.value) : nullptr;
  return items && index < items->size() ? (*items)[index].line : line_of(name);
}

void TableReader::problem(int line, std::string_view key, std::string what) {
  complained_.emplace(key);
  context_.problems.push_back({context_.file, line, key_path(path_, key), std::move(what)});
}

void TableReader::wrong_value(const Entry& entry, const Node& node, std::string_view expected) {
  problem(node.line, entry.key, vj::format("'{}' in {} must be {}, not {}", entry.key, title_, expected, shown(node)));
}

void TableReader::wrong_choice(const Entry& entry, const std::string& given, std::span<const std::string_view> names) {
  const std::vector<std::string> known_names(names.begin(), names.end());
  const auto nearest = nearest_name(given, known_names);
  problem(entry.node.line, entry.key,
          vj::format("'{}' in {} must be one of {}, not \"{}\"{}", entry.key, title_, quoted_list(names),
                     printable(given), nearest ? vj::format("; did you mean \"{}\"?", *nearest) : ""));
}

void TableReader::value(std::string_view name, bool& field) {
  const Entry* entry = take(name);
  if (!entry) return;
  if (const auto* given = std::get_if<bool>(&entry->node.value)) {
    field = *given;
  } else {
    wrong_value(*entry, entry->node, "true or false");
  }
}

void TableReader::value(std::string_view name, int& field, IntRange range) {
  const Entry* entry = take(name);
  if (!entry) return;
  const auto* given = std::get_if<std::int64_t>(&entry->node.value);
  if (given && *given >= range.lowest && *given <= range.highest) {
    field = static_cast<int>(*given);
  } else {
    wrong_value(*entry, entry->node, vj::format("a whole number from {} to {}", range.lowest, range.highest));
  }
}

void TableReader::value(std::string_view name, int& field, IntPair allowed) {
  const Entry* entry = take(name);
  if (!entry) return;
  const auto* given = std::get_if<std::int64_t>(&entry->node.value);
  if (given && (*given == allowed.one || *given == allowed.other)) {
    field = static_cast<int>(*given);
  } else {
    wrong_value(*entry, entry->node, vj::format("{} or {}", allowed.one, allowed.other));
  }
}

std::optional<double> TableReader::read_seconds(const Entry& entry, SecondsRange range) {
  std::optional<double> given;
  if (const auto* number = std::get_if<double>(&entry.node.value)) given = *number;
  if (const auto* number = std::get_if<std::int64_t>(&entry.node.value)) given = static_cast<double>(*number);
  // Written so that NaN is outside, too.
  if (given && *given >= range.lowest && *given <= range.highest) return given;
  const std::string because = range.because.empty() ? "" : vj::format(" ({})", range.because);
  wrong_value(entry, entry.node,
              vj::format("a number of seconds from {} to {}{}", range.lowest, range.highest, because));
  return std::nullopt;
}

void TableReader::value(std::string_view name, Duration& field, SecondsRange range) {
  const Entry* entry = take(name);
  if (!entry) return;
  // Rounded, so that 0.1 is 100 ms and not a nanosecond less.
  if (const auto seconds = read_seconds(*entry, range)) field = Duration(std::llround(*seconds * 1e9));
}

void TableReader::value(std::string_view name, std::chrono::milliseconds& field, MillisecondsRange range) {
  int count = static_cast<int>(field.count());
  value(name, count, IntRange{range.lowest, range.highest});
  field = std::chrono::milliseconds(count);
}

std::optional<std::uint16_t> TableReader::read_port(const Entry& entry, const Node& node, PortRule rule) {
  const auto* given = std::get_if<std::int64_t>(&node.value);
  if (given && *given >= (rule.zero_is_off ? 0 : 1) && *given <= 65535) return static_cast<std::uint16_t>(*given);
  wrong_value(entry, node, rule.zero_is_off ? "a port from 1 to 65535, or 0 for none" : "a port from 1 to 65535");
  return std::nullopt;
}

void TableReader::value(std::string_view name, std::uint16_t& field, PortRule rule) {
  const Entry* entry = take(name);
  if (!entry) return;
  if (const auto port = read_port(*entry, entry->node, rule)) field = *port;
}

void TableReader::value(std::string_view name, std::vector<std::uint16_t>& field, PortRule rule) {
  const Entry* entry = take(name);
  if (!entry) return;
  const auto* items = std::get_if<Array>(&entry->node.value);
  if (!items) return wrong_value(*entry, entry->node, "a list of ports, as in [9000, 9001]");
  field.clear();
  for (const Node& item : *items) {
    if (const auto port = read_port(*entry, item, rule)) field.push_back(*port);
  }
}

std::optional<std::string> TableReader::read_text(const Entry& entry, const Node& node, const TextRule& rule) {
  const auto* given = std::get_if<std::string>(&node.value);
  if (given && !rule.one_of.empty()) {
    if (std::ranges::find(rule.one_of, *given) != rule.one_of.end()) return *given;
    wrong_choice(entry, *given, rule.one_of);
    return std::nullopt;
  }
  // A NUL byte ends a path or an argument early, wherever it goes next.
  if (!given || given->contains('\0') || !rule.accepts(*given)) {
    wrong_value(entry, node, rule.one_of.empty() ? std::string(rule.expected) : "one of " + quoted_list(rule.one_of));
    return std::nullopt;
  }
  if (rule.is_path && given->starts_with("~/") && !context_.user_home.empty()) {
    return context_.user_home + given->substr(1);
  }
  return *given;
}

void TableReader::value(std::string_view name, std::string& field, const TextRule& rule) {
  const Entry* entry = take(name);
  if (!entry) return;
  if (auto text = read_text(*entry, entry->node, rule)) field = std::move(*text);
}

void TableReader::value(std::string_view name, std::vector<std::string>& field, const TextRule& rule) {
  const Entry* entry = take(name);
  if (!entry) return;
  const auto* items = std::get_if<Array>(&entry->node.value);
  if (!items) return wrong_value(*entry, entry->node, "a list of texts, as in [\"one\", \"two\"]");
  field.clear();
  for (const Node& item : *items) {
    if (auto text = read_text(*entry, item, rule)) field.push_back(std::move(*text));
  }
}

void TableReader::value(std::string_view name, std::map<std::string, std::string>& field) {
  const Entry* entry = take(name);
  if (!entry) return;
  const auto* items = std::get_if<Table>(&entry->node.value);
  if (!items) return wrong_value(*entry, entry->node, "a table of texts, as in { NAME = \"value\" }");
  for (const Entry& item : *items) {
    const auto* text = std::get_if<std::string>(&item.node.value);
    if (!is_environment_name(item.key)) {
      problem(
          item.line, name,
          vj::format("'{}' in '{}' of {} is no name of an environment variable", printable(item.key), name, title_));
    } else if (!text || text->contains('\0')) {
      problem(item.line, name,
              vj::format("'{}' in '{}' of {} must be a text, not {}", item.key, name, title_, shown(item.node)));
    } else {
      field[item.key] = *text;
    }
  }
}

void TableReader::value(std::string_view name, Endpoint& field) {
  const Entry* entry = take(name);
  if (!entry) return;
  const auto* text = std::get_if<std::string>(&entry->node.value);
  const auto endpoint = text ? parse_endpoint(*text) : std::nullopt;
  if (!endpoint) return wrong_value(*entry, entry->node, "HOST:PORT, as in \"127.0.0.1:8000\"");
  field = *endpoint;
}

void TableReader::value(std::string_view name, std::optional<Endpoint>& field) {
  const Entry* entry = find(name);
  const auto* text = entry ? std::get_if<std::string>(&entry->node.value) : nullptr;
  if (text && text->empty()) {
    known(name);
    field.reset();
    return;
  }
  Endpoint endpoint = field.value_or(Endpoint{});
  value(name, endpoint);
  if (endpoint != Endpoint{}) field = endpoint;
}

std::optional<std::size_t> TableReader::read_choice(std::string_view name, std::span<const std::string_view> names) {
  const Entry* entry = take(name);
  if (!entry) return std::nullopt;
  const auto* given = std::get_if<std::string>(&entry->node.value);
  if (!given) {
    wrong_value(*entry, entry->node, "one of " + quoted_list(names));
    return std::nullopt;
  }
  const auto found = std::ranges::find(names, *given);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  wrong_choice(*entry, *given, names);
  return std::nullopt;
}

void TableReader::read_section(std::string_view name, const std::function<void(TableReader&)>& read) {
  const Entry* entry = take(name);
  if (!entry) return;
  const std::string path = key_path(path_, name);
  const auto* table = std::get_if<Table>(&entry->node.value);
  if (!table) {
    return problem(entry->line, name, vj::format("'{}' must be a section, written {}", path, title_of(path)));
  }
  TableReader reader(*table, entry->line, title_of(path), path, context_);
  read(reader);
  reader.finish();
}

bool TableReader::read_list(std::string_view name, const std::function<void(TableReader&)>& read_item) {
  const Entry* entry = take(name);
  if (!entry) return false;
  const std::string path = key_path(path_, name);
  const std::string title = vj::format("[[{}]]", path);
  const auto* items = std::get_if<Array>(&entry->node.value);
  const auto is_table = [](const Node& item) { return std::holds_alternative<Table>(item.value); };
  if (!items || !std::ranges::all_of(*items, is_table)) {
    problem(entry->line, name, vj::format("'{}' must be a list of sections, each written {}", path, title));
    return false;
  }
  for (const Node& item : *items) {
    TableReader reader(std::get<Table>(item.value), item.line, title, path, context_);
    read_item(reader);
    reader.finish();
  }
  return true;
}

void TableReader::required(std::string_view name) {
  if (!has(name)) problem(line_, name, vj::format("{} needs '{}'", title_, name));
}

void TableReader::refuse_beside(std::string_view name, std::string_view choice, std::string_view chosen) {
  if (has(name) && std::ranges::find(known_, name) == known_.end()) {
    problem(line_of(name), name,
            vj::format("'{}' in {} means nothing beside {} = \"{}\"", name, title_, choice, chosen));
  }
}

void TableReader::finish() {
  for (const Entry& entry : table_) {
    if (std::ranges::find(known_, entry.key) != known_.end() || complained_.contains(entry.key)) continue;
    const std::string name = printable(entry.key);
    const auto nearest = nearest_name(entry.key, known_);
    const std::string hint = nearest ? vj::format("; did you mean '{}'?", *nearest) : "";
    if (!path_.empty()) {
      problem(entry.line, entry.key, vj::format("unknown key '{}' in {}{}", name, title_, hint));
    } else if (std::holds_alternative<Table>(entry.node.value)) {
      problem(entry.line, entry.key, vj::format("unknown section '{}'{}", name, hint));
    } else {
      problem(entry.line, entry.key, vj::format("key '{}' stands outside of any section", name));
    }
  }
}

}  // namespace vj::config
