#include "config/show.hpp"

#include <algorithm>
#include <array>

#include "base/format.hpp"
#include "base/overloaded.hpp"
#include "base/text.hpp"
#include "config/section_list.hpp"

namespace vj::config {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) {
      out += vj::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

template <class Item, class Text>
std::string bracketed(const std::vector<Item>& items, Text text) {
  std::string out;
  for (const Item& item : items) out += (out.empty() ? "" : ", ") + text(item);
  return '[' + out + ']';
}

std::string number(double value) {
  const std::string text = vj::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;  // "5" would be a whole number
}

bool speaks_of_a_secret(std::string_view name) {
  constexpr std::array<std::string_view, 5> kWords{"key", "token", "secret", "password", "passwd"};
  const std::string text = lower_ascii(name);
  return std::ranges::any_of(kWords, [&](std::string_view word) { return text.contains(word); });
}

std::vector<Section> sections_to_show(const Config& config) {
  std::vector<Section> sections = sections_of(config);
  for (Section& section : sections) {
    if (!section.has_variables) continue;
    for (Setting& setting : section.settings) {
      if (speaks_of_a_secret(setting.key)) setting.value = "(hidden)";
    }
  }
  return sections;
}

}  // namespace

std::string to_toml(const Value& value) {
  return std::visit(Overloaded{
                        [](bool v) { return std::string(v ? "true" : "false"); },
                        [](std::int64_t v) { return vj::format("{}", v); },
                        [](double v) { return number(v); },
                        [](const std::string& v) { return quoted(v); },
                        [](const std::vector<std::int64_t>& v) {
                          return bracketed(v, [](std::int64_t item) { return vj::format("{}", item); });
                        },
                        [](const std::vector<std::string>& v) {
                          return bracketed(v, [](const std::string& item) { return quoted(item); });
                        },
                    },
                    value);
}

std::vector<Setting> settings_of(const Config& config) {
  std::vector<Setting> settings;
  for (const Section& section : sections_to_show(config)) {
    for (const Setting& setting : section.settings) {
      settings.push_back({vj::format("{}.{}", section.path, setting.key), setting.value});
    }
  }
  return settings;
}

std::string to_toml(const Config& config) {
  std::string text;
  for (const Section& section : sections_to_show(config)) {
    text += vj::format("{}{}\n", text.empty() ? "" : "\n", section.heading);
    for (const Setting& setting : section.settings)
      text += vj::format("{} = {}\n", setting.key, to_toml(setting.value));
  }
  return text;
}

}  // namespace vj::config
