#include <ftxui/dom/elements.hpp>

#include "base/format.hpp"
#include "console/panels/panels.hpp"
#include "console/screens/screens.hpp"
#include "console/theme.hpp"

namespace vj::console {
namespace {

std::string corner_of(const LogView& logs) {
  if (logs.following()) return {};
  return logs.waiting() > 0 ? format("+{} new, G follows", logs.waiting()) : std::string("held, G follows");
}

Element nothing_to_show(const LogView& logs) {
  const bool hidden = !logs.filter().empty() || logs.minimum_level() > LogLevel::kDebug;
  return line(hidden ? "no line passes the filter" : "no lines yet") | theme::faint();
}

}  // namespace

Element logs_screen(const Model& model) {
  const LogView& logs = model.logs;
  return panel("Application Logs", logs.size() > 0 ? log_list(logs) : nothing_to_show(logs), corner_of(logs));
}

}  // namespace vj::console
