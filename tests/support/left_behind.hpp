// Ends what tests have left running that were killed themselves, as ctest does when one takes too long: whatever a test
// starts carries in its environment who started it, and each test that includes this begins by ending what belongs to
// nobody any more. Include it where processes are started.
#pragma once

namespace vj::test {

class LeftBehind {
 public:
  // Also marks what this test will start.
  LeftBehind();
};

inline const LeftBehind left_behind;

}  // namespace vj::test
