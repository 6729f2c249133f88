// What the bus costs: a command's round trip through Client and CommandServer beside the same bytes through bare ZeroMQ
// DEALER and ROUTER sockets, and a heartbeat beside writing the same file. Both servers answer on a thread of their
// own, over TCP on loopback.
#include <array>
#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <zmq.h>

#include "base/assert.hpp"
#include "base/format.hpp"
#include "measure/table.hpp"
#include "support/temporary_folder.hpp"
#include "vj_bus/client.hpp"
#include "vj_bus/registration.hpp"
#include "vj_bus/registry.hpp"
#include "vj_bus/service.hpp"
#include "wire/envelope.hpp"

namespace {

using namespace vj;

constexpr int kRounds = 7;
constexpr int kRepeats = 500;
constexpr const char* kService = "echo";

class EchoServer {
 public:
  explicit EchoServer(const platform::Path& home) {
    std::promise<platform::EventLoop::Waker*> ready;
    auto stop = ready.get_future();
    thread_ = std::jthread([home, &ready] {
      platform::EventLoop loop;
      bus::Context context;
      bus::CommandServer server(context, loop, kService, [](bus::Request request) {
        auto payload = request.payload();
        request.reply(std::move(payload));
      });
      const auto port = server.bind("127.0.0.1", 0);
      VJ_ASSERT(port);
      bus::Registry registry(home);
      const bus::Registration registration(loop, registry,
                                           {.name = kService, .status = "running", .command_port = *port},
                                           [](const std::string& problem) { std::fputs(problem.c_str(), stderr); });
      auto waker = loop.waker([&loop] { loop.stop(); });
      ready.set_value(&waker);
      loop.run();
    });
    stop_ = stop.get();
  }
  ~EchoServer() { stop_->wake(); }

 private:
  platform::EventLoop::Waker* stop_ = nullptr;  // lives on the thread, until it is woken
  std::jthread thread_;
};

class EchoClient {
 public:
  explicit EchoClient(const platform::Path& home)
      : directory_(loop_, home), client_(context_, loop_, directory_, "bench") {}

  void ask(const wire::Value& payload) {
    bool answered = false;
    client_.send(kService, "echo", payload, [&](const Result<wire::Response>& response) {
      VJ_ASSERT(response.has_value());
      answered = true;
    });
    while (!answered) loop_.run_once(1s);
  }

 private:
  platform::EventLoop loop_;
  bus::Context context_;
  bus::Directory directory_;
  bus::Client client_;
};

struct EndContext {
  void operator()(void* context) const { zmq_ctx_term(context); }
};
struct CloseSocket {
  void operator()(void* socket) const { zmq_close(socket); }
};
using RawContext = std::unique_ptr<void, EndContext>;
using RawSocket = std::unique_ptr<void, CloseSocket>;

// Answers every message of three frames (identity, empty, body) with `answer`, until an empty body comes.
void serve_raw(void* context, std::promise<std::string>& endpoint, const std::string& answer) {
  const RawSocket router(zmq_socket(context, ZMQ_ROUTER));
  VJ_ASSERT(zmq_bind(router.get(), "tcp://127.0.0.1:*") == 0);
  std::array<char, 256> name{};
  std::size_t length = name.size();
  zmq_getsockopt(router.get(), ZMQ_LAST_ENDPOINT, name.data(), &length);
  endpoint.set_value(name.data());

  std::vector<char> body(1 << 20);
  std::array<char, 64> identity{};
  while (true) {
    const int identity_length = zmq_recv(router.get(), identity.data(), identity.size(), 0);
    zmq_recv(router.get(), body.data(), body.size(), 0);
    if (zmq_recv(router.get(), body.data(), body.size(), 0) == 0) return;
    zmq_send(router.get(), identity.data(), static_cast<std::size_t>(identity_length), ZMQ_SNDMORE);
    zmq_send(router.get(), "", 0, ZMQ_SNDMORE);
    zmq_send(router.get(), answer.data(), answer.size(), 0);
  }
}

class RawEcho {
 public:
  RawEcho(std::string request, std::string answer) : request_(std::move(request)), answer_(std::move(answer)) {
    std::promise<std::string> bound;
    auto endpoint = bound.get_future();
    thread_ = std::jthread([this, &bound] { serve_raw(server_context_.get(), bound, answer_); });
    dealer_.reset(zmq_socket(context_.get(), ZMQ_DEALER));
    VJ_ASSERT(zmq_connect(dealer_.get(), endpoint.get().c_str()) == 0);
  }
  ~RawEcho() {
    zmq_send(dealer_.get(), "", 0, ZMQ_SNDMORE);
    zmq_send(dealer_.get(), "", 0, 0);
    thread_.join();
  }

  void ask() {
    zmq_send(dealer_.get(), "", 0, ZMQ_SNDMORE);
    zmq_send(dealer_.get(), request_.data(), request_.size(), 0);
    zmq_recv(dealer_.get(), buffer_.data(), buffer_.size(), 0);
    const int length = zmq_recv(dealer_.get(), buffer_.data(), buffer_.size(), 0);
    VJ_ASSERT(static_cast<std::size_t>(length) == answer_.size());
  }

 private:
  std::string request_, answer_;
  std::vector<char> buffer_ = std::vector<char>(1 << 20);
  // One each, as two processes have.
  RawContext server_context_{zmq_ctx_new()};
  RawContext context_{zmq_ctx_new()};
  RawSocket dealer_;
  std::jthread thread_;
};

void measure_round_trip(EchoClient& client, std::size_t size) {
  const auto payload = wire::Value::object({{"text", std::string(size, 'x')}});
  RawEcho raw(wire::encode(wire::Command{.id = wire::new_id(),
                                         .timestamp = wire::wall_clock(),
                                         .source = "bench",
                                         .command = "echo",
                                         .payload = payload}),
              wire::encode(wire::Response{.id = wire::new_id(),
                                          .timestamp = wire::wall_clock(),
                                          .source = kService,
                                          .status = wire::Status::kOk,
                                          .result = payload,
                                          .error = {}}));
  bench::print_row(format("command round trip, {} bytes", size),
                   bench::in_turns(kRounds, kRepeats, [&] { client.ask(payload); }, [&] { raw.ask(); }));
}

void measure_heartbeat(const platform::Path& home) {
  bus::Registry registry(home);
  bus::ServiceEntry entry{.name = {}, .status = "running", .command_port = 5000, .telemetry_port = 5100};
  const auto beat = [&] {
    entry.heartbeat_at = wire::wall_clock();
    VJ_ASSERT(registry.put(entry).has_value());
  };
  for (const auto* const name : {"a", "b", "c", "d", "e", "f", "g"}) {
    entry.name = name;
    beat();
  }
  const auto text = platform::read_file(registry.file());
  VJ_ASSERT(text.has_value());
  const auto file = home / "floor.json";
  const auto temporary = home / "floor.tmp";
  const auto write = [&] { VJ_ASSERT(platform::write_file_atomically(file, *text, temporary).has_value()); };
  bench::print_row("heartbeat among 7 services (floor: the file)", bench::in_turns(kRounds, kRepeats, beat, write));
}

}  // namespace

int main() {
  {
    const test::TemporaryFolder home;
    const EchoServer server(home.path());
    EchoClient client(home.path());
    bench::print_header();
    for (const std::size_t size : {16U, 1024U, 65536U}) measure_round_trip(client, size);
  }
  const test::TemporaryFolder home;
  measure_heartbeat(home.path());
  return 0;
}
