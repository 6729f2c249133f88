#include "console/osc_details.hpp"

#include <algorithm>

#include <ftxui/dom/elements.hpp>

#include "console/geometry.hpp"
#include "console/panels/panels.hpp"
#include "console/status.hpp"
#include "console/text_layout.hpp"
#include "console/theme.hpp"

namespace vj::console {

Element osc_details_panel(const Model& model) {
  const TextBox page = osc_details_page(model);
  const auto details = osc_details(model, page.width);
  const auto all = static_cast<int>(details.size());
  const int first = std::clamp(model.details_scroll, 0, std::max(0, all - page.height));
  Elements rows;
  for (int i = first; i < std::min(all, first + page.height); ++i) {
    const DetailLine& detail = details[static_cast<std::size_t>(i)];
    rows.push_back(ftxui::hbox({ftxui::text(left_aligned(detail.label, kDetailLabelWidth)) | theme::name(),
                                detail.is_wrong ? line(detail.text) | theme::of(Health::kFailed) : line(detail.text)}));
  }
  return panel("OSC Message", ftxui::vbox(std::move(rows)),
               all > page.height ? "PgUp PgDn more, ↑↓ other messages, Esc closes" : "↑↓ other messages, Esc closes");
}

}  // namespace vj::console
