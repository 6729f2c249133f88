#include "playback/track_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "base/format.hpp"
#include "base/text.hpp"

namespace vj::playback {
namespace {

enum class Field { kArtist, kTitle, kAlbum, kRemix, kLength, kOther };

struct Label {
  std::string_view name;
  Field field;
};

// The names a user may have put in front of VirtualDJ's fields. The others are known only so that they end a value.
constexpr auto kLabels = std::to_array<Label>({
    {"songlength", Field::kLength},
    {"duration", Field::kLength},
    {"length", Field::kLength},
    {"artist", Field::kArtist},
    {"author", Field::kArtist},
    {"title", Field::kTitle},
    {"song", Field::kTitle},
    {"album", Field::kAlbum},
    {"remix", Field::kRemix},
    {"genre", Field::kOther},
    {"label", Field::kOther},
    {"year", Field::kOther},
    {"time", Field::kOther},
    {"deck", Field::kOther},
    {"bpm", Field::kOther},
    {"key", Field::kOther},
});

struct FoundLabel {
  std::size_t begin = 0;  // of the name
  std::size_t value = 0;  // just behind the separator
  Field field = Field::kOther;
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

std::vector<FoundLabel> labels_in(std::string_view text, char separator) {
  std::vector<FoundLabel> found;
  for (auto at = text.find(separator); at != std::string_view::npos; at = text.find(separator, at + 1)) {
    const auto end = text.substr(0, at).find_last_not_of(" \t") + 1;
    for (const auto& label : kLabels) {
      if (end < label.name.size()) continue;
      const auto begin = end - label.name.size();
      if (!equal_ignoring_case(text.substr(begin, label.name.size()), label.name)) continue;
      if (begin == 0 || !is_word(text[begin - 1])) found.push_back({begin, at + 1, label.field});
      break;
    }
  }
  return found;
}

std::string_view bare(std::string_view value) {
  const auto junk = std::string_view(" \t|;,/");
  const auto first = value.find_first_not_of(junk);
  if (first == std::string_view::npos) return {};
  value = value.substr(first, value.find_last_not_of(junk) - first + 1);
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front()) {
    value = value.substr(1, value.size() - 2);
  }
  return trim(value);
}

std::optional<Track> labelled_track(std::string_view text, char separator) {
  const auto labels = labels_in(text, separator);
  if (labels.empty() || labels.front().begin != 0) return std::nullopt;
  if (std::ranges::find(labels, Field::kTitle, &FoundLabel::field) == labels.end()) return std::nullopt;

  Track track;
  std::string_view remix;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto end = i + 1 < labels.size() ? labels[i + 1].begin : text.size();
    const auto value = bare(text.substr(labels[i].value, end - labels[i].value));
    switch (labels[i].field) {
      case Field::kArtist:
        track.artist = value;
        break;
      case Field::kTitle:
        track.title = value;
        break;
      case Field::kAlbum:
        track.album = value;
        break;
      case Field::kRemix:
        remix = value;
        break;
      case Field::kLength:
        track.duration = duration_from_text(value);
        break;
      case Field::kOther:
        break;
    }
  }
  if (track.title.empty()) return std::nullopt;
  track.title = title_with_remix(track.title, remix);
  return track;
}

}  // namespace

std::optional<Track> track_from_labels(std::string_view text) {
  auto track = labelled_track(trim(text), '=');
  return track ? track : labelled_track(trim(text), ':');
}

std::optional<Track> track_from_text(std::string_view text) {
  text = trim(text);
  if (text.find_first_not_of("- \t") == std::string_view::npos) return std::nullopt;
  if (auto track = track_from_labels(text)) return track;

  constexpr std::string_view kDash = " - ";
  // Spaces are put back for the side that trimming made empty.
  const auto padded = format(" {} ", text);
  const auto dash = padded.find(kDash);
  if (dash == std::string::npos) return Track{.artist = {}, .title = std::string(text), .album = {}, .duration = {}};
  std::string artist(trim(std::string_view(padded).substr(0, dash)));
  std::string title(trim(std::string_view(padded).substr(dash + kDash.size())));
  if (title.empty()) std::swap(artist, title);
  return Track{.artist = std::move(artist), .title = std::move(title), .album = {}, .duration = {}};
}

std::string title_with_remix(std::string_view title, std::string_view remix) {
  const bool said = remix.empty() || lower_ascii(title).find(lower_ascii(remix)) != std::string::npos;
  return said ? std::string(title) : format("{} ({})", title, remix);
}

std::optional<Duration> duration_from_text(std::string_view text) {
  constexpr double kLongest = 7 * 24 * 3600.0;  // more is no track, and would not fit in a Duration at some point
  const auto parts = split(trim(text), ':');
  if (parts.size() > 3) return std::nullopt;
  double seconds = 0;
  for (const auto part : parts) {
    const auto number = parse_number(part);
    if (!number || !(*number >= 0)) return std::nullopt;
    seconds = seconds * 60 + *number;
  }
  const bool is_a_length = seconds > 0 && seconds <= kLongest;
  if (!is_a_length) return std::nullopt;
  return from_seconds(seconds);
}

}  // namespace vj::playback
