// Reads keys, mouse reports (SGR) and pastes from the bytes that a terminal sends, in whatever pieces they come. It
// knows no clock: an Esc that begins no sequence is an Esc key once the caller has waited long enough and says so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "console/keys.hpp"

namespace vj::console {

class InputParser {
 public:
  // How long the caller waits before it calls flush(). A sequence cut by a slow line arrives well within it.
  static constexpr Duration kEscapeWait = 50ms;

  // Everything that `bytes`, after what came before, completes. Unknown sequences are dropped whole.
  [[nodiscard]] std::vector<Input> feed(std::string_view bytes);

  // Bytes wait for more of their sequence.
  [[nodiscard]] bool waiting() const { return !pending_.empty() && !pasting_; }

  // No more came: a lone Esc was the key. Half a sequence is dropped.
  [[nodiscard]] std::vector<Input> flush();

 private:
  [[nodiscard]] std::size_t take_one(std::string_view bytes, std::vector<Input>& inputs);
  [[nodiscard]] std::size_t take_pasted(std::string_view bytes, std::vector<Input>& inputs);

  std::string pending_;
  std::string pasted_;
  bool pasting_ = false;
};

}  // namespace vj::console
