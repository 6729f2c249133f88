#include "ctl/checks.hpp"

#include <algorithm>

#include "base/format.hpp"
#include "base/text.hpp"

namespace vj::ctl {
namespace {

constexpr int kColumns = 80;  // what the console is drawn for
constexpr int kRows = 24;

std::string_view word(Health health) {
  switch (health) {
    case Health::kGood:
      return "good";
    case Health::kWarning:
      return "warning";
    case Health::kBad:
      return "bad";
  }
  return "bad";
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

bool says_utf8(std::string_view locale) {
  const std::string text = lower_ascii(locale);
  return text.contains("utf-8") || text.contains("utf8");
}

// Why a worker does not run as it should, in its own words where it has any.
std::string word_of_worker(std::string_view status, std::string_view reason) {
  return reason.empty() ? format("its worker is {}", printable(status)) : printable(reason);
}

}  // namespace

Check check_terminal(const TerminalFacts& facts) {
  Check check{.name = "terminal"};
  if (!facts.is_terminal) {
    check.health = Health::kWarning;
    check.finding = "none here";
    check.mend = "run it in the terminal that the console will use";
    return check;
  }
  check.finding = format("{}x{}, TERM={}, {}", facts.columns, facts.rows, facts.term.empty() ? "(not set)" : facts.term,
                         facts.locale.empty() ? "no locale" : facts.locale);
  if (facts.columns < kColumns || facts.rows < kRows) {
    check.health = Health::kWarning;
    check.mend = format("make it {}x{} or larger; below that the console shows less", kColumns, kRows);
  } else if (facts.term.empty() || facts.term == "dumb") {
    check.health = Health::kBad;
    check.mend = "set TERM to what the terminal is, as in TERM=xterm-256color";
  } else if (!says_utf8(facts.locale)) {
    check.health = Health::kWarning;
    check.mend = "set LANG=C.UTF-8 for marks and bars; without it the console draws in ASCII";
  }
  return check;
}

Check check_home(const HomeFacts& facts) {
  Check check{.name = "home", .finding = facts.path};
  constexpr std::uint32_t kOthers = 0077;
  if (!facts.exists) {
    check.finding += " is not there yet; the first start makes it";
  } else if (!facts.is_folder) {
    check.health = Health::kBad;
    check.finding += " is not a folder";
    check.mend = "move it away, or choose another home with VJ_HOME";
  } else if ((facts.mode & kOthers) != 0) {
    check.health = Health::kBad;
    check.finding += format(" is open to others (mode {:04o})", facts.mode);
    check.mend = format("chmod 700 {}", facts.path);
  }
  return check;
}

Check check_ports(const std::vector<PortFacts>& ports) {
  Check check{.name = "ports"};
  std::vector<std::string> strangers;
  std::size_t ours = 0;
  for (const PortFacts& port : ports) {
    if (port.is_free) continue;
    if (port.owner.empty())
      strangers.push_back(format("{} (for {})", port.port, port.service));
    else
      ++ours;
  }
  if (strangers.empty()) {
    check.finding = format("{} are ours, {} are free", ours, ports.size() - ours);
    return check;
  }
  check.health = Health::kWarning;
  check.finding = "taken by somebody else: " + joined(strangers);
  check.mend = "nothing has to be done, other ports are taken then; or set base_command_port and base_telemetry_port";
  return check;
}

Check check_virtualdj(const SourceFacts& facts) {
  Check check{.name = "VirtualDJ"};
  if (!facts.missing_paths.empty()) {
    check.health = Health::kBad;
    check.finding = "not there: " + joined(facts.missing_paths);
    check.mend = "correct 'paths' in [virtualdj], or leave it empty for the usual places";
  } else if (facts.status == "running") {
    check.finding = "its worker has found it";
  } else if (facts.status) {
    check.health = Health::kWarning;
    check.finding = word_of_worker(*facts.status, facts.reason);
    check.mend = "if VirtualDJ keeps its folder elsewhere, set 'paths' in [virtualdj]";
  } else if (!facts.paths.empty()) {
    check.finding = "looks into " + joined(facts.paths);
  } else {
    check.health = Health::kWarning;
    check.finding = "not known: virtualdj_monitor, which looks for its folder, does not run";
    check.mend = facts.has_process_manager ? "vjctl start virtualdj_monitor" : "it starts with the process manager";
  }
  return check;
}

Check check_sound(const SoundFacts& facts) {
  Check check{.name = "sound"};
  if (facts.status == "running") {
    check.finding = "its worker hears its input";
  } else if (facts.status) {
    check.health = Health::kWarning;
    check.finding = word_of_worker(*facts.status, facts.reason);
    check.mend = "vjctl devices lists the inputs; choose one on screen 3, or set 'device' in [audio]";
  } else if (!facts.problem.empty()) {
    check.health = Health::kWarning;
    check.finding = printable(facts.problem);
    check.mend = "vjctl devices lists the inputs; 'device' in [audio] names one, or is \"auto\"";
  } else {
    check.finding = format("\"{}\" is {}", printable(facts.chosen.value_or(facts.configured)), printable(facts.device));
  }
  if (facts.chosen && *facts.chosen != facts.configured) {
    check.finding +=
        format("\n\"{}\" was chosen while the system ran, and counts more than \"{}\" of the configuration",
               printable(*facts.chosen), printable(facts.configured));
  }
  return check;
}

Check check_osc_targets(const std::vector<OscTargetFacts>& targets) {
  Check check{.name = "OSC targets"};
  std::string absent;
  for (const OscTargetFacts& facts : targets) {
    const auto& target = facts.target;
    std::string words;
    if (!target.enabled) {
      words = "off";
    } else if (facts.is_here && facts.has_listener) {
      words = facts.listener.empty() ? "somebody listens" : printable(facts.listener) + " listens";
    } else if (facts.is_here) {
      words = "nobody there";
    } else {
      words = target.problem.empty() ? "on another machine: whether anybody is there shows when something is sent"
                                     : printable(target.problem);
    }
    const bool is_absent = target.enabled && (facts.is_here ? !facts.has_listener : !target.problem.empty());
    if (is_absent) absent += (absent.empty() ? "" : ", ") + printable(target.name);
    check.finding += format("{}{} {}: {}", check.finding.empty() ? "" : "\n", printable(target.name),
                            printable(target.address), words);
  }
  if (targets.empty()) check.finding = "none are configured, so nothing is sent";
  if (absent.empty()) return check;
  check.health = Health::kWarning;
  check.mend = format(
      "start what should listen there ({}), correct host and port under [[osc.target]], or: vjctl osc target NAME off",
      absent);
  return check;
}

std::string checks_text(const std::vector<Check>& checks, const Style& style) {
  std::size_t width = 0;
  for (const Check& check : checks) width = std::max(width, check.name.size());
  std::string text;
  for (const Check& check : checks) {
    const std::string mark = check.health == Health::kGood      ? style.paint(Color::kGreen, "✓")
                             : check.health == Health::kWarning ? style.paint(Color::kYellow, "⚠")
                                                                : style.paint(Color::kRed, "✗");
    std::string_view gap;
    for (const std::string_view line : split(check.finding, '\n')) {
      text += gap.empty() ? format("{} {:<{}}  {}\n", mark, check.name, width, line)
                          : format("{:<{}}{}\n", "", width + 4, line);
      gap = " ";
    }
    if (!check.mend.empty()) text += format("{:<{}}→ {}\n", "", width + 4, check.mend);
  }
  return text;
}

wire::Value checks_json(const std::vector<Check>& checks) {
  wire::Value list = wire::Value::array();
  for (const Check& check : checks) {
    list.append(wire::Value::object({{"name", check.name},
                                     {"health", word(check.health)},
                                     {"finding", check.finding},
                                     {"mend", check.mend.empty() ? wire::Value() : wire::Value(check.mend)}}));
  }
  return wire::Value::object({{"ok", all_usable(checks)}, {"checks", list}});
}

bool all_usable(const std::vector<Check>& checks) {
  return std::ranges::none_of(checks, [](const Check& check) { return check.health == Health::kBad; });
}

}  // namespace vj::ctl
