#include "config/section_list.hpp"

#include <algorithm>
#include <utility>

#include "base/format.hpp"
#include "config/schema.hpp"

namespace vj::config {
namespace {

class SectionWriter {
 public:
  // `toml` is the table's name in TOML ("worker.ports"), `path` in flat keys ("worker.log_aggregator.ports").
  SectionWriter(std::vector<Section>& sections, std::string heading, std::string toml, std::string path)
      : sections_(sections), index_(sections.size()), toml_(std::move(toml)) {
    sections_.push_back({.heading = std::move(heading), .path = std::move(path), .settings = {}});
  }

  void value(std::string_view name, bool field) { add(name, field); }
  void value(std::string_view name, int field, IntRange) { add(name, std::int64_t{field}); }
  void value(std::string_view name, int field, IntPair) { add(name, std::int64_t{field}); }
  void value(std::string_view name, Duration field, SecondsRange) { add(name, to_seconds(field)); }
  void value(std::string_view name, std::chrono::milliseconds field, MillisecondsRange) {
    add(name, std::int64_t{field.count()});
  }
  void value(std::string_view name, std::uint16_t field, PortRule) { add(name, std::int64_t{field}); }
  void value(std::string_view name, const std::vector<std::uint16_t>& field, PortRule) {
    add(name, std::vector<std::int64_t>(field.begin(), field.end()));
  }
  void value(std::string_view name, const std::string& field, const TextRule&) { add(name, field); }
  void value(std::string_view name, const std::vector<std::string>& field, const TextRule&) { add(name, field); }
  void value(std::string_view name, const std::map<std::string, std::string>& field) {
    if (field.empty()) return;
    SectionWriter writer = child(name, vj::format("[{}.{}]", toml_, name));
    sections_[writer.index_].has_variables = true;
    for (const auto& [variable, text] : field) writer.add(variable, text);
  }
  void value(std::string_view name, const Endpoint& field) { add(name, to_string(field)); }
  void value(std::string_view name, const std::optional<Endpoint>& field) {
    add(name, field ? to_string(*field) : std::string());
  }

  template <class Enum>
  bool choice(std::string_view name, Enum field) {
    add(name, std::string(names_of(field)[static_cast<std::size_t>(field)]));
    return true;
  }

  template <class S>
  void section(std::string_view name, S& field) {
    SectionWriter writer = child(name, vj::format("[{}.{}]", toml_, name));
    describe(writer, field);
  }

  template <class S>
  void optional_section(std::string_view name, std::optional<S>& field) {
    if (field) section(name, *field);
  }

  template <class S>
  void list(std::string_view name, std::vector<S>& field) {
    if (field.empty()) add(name, std::vector<std::string>{});
    for (std::size_t i = 0; i < field.size(); ++i) {
      std::string element = vj::format("{}", i);
      if constexpr (requires { field[i].name; }) element = field[i].name;
      SectionWriter writer = child(vj::format("{}.{}", name, element), vj::format("[[{}.{}]]", toml_, name),
                                   vj::format("{}.{}", toml_, name));
      describe(writer, field[i]);
    }
  }

  void required(std::string_view) {}
  template <class Enum>
  void not_for(std::string_view, std::string_view, Enum) {}

  void add(std::string_view name, Value value) {
    sections_[index_].settings.push_back({std::string(name), std::move(value)});
  }

 private:
  SectionWriter child(std::string_view name, std::string heading, std::string toml = {}) {
    std::string path = vj::format("{}.{}", sections_[index_].path, name);
    return {sections_, std::move(heading), std::move(toml), std::move(path)};
  }

  std::vector<Section>& sections_;
  std::size_t index_;
  std::string toml_;
};

// The sections of Config itself have no table around them.
class TopWriter {
 public:
  explicit TopWriter(std::vector<Section>& sections) : sections_(sections) {}

  template <class S>
  void section(std::string_view name, S& field) {
    SectionWriter writer(sections_, vj::format("[{}]", name), std::string(name), std::string(name));
    describe(writer, field);
  }

 private:
  std::vector<Section>& sections_;
};

template <class S>
std::vector<Setting> settings_in(S& field) {
  std::vector<Section> sections;
  SectionWriter writer(sections, "", "", "");
  describe(writer, field);
  return std::move(sections.front().settings);
}

void remove_inherited(std::vector<Setting>& settings, const std::vector<Setting>& inherited) {
  std::erase_if(settings,
                [&](const Setting& setting) { return std::ranges::find(inherited, setting) != inherited.end(); });
}

std::vector<Section> sections_of_worker(Worker& worker, Config& config) {
  std::vector<Section> sections;
  const bool is_app = worker.kind == WorkerKind::kApp;
  const std::string path = vj::format("{}.{}", is_app ? "app" : "worker", worker.name);
  SectionWriter writer(sections, is_app ? vj::format("[{}]", path) : "[[worker]]", is_app ? path : "worker", path);
  if (!is_app) writer.add("name", worker.name);
  describe(writer, worker);
  remove_inherited(sections.front().settings, settings_in(config.process_manager));
  if (worker.health.empty())
    std::erase_if(sections.front().settings, [](const Setting& s) { return s.key == "health"; });
  const std::vector<Setting> limits = settings_in(config.log.limits);
  std::erase_if(sections, [&](Section& section) {
    if (section.path != path + ".log") return false;
    remove_inherited(section.settings, limits);
    return section.settings.empty();
  });
  return sections;
}

}  // namespace

std::vector<Section> sections_of(Config config) {
  std::vector<Section> sections;
  TopWriter top(sections);
  describe(top, config);
  for (Worker& worker : config.workers)
    std::ranges::move(sections_of_worker(worker, config), std::back_inserter(sections));
  return sections;
}

}  // namespace vj::config
