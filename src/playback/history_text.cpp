#include "playback/history_text.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace vj::playback {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kUtf16LittleMark = "\xFF\xFE";
constexpr std::string_view kUtf16BigMark = "\xFE\xFF";

// The length of what `text` ends in if that is a UTF-8 character without its last bytes, else 0.
std::size_t cut_character(std::string_view text) {
  const auto wanted = [](unsigned char lead) -> std::size_t {
    if (lead >= 0xF0 && lead < 0xF5) return 4;
    if (lead >= 0xE0) return lead < 0xF0 ? 3 : 0;
    return lead >= 0xC2 ? 2 : 0;
  };
  for (std::size_t length = 1; length <= std::min<std::size_t>(3, text.size()); ++length) {
    const auto byte = static_cast<unsigned char>(text[text.size() - length]);
    if ((byte & 0xC0) == 0x80) continue;
    return wanted(byte) > length ? length : 0;
  }
  return 0;
}

std::string decoded(std::string_view line, bool is_last) {
  if (is_valid_utf8(line)) return std::string(line);
  if (is_last) {
    const auto shorter = line.substr(0, line.size() - cut_character(line));
    if (is_valid_utf8(shorter)) return std::string(shorter);
  }
  return utf8_from_cp1252(line);
}

std::string_view without_mark(std::string_view line) {
  return line.starts_with(kUtf8Mark) ? line.substr(kUtf8Mark.size()) : line;
}

TextLines lines_of(std::string_view bytes) {
  TextLines result;
  std::size_t number = 0;
  while (!bytes.empty()) {
    ++number;
    const auto end = bytes.find_first_of("\r\n");
    result.last_is_whole = end != std::string_view::npos;
    const auto text = decoded(bytes.substr(0, end), !result.last_is_whole);
    if (const auto kept = trim(without_mark(text)); !kept.empty()) result.lines.push_back({number, std::string(kept)});
    if (!result.last_is_whole) break;
    bytes.remove_prefix(bytes.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  }
  return result;
}

}  // namespace

TextLines text_lines(std::string_view bytes) {
  if (bytes.starts_with(kUtf16LittleMark) || bytes.starts_with(kUtf16BigMark)) {
    const bool big = bytes.starts_with(kUtf16BigMark);
    // Half a code unit at the end is a write in progress.
    return lines_of(utf8_from_utf16(bytes.substr(2, (bytes.size() - 2) / 2 * 2), big));
  }
  return lines_of(bytes);
}

}  // namespace vj::playback
