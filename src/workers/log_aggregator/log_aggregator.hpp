// Collects the log records of every process on the bus: keeps the newest to be asked for, writes all to the log file,
// and publishes the new ones as `logs.aggregated`, at most ten times a second.
#pragma once

#include <cstdint>
#include <string>

#include "platform/event_loop.hpp"
#include "vj_bus/directory.hpp"
#include "vj_bus/subscriber.hpp"
#include "vj_bus/worker_host.hpp"
#include "workers/log_aggregator/log_batch.hpp"
#include "workers/log_aggregator/log_file.hpp"
#include "workers/log_aggregator/log_store.hpp"

namespace vj::log_aggregator {

class LogAggregator final : public bus::Worker {
 public:
  explicit LogAggregator(bus::WorkerHost& host);

  [[nodiscard]] wire::Value settings() const override;
  [[nodiscard]] wire::Value metrics() const override;

 private:
  void receive(const wire::Telemetry& telemetry);
  void add_records(bus::Request request);
  [[nodiscard]] bool take(LogRecord received);  // false: it is here already
  void flush();
  void write_file();
  void answer(bus::Request request) const;

  bus::WorkerHost& host_;
  LogStore store_;
  LogBatch batch_;
  LogFile file_;
  std::string unwritten_;  // lines
  std::uint64_t unwritten_count_ = 0;
  std::uint64_t lost_ = 0;  // lines that the file did not take since it last took some
  Time last_flush_;
  platform::EventLoop::Timer flush_timer_;
  bus::Subscriber subscriber_;
};

}  // namespace vj::log_aggregator
