#include "platform/http_probe.hpp"

#include <array>
#include <memory>
#include <optional>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/format.hpp"
#include "base/text.hpp"
#include "platform/system_error.hpp"

namespace vj::platform {
namespace {

constexpr std::size_t kLongestStatusLine = 4096;

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Addresses addresses_of(const HttpTarget& target) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (::getaddrinfo(target.host.c_str(), target.port.c_str(), &hints, &list) != 0) return nullptr;
  return Addresses(list);
}

// "HTTP/1.1 200 OK"
std::optional<int> status_in(std::string_view answer) {
  const auto words = split(answer.substr(0, answer.find('\r')), ' ');
  if (words.size() < 2 || !words[0].starts_with("HTTP/")) return std::nullopt;
  const auto status = parse_integer(words[1]);
  if (!status || *status < 100 || *status > 599) return std::nullopt;
  return static_cast<int>(*status);
}

}  // namespace

Result<HttpTarget> parse_http_url(std::string_view url) {
  static constexpr std::string_view kScheme = "http://";
  const auto invalid = [&] {
    return fail(ErrorCode::kInvalid, format("'{}' is not http:// and a numeric address or localhost", url));
  };
  if (!url.starts_with(kScheme)) return invalid();
  const std::string_view rest = url.substr(kScheme.size());
  const std::size_t slash = rest.find('/');
  const std::string_view authority = rest.substr(0, slash);
  HttpTarget target;
  if (slash != std::string_view::npos) target.path = rest.substr(slash);
  // "[::1]:80" has colons inside its brackets.
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  std::string_view host = authority.substr(0, colon);
  if (colon != std::string_view::npos) target.port = authority.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  target.host = host == "localhost" ? "127.0.0.1" : host;
  if (!addresses_of(target)) return invalid();
  return target;
}

HttpProbe::HttpProbe(EventLoop& loop, const HttpTarget& target, Done done)
    : done_(std::move(done)),
      request_(format("GET {} HTTP/1.0\r\nHost: {}\r\nConnection: close\r\n\r\n", target.path, target.host)) {
  Error error{ErrorCode::kInvalid, format("{} is not an address", target.host)};
  if (const auto addresses = addresses_of(target)) {
    socket_ = UniqueFd(::socket(addresses->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket_ && (::connect(socket_.get(), addresses->ai_addr, addresses->ai_addrlen) == 0 || errno == EINPROGRESS)) {
      watch_ =
          loop.watch(socket_.get(), {.readable = true, .writable = true}, [this](Readiness ready) { on_ready(ready); });
      return;
    }
    error = system_failure(format("cannot connect to {}:{}", target.host, target.port)).error();
  }
  failure_ = loop.timer([this, error] { finish(std::unexpected(error)); });
  failure_.at(loop.now());
}

void HttpProbe::on_ready(Readiness ready) {
  if (!sent_ && ready.writable) return send_request();
  if (ready.readable) read_answer();
}

void HttpProbe::send_request() {
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) return finish(system_failure("cannot connect", error));
  // A fresh connection takes these few bytes at once, or is broken.
  if (auto written = write_all(socket_.get(), request_); !written) return finish(std::unexpected(written.error()));
  sent_ = true;
  watch_.change({.readable = true, .writable = false});
}

void HttpProbe::read_answer() {
  std::array<char, 1024> buffer;
  const auto count = ::read(socket_.get(), buffer.data(), buffer.size());
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count < 0) return finish(system_failure("no answer"));
  answer_.append(buffer.data(), static_cast<std::size_t>(count));
  const bool is_complete = answer_.find('\n') != std::string::npos || answer_.size() > kLongestStatusLine || count == 0;
  if (!is_complete) return;
  const auto status = status_in(answer_);
  if (!status) return finish(fail(ErrorCode::kInvalid, "the answer is not HTTP"));
  finish(*status);
}

void HttpProbe::finish(Result<int> status) {
  watch_.end();
  const Done done = std::move(done_);
  done(status);
}

}  // namespace vj::platform
