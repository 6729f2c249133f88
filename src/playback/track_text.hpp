// Reads a track from one line of text, `Artist - Title` or labelled (`artist=… title=…`). It knows no time and no file.
#pragma once

#include <optional>
#include <string_view>

#include "playback/track.hpp"

namespace vj::playback {

// Labelled text if it is that, else `Artist - Title`: the artist ends at the first " - ", what follows is all title.
// Without one, or with nothing on one side of it, the text is the title. Absent for text that holds no word.
[[nodiscard]] std::optional<Track> track_from_text(std::string_view text);

// Text that begins with a known label and has a title: `artist=… title=…`, `Title: … | Artist: …`. Values may be
// quoted.
[[nodiscard]] std::optional<Track> track_from_labels(std::string_view text);

// `title` with `remix` in parentheses behind it, unless the title says it already.
[[nodiscard]] std::string title_with_remix(std::string_view title, std::string_view remix);

// Minutes and seconds (3:45, 1:02:03) or plain seconds (212.45). Absent for anything else, and for zero or less.
[[nodiscard]] std::optional<Duration> duration_from_text(std::string_view text);

}  // namespace vj::playback
