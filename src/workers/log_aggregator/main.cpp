#include "workers/log_aggregator/log_aggregator.hpp"

int main(int argc, char** argv) {
  using namespace vj;
  return bus::run_worker(argc, argv, {.name = "log_aggregator", .summary = "one searchable log of all processes"},
                         [](bus::WorkerHost& host) { return std::make_unique<log_aggregator::LogAggregator>(host); });
}
