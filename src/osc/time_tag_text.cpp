#include "osc/time_tag_text.hpp"

#include <chrono>

#include "base/format.hpp"
#include "base/text.hpp"

namespace vj::osc {
namespace {

constexpr std::int64_t kNtpToUnix = 2'208'988'800;  // seconds from 1900 to 1970

// Ten digits are finer than the tag's 2^-32 s, so every tag has a text of its own. 10^10 / 2^32 = 9765625 / 2^22.
constexpr std::uint64_t kNumerator = 9'765'625;
constexpr int kShift = 22;

}  // namespace

std::string to_text(TimeTag time_tag) {
  if (time_tag.is_immediate()) return "immediately";
  using namespace std::chrono;
  const auto since_1970 = seconds(static_cast<std::int64_t>(time_tag.ntp >> 32) - kNtpToUnix);
  const auto day = floor<days>(sys_seconds(since_1970));
  const year_month_day date(day);
  const hh_mm_ss time(sys_seconds(since_1970) - day);
  const auto fraction = ((time_tag.ntp & 0xFFFF'FFFF) * kNumerator) >> kShift;
  return format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:010}Z", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                time.minutes().count(), time.seconds().count(), fraction);
}

Result<TimeTag> time_tag_from_text(std::string_view text) {
  if (text == "immediately") return TimeTag{};
  static constexpr std::string_view kForm = "0000-00-00T00:00:00.0000000000Z";
  const auto refusal = fail(ErrorCode::kInvalid, format("'{}' is neither 'immediately' nor of the form '{}'",
                                                        printable(text), "2026-12-04T21:15:32.5000000000Z"));
  if (text.size() != kForm.size()) return refusal;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == '0' ? !is_digit : text[i] != kForm[i]) return refusal;
  }
  const auto number = [&](std::size_t at, std::size_t size) { return *parse_integer(text.substr(at, size)); };
  using namespace std::chrono;
  const year_month_day date(year(static_cast<int>(number(0, 4))), month(static_cast<unsigned>(number(5, 2))),
                            day(static_cast<unsigned>(number(8, 2))));
  if (!date.ok()) return refusal;
  const auto since_1970 =
      sys_days(date).time_since_epoch() + hours(number(11, 2)) + minutes(number(14, 2)) + seconds(number(17, 2));
  const auto since_1900 = duration_cast<seconds>(since_1970).count() + kNtpToUnix;
  if (since_1900 < 0 || since_1900 > 0xFFFF'FFFF) return refusal;
  // to_text() rounds down, so the tag is the next one up.
  const auto low = ((static_cast<std::uint64_t>(number(20, 10)) << kShift) + kNumerator - 1) / kNumerator;
  return TimeTag{(static_cast<std::uint64_t>(since_1900) << 32) + low};
}

}  // namespace vj::osc
