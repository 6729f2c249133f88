#include "vj_bus/client.hpp"

#include "base/format.hpp"
#include "wire/names.hpp"

namespace vj::bus {

namespace {

// Long for bytes that are in the kernel already, and short for a person.
constexpr Duration kLastWords = 500ms;

}  // namespace

struct Client::Connection {
  ServiceEntry entry;  // as it was when the connection was made
  std::unique_ptr<Socket> socket;
  platform::ProcessHandle process;  // none of a service of the old Python system
  platform::EventLoop::Watch exit_watch;
  platform::EventLoop::Timer last_words;  // runs when the process has ended
};

struct Client::Pending {
  const Connection* connection;  // to compare; none where the service is not there
  Callback callback;
  platform::EventLoop::Timer deadline;  // of the answer; now, where there is nobody to ask
};

Duration usual_timeout(std::string_view command, Duration stop_timeout) {
  using namespace wire::command;
  for (const auto slow :
       {kStartWorker, kStopWorker, kRestartWorker, kStartAll, kStopAll, kShutdown, kShutdownAll, kHandover, kYield}) {
    if (command == slow) return stop_timeout + 3s;
  }
  return 2s;
}

Client::Client(Context& context, platform::EventLoop& loop, const Directory& directory, std::string source)
    : context_(context), loop_(loop), directory_(directory), source_(std::move(source)) {}

Client::~Client() = default;

void Client::send(std::string_view service, std::string_view command, wire::Value payload, Callback callback) {
  send(service, command, std::move(payload), usual_timeout(command), std::move(callback));
}

void Client::send(std::string_view service, std::string_view command, wire::Value payload, Duration timeout,
                  Callback callback) {
  const auto id = wire::new_id();
  auto deadline = loop_.timer([this, id, name = std::string(service), timeout] {
    auto pending = pending_.extract(id);
    pending.mapped().callback(
        fail(ErrorCode::kTimeout, format("{} did not answer within {} s", name, to_seconds(timeout))));
  });
  const auto connection = connection_to(service);
  if (!connection) {
    // Called back from the loop like every other answer, so that no caller has to expect it within the call.
    auto soon = loop_.timer([this, id, error = connection.error()] {
      auto pending = pending_.extract(id);
      pending.mapped().callback(std::unexpected(error));
    });
    soon.at(loop_.now());
    pending_.emplace(id, Pending{nullptr, std::move(callback), std::move(soon)});
    return;
  }
  deadline.at(platform::EventLoop::clock() + timeout);
  pending_.emplace(id, Pending{*connection, std::move(callback), std::move(deadline)});
  auto text = wire::encode(wire::Command{.id = id,
                                         .timestamp = wire::wall_clock(),
                                         .source = source_,
                                         .command = std::string(command),
                                         .payload = std::move(payload)});
  // The empty frame is what a REQ socket would send. One that cannot be sent runs into its deadline.
  Frames frames(2);
  frames.back() = Frame(std::move(text));
  (*connection)->socket->send(std::move(frames));
}

Result<Client::Connection*> Client::connection_to(std::string_view service) {
  const auto* entry = directory_.services().find(service);
  if (const auto known = connections_.find(service); known != connections_.end()) {
    const auto& before = known->second->entry;
    const bool is_same = entry != nullptr && entry->pid == before.pid && entry->command_port == before.command_port;
    // Its end would have been noticed, so nobody has to ask the system whether it still runs.
    if (is_same && known->second->process) return known->second.get();
    if (is_same && is_alive(*entry)) return known->second.get();
    retire(known);
  }
  if (entry == nullptr || !is_alive(*entry)) {
    return fail(ErrorCode::kUnavailable, format("{} is not running", service));
  }
  auto connection = std::make_unique<Connection>();
  connection->entry = *entry;
  auto* const raw = connection.get();
  connection->socket = std::make_unique<Socket>(context_, loop_, SocketKind::kDealer, [this, raw] { receive(*raw); });
  if (auto connected = connection->socket->connect(tcp_endpoint(entry->address(), entry->command_port)); !connected) {
    return std::unexpected(connected.error());
  }
  if (const auto identity = entry->identity()) {
    if (auto process = platform::ProcessHandle::open(*identity)) {
      connection->process = std::move(*process);
      connection->exit_watch = connection->process.watch_exit(
          loop_, [this, name = std::string(service)] { retire(connections_.find(name)); });
    }
  }
  connections_.insert_or_assign(std::string(service), std::move(connection));
  return raw;
}

// Its end may be known before the last that it said, which the messaging library's own thread has yet to read.
void Client::retire(Connections::iterator known) {
  auto& connection = *retired_.emplace_back(std::move(known->second));
  connections_.erase(known);
  connection.exit_watch.end();
  connection.last_words = loop_.timer([this, &connection] { give_up_on(connection); });
  connection.last_words.after(kLastWords);
}

void Client::give_up_on(Connection& connection) {
  receive(connection);
  std::vector<Callback> waiting;
  for (auto it = pending_.begin(); it != pending_.end();) {
    if (it->second.connection == &connection) {
      waiting.push_back(std::move(it->second.callback));
      it = pending_.erase(it);
    } else {
      ++it;
    }
  }
  const auto name = connection.entry.name;
  std::erase_if(retired_, [&](const auto& retired) { return retired.get() == &connection; });
  for (const auto& callback : waiting) {
    callback(fail(ErrorCode::kUnavailable, format("{} ended before it answered", name)));
  }
}

void Client::receive(Connection& connection) {
  // The callback may send again and so replace the connection: everything that came is read first.
  std::vector<wire::Response> responses;
  while (const auto frames = connection.socket->receive()) {
    if (auto response = wire::decode_response(frames->back().text())) responses.push_back(std::move(*response));
  }
  for (auto& response : responses) {
    auto pending = pending_.extract(response.id);
    if (!pending.empty()) pending.mapped().callback(std::move(response));
  }
}

Result<wire::Response> ask(const platform::Path& home, std::string_view source, std::string_view service,
                           std::string_view command, wire::Value payload, Duration timeout) {
  platform::EventLoop loop;
  Context context;
  const Directory directory(loop, home);
  if (directory.problem()) return fail(ErrorCode::kUnavailable, *directory.problem());
  Client client(context, loop, directory, std::string(source));
  Result<wire::Response> answer = fail(ErrorCode::kTimeout, "");
  client.send(service, command, std::move(payload), timeout, [&](Result<wire::Response> result) {
    answer = std::move(result);
    loop.stop();
  });
  loop.run();
  return answer;
}

}  // namespace vj::bus
