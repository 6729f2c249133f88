// What supervision costs and how quick it is: every target of the process manager beside the least that a supervisor
// can do, in the same run. --peers adds those that are installed here (runit, s6, supervisord), in the same rounds.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <numeric>
#include <random>
#include <span>

#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "base/format.hpp"
#include "base/text.hpp"
#include "config/load.hpp"
#include "measure/table.hpp"
#include "platform/process_search.hpp"
#include "supervision/manager.hpp"
#include "supervisor_host/process_manager.hpp"
#include "support/temporary_folder.hpp"
#include "wire/names.hpp"

namespace {

using namespace vj;
using bench::Manager;
using bench::Supervisor;

using Milliseconds = std::chrono::duration<double, std::milli>;

// A tap of its own, for a debugger of a show that runs on this machine has the usual one.
const std::string kOsc = "[osc]\ntap = 30490\n";

double since(Time begin) { return Milliseconds(platform::EventLoop::clock() - begin).count(); }

double quantile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

void print_head(const std::string& what) {
  std::printf("\n%-52s %12s %12s %8s  %s\n", what.c_str(), "ours", "floor", "ratio", "target");
}

void print_ratio(const std::string& name, double ours, double floor, double target) {
  std::printf("%-52s %12.3f %12.3f %8.2f  <= %.2f x %s\n", name.c_str(), ours, floor, ours / floor, target,
              ours / floor <= target ? "met" : "NOT MET");
}

void print_value(const std::string& name, double value, double target) {
  std::printf("%-52s %12.3f %12s %8s  <= %g %s\n", name.c_str(), value, "", "", target,
              value <= target ? "met" : "NOT MET");
}

// The loop of somebody who has nothing to do meanwhile.
void let_pass(Duration time) {
  platform::EventLoop loop;
  auto end = loop.timer([&] { loop.stop(); });
  end.after(time);
  loop.run();
}

// One sleeper of a supervisor: killed, it is replaced.
class Victim {
 public:
  explicit Victim(const bench::Roll& roll) : roll_(&roll), pid_(roll.next()) {}

  // From the kill until the replacement is in main, in milliseconds.
  double replaced() {
    const Time begin = platform::EventLoop::clock();
    ::kill(pid_, SIGKILL);
    pid_ = roll_->next();
    return since(begin);
  }

 private:
  const bench::Roll* roll_;
  pid_t pid_;
};

void measure_respawn(const platform::Path& folder) {
  static constexpr int kRounds = 300;
  const Manager manager(folder / "ours", 1, {});
  const auto floor = bench::start_floor(folder / "floor", 1);
  Victim of_ours(manager.roll(0));
  Victim of_floor(floor->roll(0));
  std::vector<double> ours, floors;
  for (int round = 0; round < kRounds; ++round) {
    // In turns, so that neither is always the one that follows the other.
    const bool ours_first = round % 2 == 0;
    if (ours_first) ours.push_back(of_ours.replaced());
    floors.push_back(of_floor.replaced());
    if (!ours_first) ours.push_back(of_ours.replaced());
  }
  print_head("kill -9 until the replacement is in main, ms");
  print_ratio("median", bench::median(ours), bench::median(floors), 1.15);
  print_ratio("99 of 100", quantile(ours, 0.99), quantile(floors, 0.99), 1.5);
  print_ratio("longest", *std::ranges::max_element(ours), *std::ranges::max_element(floors), 1.5);
}

void wait_for_all(const Supervisor& supervisor) {
  for (std::size_t i = 0; i < supervisor.size(); ++i) [[maybe_unused]]
    const pid_t pid = supervisor.roll(i).next();
}

void measure_start(const platform::Path& folder) {
  static constexpr int kRounds = 30;
  static constexpr int kSleepers = 8;
  Manager manager(folder / "ours", kSleepers, {.start_all = false});
  std::vector<double> ours, floors;
  for (int round = 0; round < kRounds; ++round) {
    Time begin = platform::EventLoop::clock();
    [[maybe_unused]] const auto started = manager.ask(wire::command::kStartAll);
    wait_for_all(manager);
    ours.push_back(since(begin));
    for (int i = 0; i < kSleepers; ++i) {
      manager.ask(wire::command::kStopWorker, wire::Value::object({{"worker", format("sleeper{}", i)}}));
    }
    const auto place = folder / format("floor{}", round);
    begin = platform::EventLoop::clock();
    const auto floor = bench::start_floor(place, kSleepers);
    wait_for_all(*floor);
    floors.push_back(since(begin));
  }
  print_head("8 started, from the command until all are in main, ms");
  print_ratio("median", bench::median(ours), bench::median(floors), 1.25);
}

struct Cost {
  double nanoseconds = 0;  // on a processor, of all threads
  double wake_ups = 0;
};

Cost cost_of(const std::vector<pid_t>& processes) {
  Cost cost;
  for (const pid_t pid : processes) {
    std::error_code error;
    for (const auto& thread : std::filesystem::directory_iterator(format("/proc/{}/task", pid), error)) {
      double nanoseconds = 0;
      std::ifstream(thread.path() / "schedstat") >> nanoseconds;
      cost.nanoseconds += nanoseconds;
    }
    std::ifstream status(format("/proc/{}/status", pid));
    for (std::string line; std::getline(status, line);) {
      static constexpr std::string_view kKey = "voluntary_ctxt_switches:";
      if (line.starts_with(kKey)) cost.wake_ups += std::stod(line.substr(kKey.size()));
    }
  }
  return cost;
}

// Of the process manager only the loop's thread counts for wake-ups: ZeroMQ's sleeps until somebody speaks.
struct Idle {
  double milliseconds_per_second = 0;
  double wake_ups_per_second = 0;
};

Idle between(const Cost& before, const Cost& after, Duration span) {
  return {(after.nanoseconds - before.nanoseconds) / 1e6 / to_seconds(span),
          (after.wake_ups - before.wake_ups) / to_seconds(span)};
}

Idle idle_of(const Supervisor& supervisor, Duration span) {
  const Cost before = cost_of(supervisor.processes());
  let_pass(span);
  return between(before, cost_of(supervisor.processes()), span);
}

// Resident memory that is not a shared library's, in MB.
double own_memory(pid_t pid) {
  std::ifstream maps(format("/proc/{}/smaps", pid));
  double kilobytes = 0;
  bool is_library = false;
  for (std::string line; std::getline(maps, line);) {
    const bool is_head = line.find(':') == std::string::npos || line.find('-') < line.find(' ');
    if (is_head && line.find("kB") == std::string::npos) is_library = line.find(".so") != std::string::npos;
    if (line.starts_with("Rss:") && !is_library) kilobytes += std::stod(line.substr(4));
  }
  return kilobytes / 1024;
}

void measure_idle(const platform::Path& folder, const Manager::Options& options, const std::string& what,
                  double target) {
  static constexpr Duration kIdle = 30s;
  Manager manager(folder, options.start_all ? 8 : 0, options);
  if (!options.start_all) {
    manager.ask(wire::command::kStartAll);
  } else {
    wait_for_all(manager);
  }
  // At the same time, because what a wake-up costs is a matter of what else the machine does.
  const auto registry = platform::file_status(manager.home() / "registry.json");
  VJ_ASSERT(registry);
  auto floor = platform::spawn({.program = bench::own_program(),
                                .arguments = {bench::kHeartbeatFloor, folder.string(), std::to_string(registry->size)},
                                .environment = {},
                                .working_folder = {}});
  VJ_ASSERT(floor);
  let_pass(3s);
  const Cost floor_before = cost_of({floor->identity.pid});
  const Cost before = cost_of(manager.processes());
  let_pass(kIdle);
  const Idle idle = between(before, cost_of(manager.processes()), kIdle);
  const Idle least = between(floor_before, cost_of({floor->identity.pid}), kIdle);
  [[maybe_unused]] const auto sent = floor->handle.signal(SIGKILL);
  ::waitpid(floor->identity.pid, nullptr, 0);
  print_head(what);
  print_value("processor, ms/s", idle.milliseconds_per_second, target);
  std::printf("%-52s %12s %12.3f\n", "a file locked, read and replaced as often", "", least.milliseconds_per_second);
  std::printf("%-52s %12.2f\n", "wake-ups of the loop a second", idle.wake_ups_per_second);
  print_value("resident beyond the shared libraries, MB", own_memory(manager.processes().front()), 3.0);
}

// As the daemon's main does it, in this process, after a kill -9 of the daemon that started the sleepers.
void measure_adoption(const platform::Path& folder) {
  static constexpr int kRounds = 15;
  static constexpr int kSleepers = 8;
  std::vector<double> times, floors;
  Manager manager(folder, kSleepers, {});
  wait_for_all(manager);
  const auto rows = manager.ask(wire::command::kListWorkers)["workers"];
  manager.crash();
  std::vector<platform::ProcessIdentity> sleepers;
  for (const auto& row : *rows.elements()) {
    const auto pid = static_cast<platform::Pid>(row["pid"].integer_or(0));
    if (pid > 0) sleepers.push_back({platform::boot_id(), pid, platform::process_usage(pid)->start_time_ticks});
  }
  for (int round = 0; round < kRounds; ++round) {
    Time begin = platform::EventLoop::clock();
    auto config = config::load_file(manager.home() / "config.toml", config::IfMissing::kProblem, "");
    auto lock = supervisor_host::take_home(manager.home(), supervisor_host::Role::kDaemon);
    VJ_ASSERT(config && lock);
    platform::EventLoop loop;
    platform::Logger log("process_manager", LogLevel::kError);
    bus::Context context;
    std::optional<supervisor_host::ProcessManager> successor;
    successor.emplace(
        loop, log, context, std::move(*config),
        supervisor_host::ProcessManager::Options{.home = manager.home(), .programs = "/usr/bin", .config_file = {}},
        std::move(*lock),
        supervisor_host::ProcessManager::Callbacks{.ended = [&](supervisor_host::Ending) { loop.stop(); }});
    times.push_back(since(begin));
    const auto adopted =
        std::ranges::count_if(successor->workers().workers(), [](const auto& worker) { return worker->has_process(); });
    VJ_ASSERT(adopted == kSleepers);
    const bool is_last = round + 1 == kRounds;
    if (is_last) {
      successor->shut_down(supervisor_host::ShutdownScope::kWorkersAndAppsThatStopOnQuit);
    } else {
      successor->leave(supervisor_host::Ending::kHandedOver);
    }
    loop.run();
    if (is_last) break;
    begin = platform::EventLoop::clock();
    for (const auto& sleeper : sleepers) VJ_ASSERT(platform::ProcessHandle::open(sleeper));
    floors.push_back(since(begin));
  }
  print_head("8 adopted after kill -9, from a new daemon's main, ms");
  print_value("median", bench::median(times), 5.0);
  print_value("longest", *std::ranges::max_element(times), 5.0);
  std::printf("%-52s %12s %12.3f\n", "eight pidfds opened and verified", "", bench::median(floors));
}

void measure_deadlines(const platform::Path& folder) {
  static constexpr int kRounds = 200;
  static constexpr double kBackoff = 50;
  const Manager at_once(folder / "at_once", 1, {});
  const Manager manager(folder / "waiting", 1, {.backoff = kBackoff / 1000, .first_port = 30450});
  Victim victim(manager.roll(0));
  Victim reference(at_once.roll(0));
  std::vector<double> errors, respawns;
  for (int round = 0; round < kRounds; ++round) {
    respawns.push_back(reference.replaced());
    errors.push_back(victim.replaced() - kBackoff);
  }
  // What a respawn takes anyway is not the deadline's error.
  const double respawn = bench::median(respawns);
  for (double& error : errors) error = std::abs(error - respawn);
  print_head("a restart after its backoff, off its deadline by, ms");
  print_value("median", bench::median(errors), 5.0);
  print_value("99 of 100", quantile(errors, 0.99), 5.0);
}

void measure_hang(const platform::Path& folder) {
  Manager manager(folder, 0,
                  {.start_all = false,
                   .more_configuration = "[[worker]]\nname = \"log_aggregator\"\n[[worker]]\nname = "
                                         "\"osc_debugger\"\n[[worker]]\nname = \"virtualdj_monitor\"\n" +
                                         kOsc});
  manager.ask(wire::command::kStartAll);
  bus::Registry registry(manager.home());
  struct Stopped {
    platform::ProcessHandle process;
    Time last_beat;
    platform::EventLoop::Watch watch{};
  };
  platform::EventLoop loop;
  const auto is_up = [&](std::string_view name) {
    const auto services = registry.read();
    const auto* entry = services ? services->find(name) : nullptr;
    return entry != nullptr && entry->status != wire::status::kStarting;
  };
  const std::array<std::string, 3> names{"log_aggregator", "osc_debugger", "virtualdj_monitor"};
  while (!std::ranges::all_of(names, is_up)) loop.run_once(10ms);
  std::vector<Stopped> stopped;
  std::vector<double> seen;
  for (const auto& name : names) {
    let_pass(700ms);  // so that they do not all stop at the same age of their last beat
    const auto entry = *registry.read()->find(name);
    auto process = platform::ProcessHandle::open(*entry.identity());
    VJ_ASSERT(process && process->signal(SIGSTOP));
    const Time now = platform::EventLoop::clock();
    stopped.push_back({std::move(*process), now - bus::heartbeat_age(*registry.read()->find(name), now)});
  }
  for (auto& each : stopped) {
    each.watch = each.process.watch_exit(loop, [&] {
      seen.push_back(since(each.last_beat) / 1000);
      each.watch.end();
      if (seen.size() == stopped.size()) loop.stop();
    });
  }
  loop.run();
  print_head("SIGSTOP of a worker: killed after its last beat, s");
  std::printf("%-52s %12.3f %12s %8s  15.0 to 15.5 %s\n", "earliest", *std::ranges::min_element(seen), "", "",
              *std::ranges::min_element(seen) >= 15.0 ? "met" : "NOT MET");
  print_value("latest", *std::ranges::max_element(seen), 15.5);
}

void measure_stops(const platform::Path& folder) {
  static constexpr int kStops = 10'000;
  Manager manager(folder, 0,
                  {.start_all = false,
                   .more_configuration = "[[worker]]\nname = \"mayfly\"\nkind = \"app\"\nenabled = false\n"
                                         "command = [\"sh\", \"-c\", \"exit 1\"]\nbase_backoff = 0.001\n"
                                         "max_backoff = 0.002\nmax_restarts = 1000\n"});
  std::minstd_rand random(1);
  platform::EventLoop loop;
  const auto name = wire::Value::object({{"worker", "mayfly"}});
  const std::string children = format("/proc/{0}/task/{0}/children", manager.processes().front());
  int resurrections = 0;
  const Time begin = platform::EventLoop::clock();
  for (int stop = 0; stop < kStops; ++stop) {
    manager.ask(wire::command::kStartWorker, name);
    // From before the first crash to after several restarts.
    loop.run_once(std::chrono::microseconds(random() % 4000));
    manager.ask(wire::command::kStopWorker, name);
    const auto before = manager.ask(wire::command::kGetState)["metrics"]["workers"]["mayfly"];
    resurrections += before["running"].boolean_or(true);
    std::ifstream list(children);
    pid_t child = 0;
    resurrections += (list >> child) ? 1 : 0;
  }
  let_pass(1s);
  std::ifstream list(children);
  pid_t child = 0;
  resurrections += (list >> child) ? 1 : 0;
  print_head(format("{} stops at random moments, in {:.0f} s", kStops, since(begin) / 1000));
  print_value("processes that came back", resurrections, 0);
}

// All in turns, with more than a second between two kills of one supervisor's: s6 and runit start a service at most
// once a second. Each starts from its own beginning.
void measure_peers(const platform::Path& folder) {
  static constexpr int kRounds = 25;
  static constexpr int kStarts = 7;
  std::vector<bench::Peer> all{
      {"floor", bench::start_floor},
      {"process manager", [](const platform::Path& place, int sleepers) -> std::unique_ptr<Supervisor> {
         return std::make_unique<Manager>(place, sleepers, Manager::Options{});
       }}};
  const auto peers = bench::installed_peers();
  all.insert(all.end(), peers.begin(), peers.end());
  struct Row {
    std::vector<double> respawns, starts;
    Idle idle;
    double memory = 0;
  };
  std::vector<Row> rows(all.size());
  {
    std::vector<std::unique_ptr<Supervisor>> running;
    std::vector<Victim> victims;
    for (const auto& each : all) {
      running.push_back(each.start(folder / "respawn" / each.name, 1));
      victims.emplace_back(running.back()->roll(0));
    }
    std::minstd_rand random(1);
    for (int round = 0; round < kRounds; ++round) {
      for (std::size_t i = 0; i < all.size(); ++i) {
        // At any moment of the second in which one of them looks once.
        let_pass(std::chrono::milliseconds(round == 0 ? 1200 : 1200 / all.size() + random() % (1000 / all.size())));
        rows[i].respawns.push_back(victims[i].replaced());
      }
    }
  }
  for (int round = 0; round < kStarts; ++round) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto place = folder / format("start{}", round) / all[i].name;
      const Time begin = platform::EventLoop::clock();
      const auto supervisor = all[i].start(place, 8);
      wait_for_all(*supervisor);
      rows[i].starts.push_back(since(begin));
      if (round + 1 < kStarts) continue;
      let_pass(2s);
      rows[i].idle = idle_of(*supervisor, 10s);
      for (const pid_t pid : supervisor->processes()) {
        rows[i].memory += static_cast<double>(platform::process_usage(pid)->rss_bytes) / 1e6;
      }
    }
  }
  std::printf("\n%-18s %14s %8s %14s %8s %12s %10s %8s\n", "supervisor", "respawn, ms", "x floor", "start 8, ms",
              "x floor", "idle, ms/s", "wakes/s", "RSS, MB");
  const double respawn_floor = bench::median(rows[0].respawns);
  const double start_floor = bench::median(rows[0].starts);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double respawn = bench::median(rows[i].respawns);
    const double start = bench::median(rows[i].starts);
    std::printf("%-18s %14.2f %8.2f %14.1f %8.2f %12.3f %10.2f %8.1f\n", all[i].name.c_str(), respawn,
                respawn / respawn_floor, start, start / start_floor, rows[i].idle.milliseconds_per_second,
                rows[i].idle.wake_ups_per_second, rows[i].memory);
  }
}

}  // namespace

int main(int argc, char** argv) {
  bench::sleep_if_sleeper(argc, argv);
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto has = [&](std::string_view word) { return std::ranges::find(words, word) != words.end(); };
  const bool all = words.empty() || (words.size() == 1 && has("--peers"));
  const test::TemporaryFolder folder;
  const auto run = [&](const std::string& name, const auto& measure) {
    if (all || has(name)) measure(folder.path() / name);
  };
  run("respawn", measure_respawn);
  run("start", measure_start);
  run("adoption", measure_adoption);
  run("deadlines", measure_deadlines);
  run("idle", [](const platform::Path& place) {
    measure_idle(place / "sleepers", {}, "idle, 8 apps", 0.05);
    measure_idle(
        place / "workers",
        {.start_all = false,
         .more_configuration = kOsc + "[[worker]]\nname = \"log_aggregator\"\n[[worker]]\nname = \"osc_debugger\"\n"
                                      "[[worker]]\nname = \"virtualdj_monitor\"\n"},
        "idle, 3 workers that beat", 0.05);
    std::string beaters;
    for (int i = 0; i < 8; ++i) {
      beaters += format("[[worker]]\nname = \"beater{0}\"\ncommand = [\"{1}\", \"{2}\", \"beater{0}\"]\n", i,
                        bench::own_program(), bench::kBeater);
    }
    measure_idle(place / "beaters", {.start_all = false, .more_configuration = beaters}, "idle, 8 workers that beat",
                 0.05);
  });
  run("hang", measure_hang);
  run("stops", measure_stops);
  if (has("--peers")) measure_peers(folder.path() / "peers");
  return 0;
}
