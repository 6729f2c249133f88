#include "ctl/osc_view.hpp"

#include <cmath>
#include <ctime>

#include "base/format.hpp"
#include "base/text.hpp"

namespace vj::ctl {
namespace {

std::string clock_time(double seconds) {
  const auto whole = static_cast<std::time_t>(std::floor(seconds));
  std::tm local{};
  ::localtime_r(&whole, &local);
  const auto milliseconds = static_cast<int>((seconds - std::floor(seconds)) * 1000);
  return format("{:02}:{:02}:{:02}.{:03}", local.tm_hour, local.tm_min, local.tm_sec, milliseconds);
}

}  // namespace

std::string osc_line(const wire::OscMessage& message, const Style& style) {
  const auto head =
      format("{} {:<3} {:<21} ", clock_time(message.time), message.is_out ? "out" : "in", printable(message.peer));
  if (!message.error.empty()) {
    return head + style.paint(Color::kRed, format("✗ malformed: {}", printable(message.error))) + "  " +
           printable(message.packet);
  }
  auto line = head + format("{:<26} {:<6} ", printable(message.address), printable(message.types)) +
              wire::osc_arguments_text(message);
  line.erase(line.find_last_not_of(' ') + 1);
  if (!message.time_tag.empty()) line += "  @" + printable(message.time_tag);
  if (!message.note.empty()) line += "  " + style.paint(Color::kYellow, format("({})", printable(message.note)));
  return line;
}

std::string target_table(const std::vector<wire::OscTarget>& targets) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(targets.size());
  for (const auto& target : targets) {
    rows.push_back(
        {printable(target.name), target.enabled ? "on" : "off", printable(target.address), printable(target.problem)});
  }
  return table(rows, {});
}

}  // namespace vj::ctl
