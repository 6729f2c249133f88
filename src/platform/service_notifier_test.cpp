#include "platform/service_notifier.hpp"

#include <array>
#include <cstdlib>
#include <cstring>

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "platform/files.hpp"
#include "support/temporary_folder.hpp"

using namespace vj;
using namespace vj::platform;

namespace {

// The other end: a service manager's socket, under a path or an abstract name with '@'.
class Manager {
 public:
  explicit Manager(std::string name) : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    REQUIRE(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), length) == 0);
  }
  ~Manager() {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
  }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  [[nodiscard]] std::string next() const {
    std::array<char, 256> buffer{};
    const auto count = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    return count < 0 ? "nothing" : std::string(buffer.data(), static_cast<std::size_t>(count));
  }

 private:
  UniqueFd fd_;
};

}  // namespace

TEST_CASE("a service manager is told of readiness, life, status and the end, by path and by abstract name") {
  const test::TemporaryFolder folder;
  const std::string abstract = "@vj-notify-test-" + std::to_string(::getpid());
  for (const std::string& name : {(folder.path() / "notify").string(), abstract}) {
    CAPTURE(name);
    const Manager manager(name);
    const auto notifier = ServiceNotifier::take_from_environment();
    REQUIRE(notifier);
    REQUIRE(*notifier);
    CHECK(notifier->ready());
    CHECK(notifier->status("6 workers\nand more"));
    CHECK(notifier->alive());
    CHECK(notifier->stopping());
    CHECK(manager.next() == "READY=1");
    CHECK(manager.next() == "STATUS=6 workers");
    CHECK(manager.next() == "WATCHDOG=1");
    CHECK(manager.next() == "STOPPING=1");
    CHECK(manager.next() == "nothing");
  }
}

TEST_CASE("the variables are taken, so that children do not speak for us") {
  const test::TemporaryFolder folder;
  const Manager manager((folder.path() / "notify").string());
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  const auto notifier = ServiceNotifier::take_from_environment();
  REQUIRE(notifier);
  CHECK(notifier->watchdog() == Duration(30s));
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) CHECK_FALSE(environment(name));
}

TEST_CASE("a watchdog that is meant for another process is none") {
  const test::TemporaryFolder folder;
  const Manager manager((folder.path() / "notify").string());
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  ::setenv("WATCHDOG_PID", "1", 1);
  CHECK_FALSE(ServiceNotifier::take_from_environment()->watchdog());
}

TEST_CASE("where nobody asked, nobody is told, and nothing fails") {
  const auto notifier = ServiceNotifier::take_from_environment();
  REQUIRE(notifier);
  CHECK_FALSE(*notifier);
  CHECK(notifier->ready());
}

TEST_CASE("a name that is no socket's is said, and a manager that has gone fails the message only") {
  ::setenv("NOTIFY_SOCKET", "relative/path", 1);
  const auto wrong = ServiceNotifier::take_from_environment();
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message == "NOTIFY_SOCKET names no socket: 'relative/path'");
  ::setenv("NOTIFY_SOCKET", "/nowhere/notify", 1);
  const auto gone = ServiceNotifier::take_from_environment();
  REQUIRE(gone);
  CHECK(gone->ready().error().code == ErrorCode::kNotFound);
}
