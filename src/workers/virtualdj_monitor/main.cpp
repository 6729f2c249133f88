#include "workers/virtualdj_monitor/virtualdj_monitor.hpp"

int main(int argc, char** argv) {
  using namespace vj;
  return bus::run_worker(
      argc, argv, {.name = "virtualdj_monitor", .summary = "playback from VirtualDJ's history files"},
      [](bus::WorkerHost& host) { return std::make_unique<virtualdj_monitor::VirtualDjMonitor>(host); });
}
