// Asks a web server for one page and looks only at the status of the answer: a health check, not a browser. Plain HTTP,
// to this machine ("localhost") or a numeric address, so that no name has to be looked up, which could block.
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "platform/event_loop.hpp"
#include "platform/files.hpp"
#include "platform/unique_fd.hpp"

namespace vj::platform {

struct HttpTarget {
  std::string host;  // a numeric address
  std::string port = "80";
  std::string path = "/";

  friend bool operator==(const HttpTarget&, const HttpTarget&) = default;
};

// "http://127.0.0.1:8080/health"; kInvalid for anything that HttpProbe cannot ask.
[[nodiscard]] Result<HttpTarget> parse_http_url(std::string_view url);

class HttpProbe {
 public:
  using Done = std::function<void(const Result<int>& status)>;

  // Calls `done` once, from the loop, however long it takes; dying, it gives up silently. `done` may destroy it.
  HttpProbe(EventLoop& loop, const HttpTarget& target, Done done);
  HttpProbe(const HttpProbe&) = delete;
  HttpProbe& operator=(const HttpProbe&) = delete;

 private:
  void on_ready(Readiness ready);
  void send_request();
  void read_answer();
  void finish(Result<int> status);

  Done done_;
  std::string request_;
  std::string answer_;
  bool sent_ = false;
  UniqueFd socket_;
  EventLoop::Watch watch_;
  EventLoop::Timer failure_;  // a failure that is known at once is told from the loop like any other
};

}  // namespace vj::platform
