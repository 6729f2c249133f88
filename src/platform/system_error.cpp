#include "platform/system_error.hpp"

#include <cstring>

namespace vj::platform {
namespace {

ErrorCode code_of(int error) {
  switch (error) {
    case ENOENT:
    case ESRCH:
    case ENOTDIR:
      return ErrorCode::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kDenied;
    case EADDRINUSE:
    case EEXIST:
    case EBUSY:
    case EWOULDBLOCK:
      return ErrorCode::kConflict;
    case EINVAL:
      return ErrorCode::kInvalid;
    case ETIMEDOUT:
      return ErrorCode::kTimeout;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return ErrorCode::kUnavailable;
    default:
      return ErrorCode::kIo;
  }
}

}  // namespace

std::unexpected<Error> system_failure(std::string what, int error) {
  char buffer[128];
  return fail(code_of(error), std::move(what) + ": " + ::strerror_r(error, buffer, sizeof buffer));
}

}  // namespace vj::platform
