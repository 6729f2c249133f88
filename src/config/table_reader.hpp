// Fills fields from one table of a document, and writes down what is wrong: unknown keys, wrong types, impossible
// values. The visitor of schema.hpp for reading.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/document.hpp"
#include "config/problem.hpp"
#include "config/rules.hpp"

namespace vj::config {

struct ReadingContext {
  std::string file;
  std::string user_home;  // empty: "~/" stays
  std::vector<Problem> problems;
};

class TableReader {
 public:
  // `title` is how a person writes the table ("[console]"), `path` how a key of it is called ("console").
  TableReader(const Table& table, int line, std::string title, std::string path, ReadingContext& context);

  void value(std::string_view name, bool& field);
  void value(std::string_view name, int& field, IntRange range);
  void value(std::string_view name, int& field, IntPair allowed);
  void value(std::string_view name, Duration& field, SecondsRange range);
  void value(std::string_view name, std::chrono::milliseconds& field, MillisecondsRange range);
  void value(std::string_view name, std::uint16_t& field, PortRule rule);
  void value(std::string_view name, std::vector<std::uint16_t>& field, PortRule rule);
  void value(std::string_view name, std::string& field, const TextRule& rule);
  void value(std::string_view name, std::vector<std::string>& field, const TextRule& rule);
  void value(std::string_view name, std::map<std::string, std::string>& field);
  void value(std::string_view name, Endpoint& field);
  void value(std::string_view name, std::optional<Endpoint>& field);

  template <class Enum>
  bool choice(std::string_view name, Enum& field) {
    const auto index = read_choice(name, names_of(field));
    if (index) field = static_cast<Enum>(*index);
    return index.has_value();
  }

  template <class Section>
  void section(std::string_view name, Section& field) {
    read_section(name, [&](TableReader& reader) { describe(reader, field); });
  }

  template <class Section>
  void optional_section(std::string_view name, std::optional<Section>& field) {
    read_section(name, [&](TableReader& reader) { describe(reader, field.emplace()); });
  }

  // A list that is given replaces the default one.
  template <class Section>
  void list(std::string_view name, std::vector<Section>& field) {
    std::vector<Section> items;
    const bool given = read_list(name, [&](TableReader& reader) { describe(reader, items.emplace_back()); });
    if (given) field = std::move(items);
  }

  void required(std::string_view name);
  // Refuses a key that nobody asked for so far: it means nothing beside this choice.
  template <class Enum>
  void not_for(std::string_view name, std::string_view choice, Enum chosen) {
    refuse_beside(name, choice, names_of(chosen)[static_cast<std::size_t>(chosen)]);
  }
  void known(std::string_view name) { known_.emplace_back(name); }  // read by somebody else

  // Reports every key that nothing above asked for.
  void finish();

  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  [[nodiscard]] bool is_good(std::string_view name) const { return has(name) && !complained_.contains(name); }
  [[nodiscard]] int line_of(std::string_view name) const;  // the table's own where the key is missing
  [[nodiscard]] int line_of_item(std::string_view name, std::size_t index) const;

  // For rules over several keys.
  void problem(int line, std::string_view key, std::string what);

 private:
  [[nodiscard]] const Entry* find(std::string_view name) const;
  const Entry* take(std::string_view name);  // find(), and the name is known from now on
  void wrong_value(const Entry& entry, const Node& node, std::string_view expected);
  void wrong_choice(const Entry& entry, const std::string& given, std::span<const std::string_view> names);
  std::optional<double> read_seconds(const Entry& entry, SecondsRange range);
  std::optional<std::string> read_text(const Entry& entry, const Node& node, const TextRule& rule);
  std::optional<std::uint16_t> read_port(const Entry& entry, const Node& node, PortRule rule);
  std::optional<std::size_t> read_choice(std::string_view name, std::span<const std::string_view> names);
  void read_section(std::string_view name, const std::function<void(TableReader&)>& read);
  void refuse_beside(std::string_view name, std::string_view choice, std::string_view chosen);
  bool read_list(std::string_view name, const std::function<void(TableReader&)>& read_item);

  const Table& table_;
  int line_;
  std::string title_;
  std::string path_;
  ReadingContext& context_;
  std::vector<std::string> known_;
  std::set<std::string, std::less<>> complained_;
};

// "[a.b]" for a table in the table "[a]".
[[nodiscard]] std::string title_of(std::string_view path);

}  // namespace vj::config
