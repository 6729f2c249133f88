#include "platform/standard_output.hpp"

#include <array>
#include <string>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "platform/signals.hpp"
#include "platform/unique_fd.hpp"

using namespace vj;
using namespace vj::platform;

namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    reader = UniqueFd(ends[0]);
    writer = UniqueFd(ends[1]);
  }
  UniqueFd reader, writer;
};

}  // namespace

TEST_CASE("what is printed arrives") {
  const Pipe pipe;
  StandardOutput output(pipe.writer.get());
  CHECK(output.print("two\nlines\n"));
  std::array<char, 64> text{};
  CHECK(::read(pipe.reader.get(), text.data(), text.size()) == 10);
  CHECK(std::string(text.data()) == "two\nlines\n");
  CHECK_FALSE(output.loss().has_value());
}

TEST_CASE("output that is lost is told, also when it was an earlier one") {
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  StandardOutput output(full.get());
  CHECK(output.print(""));
  CHECK_FALSE(output.print("text"));
  REQUIRE(output.loss().has_value());
  CHECK(output.loss()->message == "cannot write to standard output: No space left on device");
  CHECK_FALSE(output.print(""));
}

TEST_CASE("a reader that has gone ends the output, and nothing is lost by it") {
  ignore_broken_pipes();
  Pipe pipe;
  pipe.reader.reset();
  StandardOutput output(pipe.writer.get());
  CHECK_FALSE(output.print("text"));
  CHECK_FALSE(output.loss().has_value());
}

TEST_CASE("a reader that goes is noticed while nothing is printed, on every poller") {
  for (const Backend backend : {Backend::kNative, Backend::kPosix}) {
    Pipe pipe;
    EventLoop loop(backend);
    int told = 0;
    const StandardOutput output(pipe.writer.get());
    const auto watch = output.watch_reader(loop, [&] { ++told; });
    loop.run_once(0ms);
    CHECK(told == 0);
    pipe.reader.reset();
    loop.run_once(1s);
    CHECK(told == 1);
  }
}

TEST_CASE("a file has no reader that could go") {
  const UniqueFd file(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  EventLoop loop;
  const StandardOutput output(file.get());
  CHECK_FALSE(output.watch_reader(loop, [] {}));
}
