#include "platform/unique_fd.hpp"

#include <unistd.h>

namespace vj::platform {

void UniqueFd::reset() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

}  // namespace vj::platform
