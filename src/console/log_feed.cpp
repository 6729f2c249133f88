#include "console/log_feed.hpp"

#include <algorithm>
#include <utility>

#include "wire/log_payload.hpp"
#include "wire/names.hpp"

namespace vj::console {
namespace {

constexpr int kLinesOfHistory = 500;
constexpr std::size_t kRecordsKept = 500;

}  // namespace

void LogFeed::on_registry(const std::vector<RegisteredService>& services) {
  const auto aggregator = std::ranges::find(services, wire::service::kLogAggregator, &RegisteredService::name);
  const int pid = aggregator != services.end() && aggregator->alive ? aggregator->pid : 0;
  if (std::exchange(aggregator_pid_, pid) == pid || pid == 0) return;
  client_.send(wire::service::kLogAggregator, wire::command::kGetLogs,
               wire::Value::object({{"limit", kLinesOfHistory}}), [this](const Result<wire::Response>& answer) {
                 if (answer) on_records(answer->result["logs"]);
               });
  tell_aggregator();
}

// Each record comes by both ways, and is told by its number; one without a number must come by one way only.
void LogFeed::on_record(const wire::Value& payload) {
  const auto record = wire::log_record_from(payload);
  const bool comes_again = record && record->seq == 0 && aggregator_pid_ != 0;
  if (record && !comes_again) show(*record);
}

void LogFeed::on_records(const wire::Value& records) {
  if (records.elements() == nullptr) return;
  for (const auto& each : *records.elements()) {
    if (const auto record = wire::log_record_from(each)) show(*record);
  }
}

void LogFeed::show(const LogRecord& record) {
  if (seen_.is_new(record)) mailbox_.put(record);
}

void LogFeed::show_and_keep(const LogRecord& record) {
  show(record);
  untold_.push_back(record);
  if (untold_.size() > kRecordsKept) untold_.pop_front();
  tell_aggregator();
}

// A console is no service that could be subscribed to, so it brings its records. What is not taken is brought again
// with the next record, or to the next aggregator, which knows those it has by their numbers.
void LogFeed::tell_aggregator() {
  if (aggregator_pid_ == 0 || untold_.empty() || std::exchange(is_telling_, true)) return;
  auto logs = wire::Value::array();
  for (const auto& record : untold_) logs.append(wire::to_value(record));
  const auto last = untold_.back().seq;
  client_.send(wire::service::kLogAggregator, wire::command::kAddRecords,
               wire::Value::object({{"logs", std::move(logs)}}), [this, last](const Result<wire::Response>& answer) {
                 is_telling_ = false;
                 if (!answer || answer->status != wire::Status::kOk) return;
                 std::erase_if(untold_, [&](const LogRecord& record) { return record.seq <= last; });
                 tell_aggregator();
               });
}

}  // namespace vj::console
