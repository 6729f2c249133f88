#include <ftxui/dom/elements.hpp>

#include "base/format.hpp"
#include "console/panels/panels.hpp"
#include "console/status.hpp"
#include "console/theme.hpp"

namespace vj::console {

Element waiting_panel(const Model& model, std::string title, std::string_view worker) {
  const WorkerRow* row = find_worker(model, worker);
  Elements rows{line(format("waiting for {}", worker)) | theme::faint()};
  if (row == nullptr) {
    rows.push_back(line("which the process manager does not know") | theme::faint());
  } else {
    const std::string words = state_words(model, *row);
    const Health health = health_of(*row);
    rows.push_back(ftxui::hbox({ftxui::text(format("{} ", mark_of(health))) | theme::of(health),
                                line(words.empty() ? "it runs, and has said nothing yet" : words) | theme::faint()}));
    if (const auto why = reason_words(*row); !why.empty()) rows.push_back(filling_text(why) | theme::of(health));
  }
  return panel(std::move(title), ftxui::vbox(std::move(rows)));
}

}  // namespace vj::console
