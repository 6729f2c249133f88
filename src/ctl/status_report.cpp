#include "ctl/status_report.hpp"

#include <algorithm>
#include <cmath>

#include "base/format.hpp"
#include "base/text.hpp"

namespace vj::ctl {
namespace {

struct Mark {
  std::string_view text;
  Color color;
};

Mark mark_of(const wire::WorkerInfo& worker) {
  if (worker.state == "running") return {"✓", Color::kGreen};
  if (worker.state == "failed") return {"✗", Color::kRed};
  if (worker.state == "stopped") return {"○", Color::kDim};
  return {"⚠", Color::kYellow};
}

std::string state_words(const wire::WorkerInfo& worker) {
  if (worker.state == "backing_off") {
    const std::string attempt = vj::format("attempt {} of {}", worker.restart_count, worker.max_restarts);
    if (!worker.next_restart_in) return vj::format("waits for its restart, {}", attempt);
    return vj::format("restarts in {} s, {}", std::llround(std::ceil(*worker.next_restart_in)), attempt);
  }
  if (worker.state == "stopped") return worker.enabled ? "stopped" : "stopped, not enabled";
  if (worker.state == "failed" && worker.restart_count >= worker.max_restarts) {
    return vj::format("failed after {} attempts", worker.restart_count);
  }
  return printable(worker.state);
}

std::string process_words(const wire::WorkerInfo& worker) {
  if (!worker.running || !worker.pid) return "";
  std::string words = vj::format("pid {}", *worker.pid);
  if (worker.uptime_sec) words += vj::format(", up {}", elapsed(*worker.uptime_sec));
  if (worker.adopted) words += ", adopted";
  return words;
}

std::string ports_words(const wire::WorkerInfo& worker) {
  if (!worker.command_port || !worker.telemetry_port) return "";
  return vj::format("{}/{}", *worker.command_port, *worker.telemetry_port);
}

// The lines of one group, the states in a column of their own.
std::string worker_lines(const std::vector<wire::WorkerInfo>& workers, const SystemStatus& status, const Style& style) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(workers.size());
  for (const wire::WorkerInfo& worker : workers) {
    rows.push_back({printable(worker.name), state_words(worker), ports_words(worker), process_words(worker)});
  }
  const std::string aligned = table(rows, {});
  const auto lines = split(aligned, '\n');
  std::string text;
  for (std::size_t i = 0; i < workers.size(); ++i) {
    const Mark mark = mark_of(workers[i]);
    text += vj::format("  {} {}\n", style.paint(mark.color, mark.text), lines[i]);
    if (!workers[i].reason.empty()) text += vj::format("      {}\n", printable(workers[i].reason));
    if (!status.manager) continue;
    if (const auto what = advice(workers[i], status)) text += vj::format("      → {}\n", *what);
  }
  return text;
}

std::string manager_line(const SystemStatus& status, const Style& style) {
  if (!status.manager) {
    return vj::format("{} The process manager is not running in {}\n  → to start it: {}\n",
                      style.paint(Color::kRed, "✗"), status.home, status.how_to_start);
  }
  const ManagerInfo& manager = *status.manager;
  return vj::format("{} {}: pid {}, up {}, ports {}/{}, home {}\n",
                    manager.is_fallback ? style.paint(Color::kYellow, "⚠") : style.paint(Color::kGreen, "✓"),
                    manager.is_fallback ? "FALLBACK, a console does the process manager's work" : "Process manager",
                    manager.pid, elapsed(manager.uptime_sec), manager.command_port, manager.telemetry_port,
                    status.home);
}

bool is_worker(const wire::WorkerInfo& worker) { return worker.kind != "app"; }

std::string summary(const SystemStatus& status, const Style& style) {
  const auto expected = std::ranges::count_if(status.workers, [](const auto& w) { return is_worker(w) && w.enabled; });
  const auto connected = std::ranges::count_if(status.workers, [](const auto& w) {
    return is_worker(w) && w.enabled && (w.state == "running" || w.state == "degraded");
  });
  std::string text = vj::format("{} of {} workers connected", connected, expected);
  std::string failed;
  for (const wire::WorkerInfo& worker : status.workers) {
    if (worker.state == "failed") failed += (failed.empty() ? "" : ", ") + printable(worker.name);
  }
  if (!failed.empty()) text += style.paint(Color::kRed, vj::format("; needs you: {}", failed));
  return text + '\n';
}

std::string percent(double value) { return vj::format("{:.1f}%", value); }

}  // namespace

std::optional<std::string> advice(const wire::WorkerInfo& worker, const SystemStatus& status) {
  const std::string log = vj::format("{}/logs/{}.log", status.home, printable(worker.name));
  const auto order = [&](std::string_view word) {
    return vj::format("{} {} {}", status.vjctl, word, printable(worker.name));
  };
  if (worker.state == "failed") {
    return vj::format("see {}, mend it, then: {}", log, order("start"));
  }
  if (worker.state == "backing_off") {
    return vj::format("see {}; to start it now: {}", log, order("restart"));
  }
  if (worker.state == "stopped" && worker.enabled) return order("start");
  if (worker.state == "degraded" && worker.reason.ends_with("auto-heal off")) {
    return vj::format("it is not restarted by itself; see {}, then: {}", log, order("restart"));
  }
  if (worker.state == "degraded") return vj::format("it goes on with what it has; see {}", log);
  if (worker.state == "unknown") {
    return "what runs under this name could not be verified, so it is left alone; end it by hand, then start it";
  }
  return std::nullopt;
}

std::string status_text(const SystemStatus& status, const Style& style) {
  std::vector<wire::WorkerInfo> workers;
  std::vector<wire::WorkerInfo> apps;
  for (const wire::WorkerInfo& worker : status.workers) (is_worker(worker) ? workers : apps).push_back(worker);
  std::string text = manager_line(status, style);
  if (!workers.empty()) {
    text += vj::format("\n{}\n", style.paint(Color::kBold, status.manager ? "Workers" : "Workers that run without it"));
    text += worker_lines(workers, status, style);
  }
  if (!apps.empty()) text += '\n' + style.paint(Color::kBold, "Apps") + '\n' + worker_lines(apps, status, style);
  if (status.manager) text += '\n' + summary(status, style);
  return text;
}

wire::Value status_json(const SystemStatus& status) {
  wire::Value manager = wire::Value::object({{"running", status.manager.has_value()}});
  if (status.manager) {
    manager.set("pid", status.manager->pid);
    manager.set("uptime_sec", status.manager->uptime_sec);
    manager.set("version", status.manager->version);
    manager.set("ports", wire::Value::object({{"command", status.manager->command_port},
                                              {"telemetry", status.manager->telemetry_port}}));
  }
  manager.set("home", status.home);
  wire::Value workers = wire::Value::array();
  for (const wire::WorkerInfo& worker : status.workers) {
    wire::Value row = wire::to_value(worker);
    const auto what = status.manager ? advice(worker, status) : std::nullopt;
    row.set("advice", what ? wire::Value(*what) : wire::Value());
    workers.append(std::move(row));
  }
  const char* mode = !status.manager ? "not_running" : status.manager->is_fallback ? "fallback" : "vj_bus";
  return wire::Value::object({{"process_manager", manager}, {"workers", workers}, {"mode", mode}});
}

std::string list_text(const std::vector<wire::WorkerInfo>& workers, const Style& style) {
  std::vector<std::vector<std::string>> rows{
      {"NAME", "STATE", "PID", "UPTIME", "CPU", "MEMORY", "ATTEMPTS", "PORTS", "KIND", "REASON"}};
  for (const wire::WorkerInfo& worker : workers) {
    rows.push_back({
        printable(worker.name),
        worker.next_restart_in
            ? vj::format("{} ({} s)", printable(worker.state), std::llround(std::ceil(*worker.next_restart_in)))
            : printable(worker.state),
        worker.pid ? vj::format("{}", *worker.pid) : "-",
        worker.uptime_sec ? elapsed(*worker.uptime_sec) : "-",
        worker.cpu_percent ? percent(*worker.cpu_percent) : "-",
        worker.rss_bytes ? megabytes(static_cast<double>(*worker.rss_bytes)) : "-",
        vj::format("{}/{}", worker.restart_count, worker.max_restarts),
        ports_words(worker).empty() ? "-" : ports_words(worker),
        printable(worker.kind),
        printable(worker.reason),
    });
  }
  using enum Alignment;
  const std::string text = table(rows, {kLeft, kLeft, kRight, kRight, kRight, kRight, kRight, kLeft, kLeft, kLeft});
  const std::size_t head = text.find('\n');
  return style.paint(Color::kBold, text.substr(0, head)) + text.substr(head);
}

}  // namespace vj::ctl
