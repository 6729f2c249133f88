// How a foreseeable failure is told: a value or an Error that names the thing which failed. What cannot fail returns
// its value; what is normally absent returns std::optional; a broken promise inside the program is VJ_ASSERT.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace vj {

enum class ErrorCode {
  kInvalid,      // the input is not what it should be
  kNotFound,     // the thing named does not exist
  kUnavailable,  // it exists, but cannot be used now
  kTimeout,      // no answer in time
  kConflict,     // somebody else has it
  kDenied,       // no permission
  kIo,           // the system refused
};

struct Error {
  ErrorCode code = ErrorCode::kInvalid;
  std::string message;  // for a person; names the thing ("cannot write /x/registry.json: Permission denied")

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

// Passes an error on with what was being done in front of it.
[[nodiscard]] inline std::unexpected<Error> fail_with(std::string context, const Error& cause) {
  return std::unexpected(Error{cause.code, std::move(context) + ": " + cause.message});
}

}  // namespace vj
