#include "workers/log_aggregator/log_aggregator.hpp"

#include <algorithm>

#include "wire/log_payload.hpp"
#include "wire/names.hpp"

namespace vj::log_aggregator {
namespace {

using wire::Value;

constexpr std::size_t kRecordsKept = 5000;
constexpr Duration kFlushInterval = 100ms;

LogFileLimits limits_of(const config::LogLimits& limits) {
  return {.max_bytes = static_cast<std::uint64_t>(limits.max_size_mb) << 20U, .max_files = limits.max_files};
}

Value to_value(const std::vector<LogRecord>& records) {
  auto array = Value::array();
  for (const auto& record : records) array.append(wire::to_value(record));
  return array;
}

}  // namespace

LogAggregator::LogAggregator(bus::WorkerHost& host)
    : host_(host),
      store_(kRecordsKept),
      file_(host.home() / "logs" / "vj.log", limits_of(host.config().log.limits)),
      flush_timer_(host.loop().timer([this] { flush(); })),
      subscriber_(host.context(), host.loop(), {std::string(wire::topic::kLogsRecord)},
                  [this](const wire::Telemetry& telemetry, std::string_view) { receive(telemetry); }) {
  host_.on_command(wire::command::kGetLogs, [this](bus::Request request) { answer(std::move(request)); });
  host_.on_command(wire::command::kAddRecords, [this](bus::Request request) { add_records(std::move(request)); });
  host_.follow_registry([this](const bus::RegistrySnapshot& services) { subscriber_.follow(services); });
}

Value LogAggregator::settings() const {
  const auto& limits = host_.config().log.limits;
  return Value::object({{"records_kept", kRecordsKept},
                        {"file", (host_.home() / "logs" / "vj.log").string()},
                        {"max_size_mb", limits.max_size_mb},
                        {"max_files", limits.max_files}});
}

Value LogAggregator::metrics() const {
  return Value::object({{"total_count", store_.total()}, {"dropped", batch_.dropped()}, {"missing_in_file", lost_}});
}

void LogAggregator::receive(const wire::Telemetry& telemetry) {
  // What is no record is in the log of whoever sent it.
  if (auto record = wire::log_record_from(telemetry.payload)) (void)take(std::move(*record));
}

void LogAggregator::add_records(bus::Request request) {
  const auto* logs = request.payload()["logs"].elements();
  if (logs == nullptr) return request.fail("add_records needs a list 'logs'");
  std::uint64_t added = 0;
  for (const auto& each : *logs) {
    auto record = wire::log_record_from(each);
    if (record && take(std::move(*record))) ++added;
  }
  request.reply(Value::object({{"added", added}}));
}

bool LogAggregator::take(LogRecord received) {
  const auto record = fitted(std::move(received));
  if (!store_.add(record)) return false;
  batch_.add(record);
  unwritten_ += file_line(record);
  ++unwritten_count_;
  if (!flush_timer_.armed()) flush_timer_.at(std::max(host_.loop().now(), last_flush_ + kFlushInterval));
  return true;
}

void LogAggregator::flush() {
  last_flush_ = host_.loop().now();
  host_.made_progress();
  write_file();
  const auto logs = batch_.take();
  host_.publisher().publish(
      wire::topic::kLogsAggregated,
      Value::object({{"logs", to_value(logs)}, {"total_count", store_.total()}, {"dropped", batch_.dropped()}}));
}

void LogAggregator::write_file() {
  const auto written = file_.append(unwritten_);
  if (!written) {
    // Said once: the record that says so cannot be written either, and would say so again.
    if (lost_ == 0) host_.log().error("{}; the log file misses what comes now", written.error().message);
    lost_ += unwritten_count_;
  } else if (lost_ > 0) {
    host_.log().info("the log file is written again; {} records are missing in it", lost_);
    lost_ = 0;
  }
  unwritten_.clear();
  unwritten_count_ = 0;
}

void LogAggregator::answer(bus::Request request) const {
  const auto query = log_query_from(request.payload());
  if (!query) return request.fail(query.error().message);
  request.reply(Value::object({{"logs", to_value(store_.find(*query))}, {"total_count", store_.total()}}));
}

}  // namespace vj::log_aggregator
