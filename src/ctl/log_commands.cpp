// logs: the records of all processes, from the log aggregator's memory and as they come.
#include <algorithm>

#include "base/format.hpp"
#include "base/text.hpp"
#include "ctl/commands.hpp"
#include "ctl/interruptible.hpp"
#include "ctl/log_view.hpp"
#include "ctl/session.hpp"
#include "vj_bus/client.hpp"
#include "vj_bus/registry.hpp"
#include "vj_bus/subscriber.hpp"
#include "wire/json.hpp"
#include "wire/log_payload.hpp"
#include "wire/names.hpp"

namespace vj::ctl {
namespace {

constexpr long long kUsualLimit = 100;
constexpr long long kHighestLimit = 100000;

struct Request {
  std::string worker;
  LogLevel level = LogLevel::kDebug;
  long long limit = kUsualLimit;
  bool follow = false;
};

std::expected<Request, std::string> request_in(const CommandLine& line) {
  Request request{.worker = line.value("--worker").value_or(""), .follow = line.has("--follow")};
  if (const auto word = line.value("--level")) {
    const auto level = parse_log_level(*word);
    if (!level) {
      return std::unexpected(format("--level is debug, info, warning or error, not '{}'", printable(*word)));
    }
    request.level = *level;
  }
  if (const auto text = line.value("--limit")) {
    const auto limit = parse_integer(*text);
    if (!limit || *limit < 0 || *limit > kHighestLimit) {
      return std::unexpected(format("--limit is a number from 0 to {}, not '{}'", kHighestLimit, printable(*text)));
    }
    request.limit = *limit;
  }
  return request;
}

wire::Value payload_of(const Request& request) {
  wire::Value payload = wire::Value::object({{"level", to_string(request.level)}, {"limit", request.limit}});
  if (!request.worker.empty()) payload.set("worker", request.worker);
  return payload;
}

std::vector<LogRecord> records_in(const wire::Value& result) {
  std::vector<LogRecord> records;
  if (const auto* rows = result["logs"].elements()) {
    for (const wire::Value& row : *rows) {
      if (auto record = wire::log_record_from(row)) records.push_back(std::move(*record));
    }
  }
  return records;
}

bool print(const Session& session, const LogRecord& record) {
  return session.print_line(session.json() ? wire::to_json(wire::to_value(record)) : log_line(record, session.style()));
}

// Says why there can be no record of the worker that was named; nothing where there can be some.
void explain_silence(const Session& session, const Request& request) {
  if (request.worker.empty()) return;
  const auto workers = session.known_workers();
  const auto known = std::ranges::find(workers, request.worker, &Session::KnownWorker::name);
  if (known != workers.end() && known->is_app) {
    return session.complain(format("{} is an app: what it prints stands in {}/logs/{}.log", known->name,
                                   session.home().string(), known->name));
  }
  const auto registry = bus::Registry(session.home()).read();
  const bool is_service = registry && registry->find(request.worker) != nullptr;
  if (known != workers.end() || is_service || request.worker == wire::service::kProcessManager) return;
  std::vector<std::string> names{std::string(wire::service::kProcessManager)};
  for (const auto& worker : workers) {
    if (!worker.is_app) names.push_back(worker.name);
  }
  session.complain(format("there is no log of '{}'{}", printable(request.worker), instead_of(request.worker, names)));
}

int show_history(Session& session, const Request& request) {
  const auto response = session.ask(wire::service::kLogAggregator, wire::command::kGetLogs, payload_of(request));
  if (!response) return session.no_answer(wire::service::kLogAggregator, response.error());
  if (response->status != wire::Status::kOk) {
    session.complain(response->error.value_or("the log aggregator refused without a reason"));
    return kExitFailed;
  }
  const auto records = LogView(request.worker, request.level).begin(records_in(response->result));
  if (records.empty()) explain_silence(session, request);
  for (const LogRecord& record : records) {
    if (!print(session, record)) break;
  }
  return kExitDone;
}

int follow(Session& session, const Request& request) {
  explain_silence(session, request);
  Following run(session.output());
  platform::EventLoop& loop = run.loop;
  bus::Context context;
  LogView view(request.worker, request.level);
  const auto show = [&](const LogRecord& record) {
    if (!print(session, record)) loop.stop(kExitDone);
  };
  bus::Subscriber subscriber(
      context, loop, {std::string(wire::topic::kLogsRecord)},
      [&](const wire::Telemetry& message, std::string_view) {
        auto record = wire::log_record_from(message.payload);
        if (!record) return;
        if (const auto shown = view.live(std::move(*record))) show(*shown);
      },
      [&](const Error& error) { session.complain(error.message); });
  const bus::Directory directory(loop, session.home(),
                                 [&](const bus::RegistrySnapshot& services) { subscriber.follow(services); });
  subscriber.follow(directory.services());
  bus::Client client(context, loop, directory, "vjctl");
  client.send(wire::service::kLogAggregator, wire::command::kGetLogs, payload_of(request),
              [&](const Result<wire::Response>& response) {
                // Without the aggregator there is no history; what comes is shown all the same.
                if (!response) session.complain(response.error().message + "; only new records are shown");
                const auto history = response ? records_in(response->result) : std::vector<LogRecord>{};
                for (const LogRecord& record : view.begin(history)) show(record);
              });
  return loop.run();
}

int run_logs(Session& session, const CommandLine& line) {
  const auto request = request_in(line);
  if (!request) return session.wrong_usage(request.error());
  return request->follow ? follow(session, *request) : show_history(session, *request);
}

}  // namespace

std::vector<CommandSpec> log_commands() {
  return {{.name = "logs",
           .synopsis = "[-f]",
           .summary = "Print the newest log records of all processes",
           .details = "",
           .options = {{"--follow", "", "(-f) go on with new records, until ^C", 'f'},
                       {"--worker", "NAME", "only of this worker"},
                       {"--level", "LEVEL", "only this level or worse: debug, info, warning, error"},
                       {"--limit", "N", "the newest N of what is remembered; default 100"}},
           .run = run_logs}};
}

}  // namespace vj::ctl
