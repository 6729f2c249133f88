#include "ctl/status_report.hpp"

#include <doctest/doctest.h>

#include "wire/json.hpp"

using namespace vj;
using namespace vj::ctl;

namespace {

wire::WorkerInfo running(std::string name) {
  wire::WorkerInfo worker;
  worker.name = std::move(name);
  worker.running = true;
  worker.pid = 4712;
  worker.state = "running";
  worker.uptime_sec = 3731;
  worker.cpu_percent = 0.12;
  worker.rss_bytes = 9'400'000;
  worker.command_port = 5002;
  worker.telemetry_port = 5102;
  return worker;
}

wire::WorkerInfo backing_off() {
  wire::WorkerInfo worker;
  worker.name = "lyrics_fetcher";
  worker.state = "backing_off";
  worker.reason = "exit code 139 (SIGSEGV)";
  worker.restart_count = 2;
  worker.next_restart_in = 7.2;
  return worker;
}

wire::WorkerInfo failed() {
  wire::WorkerInfo worker;
  worker.name = "osc_debugger";
  worker.state = "failed";
  worker.reason = "exit code 1";
  worker.restart_count = 10;
  return worker;
}

wire::WorkerInfo app() {
  wire::WorkerInfo worker;
  worker.name = "synesthesia";
  worker.state = "stopped";
  worker.enabled = false;
  worker.kind = "app";
  return worker;
}

const ManagerInfo kManager{.pid = 4711, .uptime_sec = 60, .version = "1", .command_port = 5000, .telemetry_port = 5100};

}  // namespace

TEST_CASE("status tells of each worker its state, reason and what to do") {
  const SystemStatus status{
      .home = "/h", .manager = kManager, .workers = {running("virtualdj_monitor"), backing_off(), failed(), app()}};
  CHECK(status_text(status, Style(false)) ==
        "✓ Process manager: pid 4711, up 1:00, ports 5000/5100, home /h\n"
        "\n"
        "Workers\n"
        "  ✓ virtualdj_monitor  running                           5002/5102  pid 4712, up 1:02:11\n"
        "  ⚠ lyrics_fetcher     restarts in 8 s, attempt 2 of 10\n"
        "      exit code 139 (SIGSEGV)\n"
        "      → see /h/logs/lyrics_fetcher.log; to start it now: vjctl restart lyrics_fetcher\n"
        "  ✗ osc_debugger       failed after 10 attempts\n"
        "      exit code 1\n"
        "      → see /h/logs/osc_debugger.log, mend it, then: vjctl start osc_debugger\n"
        "\n"
        "Apps\n"
        "  ○ synesthesia  stopped, not enabled\n"
        "\n"
        "1 of 3 workers connected; needs you: osc_debugger\n");
}

TEST_CASE("without a process manager status says how to start one, and what runs all the same") {
  const SystemStatus status{
      .home = "/h", .manager = {}, .workers = {running("virtualdj_monitor")}, .how_to_start = "/b/vj_console"};
  CHECK(status_text(status, Style(false)) ==
        "✗ The process manager is not running in /h\n"
        "  → to start it: /b/vj_console\n"
        "\n"
        "Workers that run without it\n"
        "  ✓ virtualdj_monitor  running  5002/5102  pid 4712, up 1:02:11\n");
}

TEST_CASE("fallback mode is called so") {
  SystemStatus status{.home = "/h", .manager = kManager, .workers = {}};
  status.manager->is_fallback = true;
  CHECK(status_text(status, Style(false)).starts_with("⚠ FALLBACK"));
  CHECK(status_json(status)["mode"] == wire::Value("fallback"));
}

TEST_CASE("a worker that was found running is called adopted, one that is degraded goes on") {
  wire::WorkerInfo worker = running("w");
  worker.adopted = true;
  worker.state = "degraded";
  worker.reason = "no VirtualDJ folder";
  const std::string text = status_text({.home = "/h", .manager = kManager, .workers = {worker}}, Style(false));
  CHECK(text.contains("degraded"));
  CHECK(text.contains("adopted"));
  CHECK(text.contains("no VirtualDJ folder\n      → it goes on with what it has; see /h/logs/w.log"));
  CHECK(text.contains("1 of 1 workers connected\n"));
}

TEST_CASE("who is hung while auto-heal is off is to be restarted by a person") {
  wire::WorkerInfo worker = running("w");
  worker.state = "degraded";
  worker.reason = "no heartbeat, auto-heal off";
  CHECK(status_text({.home = "/h", .manager = kManager, .workers = {worker}}, Style(false))
            .contains("→ it is not restarted by itself; see /h/logs/w.log, then: vjctl restart w\n"));
}

TEST_CASE("status as JSON has the process manager, the rows of the wire with advice, and the mode") {
  const wire::Value json = status_json({.home = "/h", .manager = kManager, .workers = {failed()}});
  CHECK(json["mode"] == wire::Value("vj_bus"));
  CHECK(json["process_manager"]["running"] == wire::Value(true));
  CHECK(json["process_manager"]["pid"] == wire::Value(4711));
  const auto& row = json["workers"].elements()->front();
  CHECK(row["name"] == wire::Value("osc_debugger"));
  CHECK(row["advice"].string_or("").contains("vjctl start osc_debugger"));
  const wire::Value gone = status_json({.home = "/h", .manager = {}, .workers = {}});
  CHECK(wire::to_json(gone) ==
        R"({"process_manager":{"running":false,"home":"/h"},"workers":[],"mode":"not_running"})");
}

TEST_CASE("advice is for the home that was asked about") {
  const SystemStatus status{.home = "/h", .manager = kManager, .workers = {failed()}, .vjctl = "vjctl --home /h"};
  CHECK(status_text(status, Style(false)).contains("mend it, then: vjctl --home /h start osc_debugger\n"));
}

TEST_CASE("the list is a table of numbers") {
  CHECK(list_text({running("virtualdj_monitor"), backing_off()}, Style(false)) ==
        "NAME               STATE               PID   UPTIME   CPU  MEMORY  ATTEMPTS  PORTS      KIND    REASON\n"
        "virtualdj_monitor  running            4712  1:02:11  0.1%    9 MB      0/10  5002/5102  worker\n"
        "lyrics_fetcher     backing_off (8 s)     -        -     -       -      2/10  -          worker  exit code 139 "
        "(SIGSEGV)\n");
}

TEST_CASE("text from outside cannot draw on the terminal") {
  wire::WorkerInfo worker = failed();
  worker.reason = "a\x1b[2Jb";
  CHECK_FALSE(status_text({.home = "/h", .manager = kManager, .workers = {worker}}, Style(false)).contains('\x1b'));
}
