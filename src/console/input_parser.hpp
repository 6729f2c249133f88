// Reads keys, mouse reports (SGR and X10) and pastes from the bytes that a terminal sends, in whatever pieces they
// come. What a terminal answers or reports in a string (OSC, DCS, APC, PM, SOS: its title, its colours) is none of
// these, and is dropped whole. It knows no clock: an Esc that begins no sequence is an Esc key once the caller has
// waited long enough and says so.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "console/keys.hpp"

namespace vj::console {

class InputParser {
 public:
  // How long the caller waits for more before it calls flush(). A sequence cut by a slow line arrives well within it.
  static constexpr Duration kEscapeWait = 50ms;
  // A string that has begun, all of it: what a person types behind Alt-] comes later than kEscapeWait, so that this is
  // a terminal's, whose rest must not become keys.
  static constexpr Duration kStringWait = 500ms;
  // The next bytes of a paste. After it the end mark is taken for lost, and what follows is keys again.
  static constexpr Duration kPasteWait = 2s;
  [[nodiscard]] Duration wait() const {
    if (pasting_) return kPasteWait;
    return in_string_ && dropped_ > 0 ? kStringWait : kEscapeWait;
  }

  // It is still the string of the feed before: the wait that has begun goes on.
  [[nodiscard]] bool waits_on() const { return waits_on_; }

  // A string that has not ended by then is noise, and what follows it is keys again.
  static constexpr std::size_t kLongestString = 64 * 1024;

  // More of a paste is not kept.
  static constexpr std::size_t kLongestPaste = 64 * 1024;

  // Everything that `bytes`, after what came before, completes. Unknown sequences are dropped whole.
  [[nodiscard]] std::vector<Input> feed(std::string_view bytes);

  // Bytes wait for more of their sequence, or a paste for its end.
  [[nodiscard]] bool waiting() const { return in_string_ || pasting_ || !pending_.empty(); }

  // No more came: a lone Esc was the key. Half a sequence is dropped, and a string or a paste has ended.
  [[nodiscard]] std::vector<Input> flush();

 private:
  [[nodiscard]] std::size_t take_one(std::string_view bytes, std::vector<Input>& inputs);
  [[nodiscard]] std::size_t take_escape(std::string_view bytes, std::vector<Input>& inputs);
  [[nodiscard]] std::size_t take_of_string(std::string_view bytes, std::vector<Input>& inputs);
  [[nodiscard]] std::size_t take_pasted(std::string_view bytes, std::vector<Input>& inputs);
  void keep_pasted(std::string_view bytes);
  void end_paste(std::vector<Input>& inputs);

  std::string pending_;
  std::string pasted_;
  bool pasting_ = false;
  bool in_string_ = false;
  std::size_t dropped_ = 0;  // of the string that it is in
  bool has_begun_ = false;   // a string, in this feed
  bool waits_on_ = false;
};

}  // namespace vj::console
