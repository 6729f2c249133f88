// send and watch: the bus itself, for scripts and for people who look for a fault.
#include "base/format.hpp"
#include "base/text.hpp"
#include "ctl/commands.hpp"
#include "ctl/interruptible.hpp"
#include "ctl/session.hpp"
#include "vj_bus/subscriber.hpp"
#include "wire/json.hpp"

namespace vj::ctl {
namespace {

int run_send(Session& session, const CommandLine& line) {
  wire::Value payload = wire::Value::object();
  if (line.words.size() > 2) {
    auto given = wire::parse_json(line.words[2]);
    if (!given) {
      return session.wrong_usage(format("'{}' is not JSON: {}", printable(line.words[2]), given.error().message));
    }
    if (!given->is_object()) return session.wrong_usage(R"(the payload must be a JSON object, as in {"limit": 3})");
    payload = std::move(*given);
  }
  const auto response = session.ask(line.words[0], line.words[1], std::move(payload));
  if (!response) return session.no_answer(line.words[0], response.error());
  const std::string text = wire::encode(*response);
  // For a person the same fields over several lines.
  const auto value = wire::parse_json(text);
  session.print_line(session.json() || !value ? text : wire::to_indented_json(*value));
  return response->status == wire::Status::kOk ? kExitDone : kExitFailed;
}

int run_watch(Session& session, const CommandLine& line) {
  for (const std::string& topic : line.words) {
    if (topic.empty() || topic.contains(' '))
      return session.wrong_usage(format("'{}' is not a topic", printable(topic)));
  }
  Following run(session.output());
  platform::EventLoop& loop = run.loop;
  bus::Context context;
  bus::Subscriber subscriber(
      context, loop, line.words.empty() ? std::vector<std::string>{"*"} : line.words,
      // A reader that has gone, as `| head` does, is a normal end.
      [&](const wire::Telemetry&, std::string_view text) {
        if (!session.print_line(text)) loop.stop(kExitDone);
      },
      [&](const Error& error) { session.complain(error.message); });
  const bus::Directory directory(loop, session.home(),
                                 [&](const bus::RegistrySnapshot& services) { subscriber.follow(services); });
  if (directory.problem()) session.complain(*directory.problem());
  if (directory.services().services.empty()) {
    session.complain(format("nothing runs in {} yet; waiting for it", session.home().string()));
  }
  subscriber.follow(directory.services());
  return loop.run();
}

constexpr std::size_t kAnyNumber = 1000;

}  // namespace

std::vector<CommandSpec> bus_commands() {
  return {
      {.name = "send",
       .synopsis = "SERVICE COMMAND [JSON]",
       .summary = "Send any command to any service and print its response",
       .details = "Example: vjctl send log_aggregator get_logs '{\"limit\": 3}'",
       .fewest_words = 2,
       .most_words = 3,
       .options = {},
       .run = run_send},
      {.name = "watch",
       .synopsis = "[TOPIC...]",
       .summary = "Print every message of some or all topics, one JSON a line, until ^C",
       .details = "'audio.*' is every topic that begins with 'audio.'. Workers that come and go are followed.",
       .most_words = kAnyNumber,
       .options = {},
       .run = run_watch},
  };
}

}  // namespace vj::ctl
