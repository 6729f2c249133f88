#include "console/osc_feed.hpp"

#include <algorithm>
#include <utility>

#include "wire/names.hpp"
#include "wire/osc_payload.hpp"

namespace vj::console {
namespace {

constexpr int kMessagesOfHistory = 1000;

std::vector<OscRow> rows_of(const wire::Value& messages, std::uint64_t run) {
  std::vector<OscRow> rows;
  if (const auto* each = messages.elements()) {
    rows.reserve(each->size());
    for (const auto& one : *each) {
      if (const auto message = wire::osc_message_from(one)) rows.push_back(osc_row(*message, run));
    }
  }
  return rows;
}

}  // namespace

void OscFeed::follow(OscInterest interest, const bus::RegistrySnapshot& services) {
  interest_ = interest;
  if (interest == OscInterest::kStatistics) {
    messages_.reset();
    debugger_pid_ = 0;
    early_.clear();
    return;
  }
  if (!messages_) {
    messages_.emplace(context_, loop_, std::vector<std::string>{std::string(wire::topic::kOscMessages)},
                      [this](const wire::Telemetry& telemetry, std::string_view) { on_messages(telemetry.payload); });
    on_registry(services);
  }
  if (interest == OscInterest::kAddresses) read_addresses();
}

void OscFeed::on_registry(const bus::RegistrySnapshot& services) {
  if (!messages_) return;
  const auto* debugger = services.find(wire::service::kOscDebugger);
  bus::RegistrySnapshot only_it;
  if (debugger != nullptr) only_it.services.push_back(*debugger);
  messages_->follow(only_it);
  const int pid = debugger != nullptr && bus::is_alive(*debugger) ? debugger->pid : 0;
  if (std::exchange(debugger_pid_, pid) == pid || pid == 0) return;
  if (std::exchange(run_pid_, pid) != pid) begin_run();
  read_history();
  read_addresses();
}

void OscFeed::begin_run() {
  ++run_;
  total_ = delivered_ = 0;
}

void OscFeed::read_history() {
  is_reading_history_ = true;
  client_.send(wire::service::kOscDebugger, wire::command::kGetMessages,
               wire::Value::object({{"limit", kMessagesOfHistory}}), [this](const Result<wire::Response>& answer) {
                 is_reading_history_ = false;
                 if (answer) on_history(answer->result);
                 deliver(std::exchange(early_, {}));
               });
}

void OscFeed::on_history(const wire::Value& result) {
  auto rows = rows_of(result["messages"], run_);
  // What came and went while nobody looked is not missed.
  const bool goes_on = !rows.empty() && rows.front().seq <= delivered_ + 1;
  if (!rows.empty() && !goes_on) delivered_ = rows.front().seq - 1;
  deliver(std::move(rows));
}

void OscFeed::on_messages(const wire::Value& payload) {
  const auto total = static_cast<std::uint64_t>(payload["total_count"].integer_or(0));
  if (total < total_) begin_run();  // the last words of the one before came after it had gone
  total_ = total;
  auto rows = rows_of(payload["messages"], run_);
  if (is_reading_history_) {
    early_.insert(early_.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
  } else {
    deliver(std::move(rows));
  }
}

// Without those that came before, and with a count of those that did not come.
void OscFeed::deliver(std::vector<OscRow> rows) {
  std::erase_if(rows, [&](const OscRow& row) { return row.run == run_ && row.seq <= delivered_; });
  if (rows.empty()) return;
  const auto missed = delivered_ > 0 ? rows.front().seq - delivered_ - 1 : 0;
  delivered_ = rows.back().seq;
  mailbox_.put(OscHeard{std::move(rows), missed});
}

void OscFeed::on_stats(const wire::Value& payload) {
  mailbox_.put(OscStatsChanged{osc_stats(payload)});
  if (interest_ == OscInterest::kAddresses) read_addresses();
}

void OscFeed::read_addresses() {
  if (std::exchange(is_reading_addresses_, true)) return;
  client_.send(wire::service::kOscDebugger, wire::command::kGetAddresses, wire::Value::object(),
               [this](const Result<wire::Response>& answer) {
                 is_reading_addresses_ = false;
                 if (!answer || answer->result["addresses"].elements() == nullptr) return;
                 OscAddressesTold told;
                 for (const auto& each : *answer->result["addresses"].elements()) {
                   const auto last = wire::osc_message_from(each["last"]);
                   if (!last) continue;
                   told.addresses.push_back({.row = osc_row(*last, run_),
                                             .count = static_cast<std::uint64_t>(each["count"].integer_or(0)),
                                             .per_second = each["per_second"].number_or(0)});
                 }
                 mailbox_.put(std::move(told));
               });
}

void OscFeed::clear() {
  client_.send(wire::service::kOscDebugger, wire::command::kClear, wire::Value::object(),
               [](const Result<wire::Response>&) {});
}

}  // namespace vj::console
