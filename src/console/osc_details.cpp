#include "console/osc_details.hpp"

#include <algorithm>
#include <cmath>

#include "base/format.hpp"
#include "console/text_layout.hpp"
#include "console/words.hpp"

namespace vj::console {
namespace {

class Lines {
 public:
  explicit Lines(int width) : width_(std::max(10, width - kDetailLabelWidth)) {}

  void add(std::string label, std::string_view text, bool is_wrong = false) {
    if (text.empty()) return;
    for (const auto& row : wrap(text, width_, 0)) {
      lines_.push_back({std::exchange(label, {}), std::string(text.substr(row.begin, row.size)), is_wrong});
    }
  }
  [[nodiscard]] std::vector<DetailLine> take() { return std::move(lines_); }

 private:
  int width_;
  std::vector<DetailLine> lines_;
};

double rate_of(const Model& model, const OscRow& row) {
  if (!model.osc_stats) return 0;
  const auto found = model.osc_stats->rates.find(row.address);
  return found == model.osc_stats->rates.end() ? 0 : found->second;
}

}  // namespace

std::vector<DetailLine> osc_details(const Model& model, int width) {
  const auto selected = model.osc.selected();
  if (!selected || *selected >= model.osc.size()) return {};
  const OscRow& row = model.osc.row(*selected);
  Lines lines(width);
  lines.add("Time", clock_millisecond(row.time, model.setup.utc_offset));
  lines.add(row.is_out ? "Out to" : "In from", row.peer);
  lines.add("Malformed", row.error, true);
  lines.add("Address", row.address);
  if (const auto rate = std::lround(rate_of(model, row)); rate > 0) lines.add("Rate", format("{}/s", rate));
  if (const auto* latest = model.osc.latest(*selected)) lines.add("Count", grouped(latest->count));
  lines.add("Types", row.types);
  lines.add("Time tag", row.time_tag);
  lines.add("Note", row.note, true);
  lines.add("Arguments", row.exact.empty() ? row.arguments : row.exact);
  lines.add("Bytes", row.packet, !row.error.empty());
  return lines.take();
}

}  // namespace vj::console
