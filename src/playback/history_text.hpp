// The lines of a text file that some program on some machine wrote: UTF-8, UTF-16 or Windows-1252, with any line ends,
// and maybe still being written.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vj::playback {

struct TextLine {
  std::size_t number = 0;  // from 1
  std::string text;        // UTF-8, without line break, byte order mark and surrounding white space

  friend bool operator==(const TextLine&, const TextLine&) = default;
};

struct TextLines {
  std::vector<TextLine> lines;  // blank ones left out
  bool last_is_whole = true;    // false: the file does not end in a line break, so more may follow

  friend bool operator==(const TextLines&, const TextLines&) = default;
};

// Each line that is not valid UTF-8 is read as Windows-1252 by itself, because programs of different age append to one
// file. A character cut in half at the very end of the file is left out.
[[nodiscard]] TextLines text_lines(std::string_view bytes);

}  // namespace vj::playback
