#include "osc/message_words.hpp"

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/format.hpp"
#include "base/text.hpp"
#include "osc/argument_text.hpp"
#include "osc/packet_writer.hpp"
#include "osc/time_tag_text.hpp"

namespace vj::osc {
namespace {

std::unexpected<Error> not_a(std::string_view what, const std::string& word) {
  return fail(ErrorCode::kInvalid, format("'{}' is not {}", printable(word), what));
}

template <class T>
Result<Argument> integer_argument(const std::string& word, std::string_view what) {
  const auto value = parse_integer(word);
  if (!value || *value < std::numeric_limits<T>::min() || *value > std::numeric_limits<T>::max())
    return not_a(what, word);
  return Argument(static_cast<T>(*value));
}

template <class T>
Result<Argument> real_argument(const std::string& word) {
  T value{};
  const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
  if (read.ec != std::errc() || read.ptr != word.data() + word.size()) return not_a("a number", word);
  return Argument(value);
}

Result<std::string> octets_from(std::string_view word, std::size_t count) {
  auto bytes = bytes_from_hex(word);
  if (bytes && bytes->size() != count) return fail(ErrorCode::kInvalid, "");
  return bytes;
}

std::uint8_t octet(const std::string& bytes, std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); }

Result<Argument> color_argument(const std::string& word) {
  const auto bytes = octets_from(std::string_view(word).substr(word.starts_with('#') ? 1 : 0), 4);
  if (!bytes) return not_a("a colour like #ff8000ff", word);
  return Argument(Color{octet(*bytes, 0), octet(*bytes, 1), octet(*bytes, 2), octet(*bytes, 3)});
}

Result<Argument> midi_argument(const std::string& word) {
  const auto bytes = octets_from(word, 4);
  if (!bytes) return not_a("four bytes (port, status, data) like \"00 90 3c 40\"", word);
  return Argument(Midi{octet(*bytes, 0), octet(*bytes, 1), octet(*bytes, 2), octet(*bytes, 3)});
}

// `storage` keeps the bytes of a blob until the argument is written.
Result<Argument> argument_from(char type, const std::string& word, std::string& storage) {
  switch (type) {
    case 'i':
      return integer_argument<std::int32_t>(word, "a whole number of 32 bits");
    case 'h':
      return integer_argument<std::int64_t>(word, "a whole number of 64 bits");
    case 'f':
      return real_argument<float>(word);
    case 'd':
      return real_argument<double>(word);
    case 's':
      return Argument(std::string_view(word));
    case 'S':
      return Argument(Symbol{word});
    case 'b': {
      auto bytes = bytes_from_hex(word);
      if (!bytes) return fail_with(format("blob '{}'", printable(word)), bytes.error());
      storage = std::move(*bytes);
      return Argument(Blob{storage});
    }
    case 't': {
      const auto time_tag = time_tag_from_text(word);
      if (!time_tag) return std::unexpected(time_tag.error());
      return Argument(*time_tag);
    }
    case 'c': {
      if (word.size() != 1) return not_a("one ASCII character", word);
      return Argument(Character{static_cast<unsigned char>(word.front())});
    }
    case 'r':
      return color_argument(word);
    default:
      return midi_argument(word);
  }
}

std::optional<Argument> argument_without_word(char type) {
  switch (type) {
    case 'T':
    case 'F':
      return type == 'T';
    case 'N':
      return Nil{};
    case 'I':
      return Infinitum{};
    case '[':
      return ArrayBegin{};
    case ']':
      return ArrayEnd{};
    default:
      return std::nullopt;
  }
}

}  // namespace

Result<std::string> message_from_words(std::string_view address, std::string_view types,
                                       std::span<const std::string> words) {
  if (!address.starts_with('/')) {
    return fail(ErrorCode::kInvalid, format("an OSC address begins with '/', '{}' does not", printable(address)));
  }
  MessageWriter writer(address);
  std::size_t used = 0;
  int open_arrays = 0;
  for (const char type : types) {
    if (kTypeTags.find(type) == std::string_view::npos) {
      return fail(ErrorCode::kInvalid, format("'{}' is no OSC type; there are {}", printable({&type, 1}), kTypeTags));
    }
    open_arrays += type == '[' ? 1 : type == ']' ? -1 : 0;
    if (open_arrays < 0) break;
    if (const auto argument = argument_without_word(type)) {
      writer.add(*argument);
      continue;
    }
    if (used == words.size()) {
      return fail(ErrorCode::kInvalid, format("types '{}' need more than {} arguments", types, words.size()));
    }
    std::string storage;
    const auto argument = argument_from(type, words[used++], storage);
    if (!argument) return fail_with(format("argument {}", used), argument.error());
    writer.add(*argument);
  }
  if (open_arrays != 0) return fail(ErrorCode::kInvalid, format("brackets in '{}' do not match", types));
  if (used < words.size()) {
    return fail(ErrorCode::kInvalid, format("types '{}' take {} arguments, {} were given", types, used, words.size()));
  }
  return writer.finish();
}

}  // namespace vj::osc
