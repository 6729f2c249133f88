// osc: what the debugger hears, printed or recorded; osc_parts.hpp has the rest of the words.
#include <algorithm>
#include <functional>
#include <map>

#include "base/format.hpp"
#include "base/text.hpp"
#include "ctl/commands.hpp"
#include "ctl/interruptible.hpp"
#include "ctl/osc_parts.hpp"
#include "ctl/osc_recording.hpp"
#include "ctl/osc_tail.hpp"
#include "ctl/osc_view.hpp"
#include "ctl/session.hpp"
#include "osc/message_filter.hpp"
#include "wire/names.hpp"

namespace vj::ctl {
namespace {

constexpr long long kUsualLimit = 100;
constexpr long long kHighestLimit = 10000;

constexpr std::string_view kWords =
    "usage: vjctl osc [-f], osc send ADDRESS [TYPES ARGS...], osc target [NAME on|off], "
    "osc record FILE, osc replay FILE";

bool print(const Session& session, const wire::OscMessage& message) {
  return session.print_line(session.json() ? recorded_line(message) : osc_line(message, session.style()));
}

struct Request {
  std::string filter;
  long long limit = kUsualLimit;
};

std::expected<Request, std::string> request_in(const CommandLine& line) {
  Request request{.filter = line.value("--filter").value_or("")};
  if (const auto filter = osc::MessageFilter::parse(request.filter); !filter) {
    return std::unexpected("--filter: " + filter.error().message);
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

int show(Session& session, const CommandLine& line) {
  const auto request = request_in(line);
  if (!request) return session.wrong_usage(request.error());
  const auto response = session.ask(wire::service::kOscDebugger, wire::command::kGetMessages,
                                    wire::Value::object({{"filter", request->filter}, {"limit", request->limit}}));
  if (!response) return session.no_answer(wire::service::kOscDebugger, response.error());
  if (const auto* rows = response->result["messages"].elements()) {
    for (const auto& row : *rows) {
      const auto message = wire::osc_message_from(row);
      if (message && !print(session, *message)) break;
    }
  }
  return kExitDone;
}

// Calls `handler` with all that comes, until the run is ended.
int tail(Session& session, Interruptible& run, OscTail::Options options,
         const std::function<bool(const wire::OscMessage&)>& handler) {
  bool complained = false;
  const OscTail tail(
      run.loop, session.home(), std::move(options),
      [&](const std::vector<wire::OscMessage>& messages, std::uint64_t lost) {
        complained = false;
        if (lost > 0) session.complain(format("{} messages came too fast and are missing here", lost));
        for (const auto& message : messages) {
          if (!handler(message)) return run.loop.stop(kExitDone);
        }
      },
      [&](const Error& error) {
        if (!std::exchange(complained, true)) session.complain(error.message + "; waiting for it");
      });
  return run.loop.run();
}

int follow(Session& session, const CommandLine& line) {
  const auto request = request_in(line);
  if (!request) return session.wrong_usage(request.error());
  Following run(session.output());
  return tail(session, run, {.filter = request->filter, .history = line.has("--limit") ? request->limit : 0},
              [&](const wire::OscMessage& message) { return print(session, message); });
}

int record(Session& session, const CommandLine& line) {
  const platform::Path file = line.words[1];
  if (platform::file_status(file)) {
    session.complain(format("{} exists already", file.string()));
    return kExitFailed;
  }
  const auto out = platform::open_for_append(file);
  if (!out) {
    session.complain(out.error().message);
    return kExitFailed;
  }
  session.complain(format("recording into {} until ^C", file.string()));
  std::size_t count = 0;
  bool failed = false;
  Interruptible run;
  const int code = tail(session, run, {.filter = line.value("--filter").value_or(""), .exact = true},
                        [&](const wire::OscMessage& message) {
                          const auto written = platform::write_all(out->get(), recorded_line(message) + '\n');
                          if (!written) session.complain(written.error().message);
                          failed = !written;
                          count += written ? 1 : 0;
                          return !failed;
                        });
  session.complain(format("{} messages recorded", count));
  return failed ? kExitFailed : code;
}

// An option of `osc` that means nothing to the word that follows it; empty where there is none.
std::string misplaced_option(const CommandLine& line) {
  static const std::map<std::string, std::vector<std::string_view>, std::less<>> kOptionsOf{
      {"", {"--follow", "--filter", "--limit"}},
      {"send", {}},
      {"target", {}},
      {"record", {"--filter"}},
      {"replay", {"--target", "--all"}}};
  const std::string word = line.words.empty() ? "" : line.words.front();
  const auto options = kOptionsOf.find(word);
  if (options == kOptionsOf.end()) return "";
  for (const std::string_view option : {"--follow", "--filter", "--limit", "--target", "--all"}) {
    if (line.has(option) && std::ranges::find(options->second, option) == options->second.end()) {
      return format("'osc{}{}' has no option {}", word.empty() ? "" : " ", word, option);
    }
  }
  return "";
}

int run_osc(Session& session, const CommandLine& line) {
  if (const auto wrong = misplaced_option(line); !wrong.empty()) return session.wrong_usage(wrong);
  if (line.words.empty()) return line.has("--follow") ? follow(session, line) : show(session, line);
  const auto& word = line.words.front();
  if (word == "send") return send_osc(session, line);
  if (word == "target") return osc_target(session, line);
  if (word == "record" && line.words.size() == 2) return record(session, line);
  if (word == "replay" && line.words.size() == 2) return replay_osc(session, line);
  return session.wrong_usage(kWords);
}

constexpr std::size_t kAnyNumber = 1000;

}  // namespace

std::vector<CommandSpec> osc_commands() {
  return {{.name = "osc",
           .synopsis = "[-f | send | target | record | replay]",
           .summary = "See, send, record and replay OSC, and switch its targets",
           .details = "  osc [-f]                          what the debugger hears\n"
                      "  osc send ADDRESS [TYPES ARGS...]  to all targets that are on, whatever their filters\n"
                      "  osc target [NAME on|off]          what targets there are; switch one, also for later\n"
                      "  osc record FILE                   everything that comes, until ^C\n"
                      "  osc replay FILE                   what was sent, with its timing, to all targets that are on\n"
                      "A filter is text in the address or the arguments, a pattern as /audio/* or, with ! in front, "
                      "what is not shown.\n"
                      "A text to be sent that begins with - stands behind --, as all after it.\n"
                      "Example: vjctl osc send /audio/bpm ff 128 0.95",
           .most_words = kAnyNumber,
           .options = {{"--follow", "", "(-f) go on with new messages, until ^C", 'f'},
                       {"--filter", "F", "only messages that pass"},
                       {"--limit", "N", "the newest N of what is remembered; default 100, with -f none"},
                       {"--target", "NAME", "replay: only to this target, whether it is on or off"},
                       {"--all", "", "replay: also what had come in from elsewhere"}},
           .run = run_osc}};
}

}  // namespace vj::ctl
