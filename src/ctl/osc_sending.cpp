// osc send and osc replay: to the targets, without the bus.
#include "base/format.hpp"
#include "base/text.hpp"
#include "config/rules.hpp"
#include "ctl/interruptible.hpp"
#include "ctl/osc_parts.hpp"
#include "ctl/osc_recording.hpp"
#include "ctl/session.hpp"
#include "osc/message_words.hpp"
#include "osc_io/sender.hpp"
#include "wire/json.hpp"

namespace vj::ctl {
namespace {

constexpr Duration kLookupPatience = 5s;  // for hosts that have to be found by name

// The targets that are on, and what is wrong with each; waits for those that have to be found.
std::vector<wire::OscTarget> find_targets(platform::EventLoop& loop, const osc_io::Sender& sender) {
  const auto deadline = platform::EventLoop::clock() + kLookupPatience;
  while (!sender.is_ready() && platform::EventLoop::clock() < deadline) {
    loop.run_once(deadline - platform::EventLoop::clock());
  }
  std::vector<wire::OscTarget> targets;
  for (const auto& target : sender.targets()) {
    if (!target.enabled) continue;
    auto& found = targets.emplace_back(target.name, target.address, true, target.problem);
    const auto where = config::parse_endpoint(target.address);  // by number, so that no name is looked up again
    const bool is_absent = where && has_listener(where->host, where->port) == false;
    if (found.problem.empty() && is_absent) found.problem = "nobody there";
  }
  return targets;
}

std::string words_for(const std::vector<wire::OscTarget>& targets) {
  std::string words;
  for (const auto& target : targets) {
    words += format("{}{} {}", words.empty() ? "" : ", ", target.name, target.address);
    if (!target.problem.empty()) words += format(" ({})", target.problem);
  }
  return words;
}

int no_target(const Session& session, const config::Osc& osc) {
  session.complain(osc.targets.empty()
                       ? std::string("no OSC target is configured")
                       : format("no OSC target is on; to switch one on: {} osc target {} on", session.vjctl(),
                                osc.targets.size() == 1 ? shell_word(osc.targets.front().name) : "NAME"));
  return kExitFailed;
}

}  // namespace

std::expected<Outgoing, int> outgoing(Session& session) {
  auto config = session.load_config();
  if (!config) {
    session.complain(config::to_string(config.error()));
    return std::unexpected(kExitConfiguration);
  }
  auto switches = osc_io::read_target_switches(session.home());
  if (!switches) {
    session.complain(switches.error().message);
    return std::unexpected(kExitFailed);
  }
  return Outgoing{std::move(config->osc), std::move(*switches)};
}

int send_osc(Session& session, const CommandLine& line) {
  if (line.words.size() < 2)
    return session.wrong_usage("something is missing; usage: vjctl osc send ADDRESS [TYPES ARGS...]");
  const auto types = line.words.size() > 2 ? line.words[2] : "";
  const auto words = std::span(line.words).subspan(std::min<std::size_t>(3, line.words.size()));
  const auto packet = osc::message_from_words(line.words[1], types, words);
  if (!packet) return session.wrong_usage(packet.error().message);
  auto to = outgoing(session);
  if (!to) return to.error();
  // Who sends by hand means it: the filters are for what goes out all the time.
  for (auto& target : to->osc.targets) target.filter.clear();
  platform::EventLoop loop;
  osc_io::Sender sender(loop, to->osc, to->switches);
  const auto targets = find_targets(loop, sender);
  sender.send(*packet);
  if (session.json()) {
    session.print_line(
        wire::to_json(wire::Value::object({{"address", line.words[1]}, {"targets", wire::to_value(targets)}})));
  } else if (!targets.empty()) {
    session.print_line("sent to " + words_for(targets));
  }
  return targets.empty() ? no_target(session, to->osc) : kExitDone;
}

int replay_osc(Session& session, const CommandLine& line) {
  auto to = outgoing(session);
  if (!to) return to.error();
  if (const auto wanted = line.value("--target")) {
    std::erase_if(to->osc.targets, [&](const config::OscTarget& target) { return target.name != *wanted; });
    if (to->osc.targets.empty()) return session.wrong_usage(format("no OSC target '{}'", printable(*wanted)));
    to->switches.insert_or_assign(*wanted, true);
  }
  const auto text = platform::read_file(line.words[1]);
  if (!text) {
    session.complain(text.error().message);
    return kExitFailed;
  }
  const auto messages = replay_of(*text, line.has("--all"));
  if (!messages) {
    session.complain(format("{}: {}", line.words[1], messages.error().message));
    return kExitFailed;
  }
  if (messages->empty()) {
    session.complain("nothing in there was sent by us; --all sends also what had come in");
    return kExitFailed;
  }
  Interruptible run;
  osc_io::Sender sender(run.loop, to->osc, to->switches);
  const auto targets = find_targets(run.loop, sender);
  session.complain(format("{} messages, {}, to {}", messages->size(), elapsed(to_seconds(messages->back().after)),
                          targets.empty() ? "no target" : words_for(targets)));
  const auto start = platform::EventLoop::clock();
  auto next = messages->begin();
  platform::EventLoop::Timer timer;
  timer = run.loop.timer([&] {
    for (; next != messages->end() && start + next->after <= run.loop.now(); ++next) sender.send(next->packet);
    next == messages->end() ? run.loop.stop(kExitDone) : timer.at(start + next->after);
  });
  timer.at(start);
  return run.loop.run();
}

}  // namespace vj::ctl
