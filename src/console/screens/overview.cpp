#include <algorithm>

#include <ftxui/dom/elements.hpp>

#include "console/geometry.hpp"
#include "console/panels/panels.hpp"
#include "console/screens/screens.hpp"

namespace vj::console {
namespace {

constexpr int kRightColumn = 40;
constexpr int kMetricsRows = 7;
constexpr int kNowRows = 6;
constexpr int kServicesRows = 8;

Element rows(Element element, int count) {
  return std::move(element) | ftxui::size(ftxui::HEIGHT, ftxui::EQUAL, count);
}
Element columns(Element element, int count) {
  return std::move(element) | ftxui::size(ftxui::WIDTH, ftxui::EQUAL, count);
}

Element wide(const Model& model) {
  const int left = model.size.columns - kRightColumn;
  return ftxui::hbox({
      columns(ftxui::vbox({workers_panel(model, left, body_rows(model) - kNowRows) | ftxui::flex,
                           rows(now_panel(model), kNowRows)}),
              left),
      columns(
          ftxui::vbox({rows(metrics_panel(model), kMetricsRows), services_panel(model, kRightColumn) | ftxui::flex}),
          kRightColumn),
  });
}

Element two_below_one(const Model& model) {
  const int right = model.size.columns - model.size.columns / 2;
  const int below = std::clamp(body_rows(model) / 3, kMetricsRows, kMetricsRows + 3);
  return ftxui::vbox({
      workers_panel(model, model.size.columns, body_rows(model) - below) | ftxui::flex,
      rows(ftxui::hbox({metrics_panel(model) | ftxui::flex, columns(services_panel(model, right), right)}), below),
  });
}

Element one_column(const Model& model) {
  const int body = body_rows(model);
  const int metrics = body >= 14 ? kMetricsRows : 0;
  const int services = body >= 30 ? kServicesRows : 0;
  const int columns = model.size.columns;
  Elements panels{workers_panel(model, columns, body - metrics - services) | ftxui::flex};
  if (metrics > 0) panels.push_back(rows(metrics_panel(model), metrics));
  if (services > 0) panels.push_back(rows(services_panel(model, columns), services));
  return ftxui::vbox(std::move(panels));
}

}  // namespace

Element overview_screen(const Model& model) {
  if (model.size.columns >= kWide) return wide(model);
  return model.size.columns > kOneColumn ? two_below_one(model) : one_column(model);
}

}  // namespace vj::console
