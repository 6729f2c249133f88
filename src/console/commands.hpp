// What each command of the keymap does to the model.
#pragma once

#include "console/keymap.hpp"
#include "console/message.hpp"
#include "console/model.hpp"

namespace vj::console {

// `key` is the one that was pressed.
[[nodiscard]] Effects carry_out(Model& model, Command command, const Key& key);

// The prompt of the filter is open and takes every key.
[[nodiscard]] Effects type_in_prompt(Model& model, const Key& key);
void paste_in_prompt(Model& model, std::string_view text);

// How long the good news stays.
inline constexpr Duration kNoticeTime = 5s;
[[nodiscard]] Notice good_news(const Model& model, std::string text);
[[nodiscard]] Notice bad_news(std::string text);

}  // namespace vj::console
