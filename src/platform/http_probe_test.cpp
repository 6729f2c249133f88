#include "platform/http_probe.hpp"

#include <array>
#include <optional>

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/format.hpp"
#include "platform/files.hpp"

using namespace vj;
using namespace vj::platform;

namespace {

// A server that answers one request with `answer`, on any free port.
class OneAnswer {
 public:
  OneAnswer(EventLoop& loop, std::string answer) : answer_(std::move(answer)) {
    listener_ = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(listener_.get(), 1) == 0);
    socklen_t length = sizeof address;
    REQUIRE(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &length) == 0);
    port_ = ntohs(address.sin_port);
    watch_ = loop.watch_readable(listener_.get(), [this, &loop] {
      client_ = UniqueFd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
      client_watch_ = loop.watch_readable(client_.get(), [this] {
        std::array<char, 1024> buffer;
        const auto count = ::read(client_.get(), buffer.data(), buffer.size());
        if (count > 0) request_.append(buffer.data(), static_cast<std::size_t>(count));
        REQUIRE(write_all(client_.get(), answer_));
        client_watch_.end();
        client_.reset();
      });
    });
  }
  [[nodiscard]] std::string url(std::string_view path) const { return format("http://127.0.0.1:{}{}", port_, path); }
  [[nodiscard]] const std::string& request() const { return request_; }

 private:
  std::string answer_, request_;
  UniqueFd listener_, client_;
  EventLoop::Watch watch_, client_watch_;
  int port_ = 0;
};

Result<int> ask(EventLoop& loop, const std::string& url) {
  const auto target = parse_http_url(url);
  REQUIRE(target);
  std::optional<Result<int>> answer;
  const HttpProbe probe(loop, *target, [&](const Result<int>& status) { answer = status; });
  for (const Time deadline = EventLoop::clock() + 5s; !answer && EventLoop::clock() < deadline;) loop.run_once(50ms);
  REQUIRE(answer);
  return *answer;
}

}  // namespace

TEST_CASE("the status of the page that was asked for is told") {
  EventLoop loop;
  const OneAnswer server(loop, "HTTP/1.1 503 Service Unavailable\r\n\r\n");
  CHECK(ask(loop, server.url("/health?deep=1")) == 503);
  CHECK(server.request().starts_with("GET /health?deep=1 HTTP/1.0\r\nHost: 127.0.0.1\r\n"));
}

TEST_CASE("what does not speak HTTP is no answer") {
  EventLoop loop;
  const OneAnswer server(loop, "220 mail.example.org ESMTP\r\n");
  CHECK(ask(loop, server.url("/")).error().message == "the answer is not HTTP");
}

TEST_CASE("where nobody listens the reason is told") {
  EventLoop loop;
  CHECK(ask(loop, "http://127.0.0.1:1/").error().message.find("Connection refused") != std::string::npos);
}

TEST_CASE("addresses are numeric or this machine, with port and path if they differ from the usual") {
  CHECK(parse_http_url("http://127.0.0.1") == HttpTarget{"127.0.0.1", "80", "/"});
  CHECK(parse_http_url("http://localhost:8080/health") == HttpTarget{"127.0.0.1", "8080", "/health"});
  CHECK(parse_http_url("http://[::1]:81/x") == HttpTarget{"::1", "81", "/x"});
  for (const auto* url : {"", "https://127.0.0.1", "http://example.org", "http://127.0.0.1:port", "http://"}) {
    CHECK(parse_http_url(url).error().code == ErrorCode::kInvalid);
  }
}
