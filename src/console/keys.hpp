// What a person does at the terminal, as values.
#pragma once

#include <string>
#include <variant>

namespace vj::console {

enum class KeyCode {
  kCharacter,
  kControl,  // with the letter, in lower case
  kEnter,
  kTab,
  kBackTab,
  kEscape,
  kBackspace,
  kDelete,
  kUp,
  kDown,
  kLeft,
  kRight,
  kPageUp,
  kPageDown,
  kHome,
  kEnd,
};

struct Key {
  KeyCode code = KeyCode::kCharacter;
  char32_t character = 0;  // of kCharacter and kControl

  friend bool operator==(const Key&, const Key&) = default;
};

[[nodiscard]] constexpr Key character(char32_t c) { return {KeyCode::kCharacter, c}; }
[[nodiscard]] constexpr Key control(char32_t letter) { return {KeyCode::kControl, letter}; }

enum class MouseAction { kPress, kWheelUp, kWheelDown };

struct Mouse {
  MouseAction action = MouseAction::kPress;  // of the left button; the others are not reported
  int column = 0;                            // from 0
  int row = 0;

  friend bool operator==(const Mouse&, const Mouse&) = default;
};

// Text that the terminal pasted. It is never read as keys: a pasted "q" must not end the show.
struct Paste {
  std::string text;

  friend bool operator==(const Paste&, const Paste&) = default;
};

using Input = std::variant<Key, Mouse, Paste>;

}  // namespace vj::console
