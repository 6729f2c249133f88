#include "workers/osc_debugger/osc_debugger.hpp"

int main(int argc, char** argv) {
  using namespace vj;
  return bus::run_worker(argc, argv, {.name = "osc_debugger", .summary = "every OSC message sent or received"},
                         [](bus::WorkerHost& host) { return std::make_unique<osc_debugger::OscDebugger>(host); });
}
