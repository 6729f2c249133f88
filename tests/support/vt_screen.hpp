// A small terminal: takes the bytes that a program writes and keeps what would be on the glass. It knows the sequences
// that our renderer may use and counts every other one as unknown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vj::testing {

struct VtCell {
  std::string text = " ";  // empty: the second half of a wide glyph
  std::string style;       // the parameters of the last SGR, as sent, without the leading reset

  friend bool operator==(const VtCell&, const VtCell&) = default;
};

class VtScreen {
 public:
  VtScreen(int columns, int rows) : columns_(columns), rows_(rows), cells_(count()) {}

  void feed(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t used = bytes.starts_with("\x1b[") ? sequence(bytes) : glyph(bytes);
      bytes.remove_prefix(used);
    }
  }

  [[nodiscard]] const VtCell& at(int x, int y) const { return cells_[index(x, y)]; }
  [[nodiscard]] int unknown() const { return unknown_; }
  [[nodiscard]] bool updating() const { return updating_; }

  [[nodiscard]] std::string text() const {
    std::string result;
    for (int y = 0; y < rows_; ++y) {
      for (int x = 0; x < columns_; ++x) result += at(x, y).text;
      result += '\n';
    }
    return result;
  }

 private:
  [[nodiscard]] std::size_t count() const {
    return static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_);
  }
  [[nodiscard]] std::size_t index(int x, int y) const { return static_cast<std::size_t>(y * columns_ + x); }

  static int width_of(char32_t c) {
    const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
                      (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                      (c >= 0x1F300 && c <= 0x1F64F) || (c >= 0x1F680 && c <= 0x1FAFF) || c == 0x274C || c == 0x26A1;
    return wide ? 2 : 1;
  }

  std::size_t glyph(std::string_view bytes) {
    const auto first = static_cast<std::uint8_t>(bytes[0]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t code = length == 1 ? first : first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) code = code << 6 | (static_cast<std::uint8_t>(bytes[i]) & 0x3FU);
    put(std::string(bytes.substr(0, length)), width_of(code));
    return length;
  }

  void put(std::string text, int width) {
    if (x_ + width > columns_) return;  // no autowrap
    blank_torn_halves(x_, width);
    cells_[index(x_, y_)] = {std::move(text), style_};
    if (width == 2) cells_[index(x_ + 1, y_)] = {"", style_};
    x_ += width;
  }

  // Drawing over one half of a wide glyph blanks the other.
  void blank_torn_halves(int x, int width) {
    if (cells_[index(x, y_)].text.empty() && x > 0) cells_[index(x - 1, y_)].text = " ";
    const int after = x + width;
    if (after < columns_ && cells_[index(after, y_)].text.empty()) cells_[index(after, y_)].text = " ";
  }

  std::size_t sequence(std::string_view bytes) {
    std::size_t end = 2;
    while (end < bytes.size() && (bytes[end] < 0x40 || bytes[end] > 0x7E)) ++end;
    const std::string_view parameters = bytes.substr(2, end - 2);
    switch (bytes[end]) {
      case 'H':
        y_ = number(parameters) - 1;
        x_ = number(parameters.substr(parameters.find(';') + 1)) - 1;
        break;
      case 'G':
        x_ = number(parameters) - 1;
        break;
      case 'J':
        cells_.assign(count(), VtCell{});
        break;
      case 'm':
        style_ = parameters.starts_with("0;") ? parameters.substr(2) : parameters.substr(1);
        break;
      case 'h':
      case 'l':
        if (parameters == "?2026") {
          updating_ = bytes[end] == 'h';
          break;
        }
        [[fallthrough]];
      default:
        ++unknown_;
    }
    return end + 1;
  }

  static int number(std::string_view digits) {
    int value = 0;
    for (const char c : digits) {
      if (c < '0' || c > '9') break;
      value = value * 10 + (c - '0');
    }
    return value;
  }

  int columns_, rows_;
  std::vector<VtCell> cells_;
  int x_ = 0, y_ = 0;
  std::string style_;
  bool updating_ = false;
  int unknown_ = 0;
};

}  // namespace vj::testing
