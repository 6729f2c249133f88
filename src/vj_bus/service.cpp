#include "vj_bus/service.hpp"

#include <utility>

namespace vj::bus {

struct Request::State {
  std::weak_ptr<Socket> socket;
  std::string source;
  Frames envelope;  // the asker's address, as it came
  wire::Command command;
};

Request::Request(std::unique_ptr<State> state) : state_(std::move(state)) {}

Request::Request(Request&&) noexcept = default;
Request& Request::operator=(Request&&) noexcept = default;

Request::~Request() {
  if (state_) fail("no answer: the service gave up on this command");
}

const wire::Command& Request::command() const { return state_->command; }

void Request::reply(wire::Value result) { send(wire::Status::kOk, std::move(result), std::nullopt); }
void Request::refuse(wire::Value result) { send(wire::Status::kError, std::move(result), std::nullopt); }
void Request::fail(std::string error) { send(wire::Status::kError, {}, std::move(error)); }

void Request::fail(wire::Value result, std::string error) {
  send(wire::Status::kError, std::move(result), std::move(error));
}

void Request::answer(Result<wire::Value> outcome) {
  if (outcome) {
    reply(std::move(*outcome));
  } else {
    fail(outcome.error().message);
  }
}

void Request::send(wire::Status status, wire::Value result, std::optional<std::string> error) {
  const auto state = std::exchange(state_, nullptr);
  if (!state) return;
  const auto socket = state->socket.lock();
  if (!socket) return;
  auto frames = std::move(state->envelope);
  frames.emplace_back(wire::encode(wire::Response{.id = state->command.id,
                                                  .timestamp = wire::wall_clock(),
                                                  .source = state->source,
                                                  .status = status,
                                                  .result = std::move(result),
                                                  .error = std::move(error)}));
  // An asker that has gone meanwhile is nobody's fault.
  socket->send(std::move(frames));
}

CommandServer::CommandServer(Context& context, platform::EventLoop& loop, std::string source, Handler handler)
    : source_(std::move(source)),
      handler_(std::move(handler)),
      socket_(std::make_shared<Socket>(context, loop, SocketKind::kRouter, [this] { receive(); })) {}

CommandServer::~CommandServer() = default;

void CommandServer::receive() {
  while (auto frames = socket_->receive()) {
    if (frames->size() < 2) continue;  // no body: nobody who speaks this protocol
    const auto body = std::move(frames->back());
    frames->pop_back();
    auto command = wire::decode_command(body.text());
    auto state = std::make_unique<Request::State>(socket_, source_, std::move(*frames), wire::Command{});
    if (!command) {
      state->command.id = wire::id_of(body.text());
      Request(std::move(state)).fail(command.error().message);
      continue;
    }
    state->command = std::move(*command);
    handler_(Request(std::move(state)));
  }
}

}  // namespace vj::bus
