// Brings log records into the mailbox, each once, by whichever way they come: from their services, from the log
// aggregator, which also has what was said before anybody listened, and from this console. Brings this console's to the
// aggregator (ADR 19). Belongs to the bus thread.
#pragma once

#include <deque>
#include <vector>

#include "base/log_record.hpp"
#include "console/mailbox.hpp"
#include "console/model.hpp"
#include "console/seen_records.hpp"
#include "console/worker_table.hpp"
#include "vj_bus/client.hpp"
#include "wire/value.hpp"

namespace vj::console {

class LogFeed {
 public:
  LogFeed(bus::Client& client, Mailbox& mailbox) : client_(client), mailbox_(mailbox) {}

  void on_registry(const std::vector<RegisteredService>& services);
  void on_record(const wire::Value& payload);   // of logs.record
  void on_records(const wire::Value& records);  // of logs.aggregated, or of a history
  void show(const LogRecord& record);           // nobody is told of it
  // Also to the aggregator, at once or when there is one.
  void show_and_keep(const LogRecord& record);

 private:
  void tell_aggregator();

  bus::Client& client_;
  Mailbox& mailbox_;
  int aggregator_pid_ = 0;  // of the one that was asked for history; 0: none runs
  SeenRecords seen_;
  std::deque<LogRecord> untold_;  // our own records that no aggregator has taken yet
  bool is_telling_ = false;
};

}  // namespace vj::console
