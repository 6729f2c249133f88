#include "console/osc_row.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.hpp"
#include "console/text_layout.hpp"

namespace vj::console {
namespace {

wire::Value with_few_decimals(const wire::Value& value) {
  if (const auto* elements = value.elements()) {
    auto array = wire::Value::array();
    for (const auto& each : *elements) array.append(with_few_decimals(each));
    return array;
  }
  if (!value.is_number() || value.is_integer()) return value;
  const double number = value.number_or(0);
  const double steps = std::abs(number) < 99.995 ? 100 : 10;
  const double rounded = std::round(number * steps) / steps;
  return rounded == 0 ? wire::Value(0.0) : wire::Value(rounded);  // without the sign of a zero
}

wire::OscMessage with_few_decimals(const wire::OscMessage& message) {
  wire::OscMessage shown = message;
  shown.args = with_few_decimals(message.args);
  return shown;
}

constexpr double kLatestTime = 8e9;  // seconds; the year 2223, well within what a WallTime holds

}  // namespace

std::size_t OscRow::bytes() const {
  std::size_t sum = sizeof(OscRow);
  for (const auto* text : {&peer, &address, &types, &arguments, &exact, &time_tag, &note, &error, &packet})
    sum += text->size();
  return sum;
}

OscRow osc_row(const wire::OscMessage& message, std::uint64_t run) {
  std::string exact = wire::osc_arguments_text(message);
  std::string arguments = wire::osc_arguments_text(with_few_decimals(message));
  if (exact == arguments) exact.clear();
  return {.run = run,
          .seq = message.seq,
          .time = WallTime(from_seconds(std::clamp(message.time, 0.0, kLatestTime))),
          .is_out = message.is_out,
          .peer = printable(message.peer),
          .address = printable(message.address),
          .types = printable(message.types),
          .arguments = std::move(arguments),
          .exact = std::move(exact),
          .time_tag = printable(message.time_tag),
          .note = printable(message.note),
          .error = printable(message.error),
          .packet = printable(message.packet)};
}

OscStats osc_stats(const wire::Value& payload) {
  const auto number = [&](std::string_view name) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, payload[name].integer_or(0)));
  };
  OscStats stats{.per_second = payload["per_second"].number_or(0),
                 .out_per_second = payload["out_per_second"].number_or(0),
                 .total = number("total_count"),
                 .dropped = number("dropped"),
                 .malformed = number("malformed")};
  if (const auto* rates = payload["rates"].members()) {
    for (const auto& [address, rate] : *rates) stats.rates.insert_or_assign(printable(address), rate.number_or(0));
  }
  if (const auto* ports = payload["ports"].elements()) {
    for (const auto& port : *ports) {
      if (port["kind"].string_or("") == "tap") stats.tap = static_cast<int>(port["port"].integer_or(0));
    }
  }
  stats.targets = wire::osc_targets_from(payload["targets"]);
  for (auto& target : stats.targets) {
    for (auto* text : {&target.name, &target.address, &target.problem}) *text = printable(*text);
  }
  return stats;
}

std::string cut_arguments(std::string_view arguments, int width) {
  static constexpr std::string_view kSeparator = ", ", kRest = "…]";
  if (cells(arguments) <= width || !arguments.starts_with('[')) return cut(arguments, width);
  std::size_t end = std::string_view::npos;  // behind the last separator that fits
  int used = 0;
  for (std::size_t at = 0; at < arguments.size();) {
    const GlyphSize glyph = first_glyph(arguments.substr(at));
    if (used + glyph.cells + cells(kRest) > width) break;
    used += glyph.cells;
    at += glyph.bytes;
    if (arguments.substr(0, at).ends_with(kSeparator)) end = at;
  }
  if (end == std::string_view::npos) return cut(arguments, width);
  return std::string(arguments.substr(0, end)).append(kRest);
}

}  // namespace vj::console
