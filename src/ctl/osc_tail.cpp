#include "ctl/osc_tail.hpp"

#include "wire/names.hpp"

namespace vj::ctl {
namespace {

using wire::Value;

constexpr std::int64_t kMostAtOnce = 5000;

std::vector<wire::OscMessage> messages_in(const Value& answer) {
  std::vector<wire::OscMessage> messages;
  if (const auto* rows = answer["messages"].elements()) {
    for (const auto& row : *rows) {
      if (auto message = wire::osc_message_from(row)) messages.push_back(std::move(*message));
    }
  }
  return messages;
}

std::uint64_t number_in(const Value& answer, std::string_view name) {
  return static_cast<std::uint64_t>(answer[name].integer_or(0));
}

}  // namespace

OscTail::OscTail(platform::EventLoop& loop, const platform::Path& home, Options options, Handler handler,
                 Problem problem)
    : options_(std::move(options)),
      handler_(std::move(handler)),
      problem_(std::move(problem)),
      subscriber_(context_, loop, {std::string(wire::topic::kOscMessages), std::string(wire::topic::kOscStats)},
                  [this](const wire::Telemetry&, std::string_view) {
                    is_new_ = true;
                    look();
                  }),
      directory_(loop, home,
                 [this](const bus::RegistrySnapshot& services) {
                   subscriber_.follow(services);
                   look();
                 }),
      client_(context_, loop, directory_, "vjctl") {
  subscriber_.follow(directory_.services());
  look();
}

void OscTail::look() {
  if (is_asking_ || !is_new_) return;
  is_asking_ = true;
  is_new_ = false;
  auto query = Value::object({{"filter", options_.filter}, {"exact", options_.exact}});
  query.set("limit", through_ ? kMostAtOnce : options_.history);
  if (through_) query.set("since", *through_);
  client_.send(wire::service::kOscDebugger, wire::command::kGetMessages, std::move(query),
               [this](const Result<wire::Response>& response) {
                 is_asking_ = false;
                 if (!response) {
                   is_new_ = true;  // asked in vain: again, when somebody is there to ask
                   problem_(response.error());
                   return response.error().code == ErrorCode::kTimeout ? look() : void();
                 }
                 if (response->status != wire::Status::kOk) {
                   return problem_({ErrorCode::kInvalid, response->error.value_or("refused without a reason")});
                 }
                 through_ ? take(response->result) : begin(response->result);
                 look();
               });
}

void OscTail::begin(const Value& answer) {
  through_ = number_in(answer, "through");
  handler_(messages_in(answer), 0);
}

void OscTail::take(const Value& answer) {
  const auto total = number_in(answer, "total_count");
  if (total < *through_) {  // another debugger, which counts from the start
    through_ = 0;
    is_new_ = true;
    return;
  }
  const auto messages = messages_in(answer);
  // Only without a filter do the numbers tell what is missing.
  const bool has_gap = options_.filter.empty() && !messages.empty() && messages.front().seq > *through_ + 1;
  const auto lost = has_gap ? messages.front().seq - *through_ - 1 : 0;
  through_ = number_in(answer, "through");
  is_new_ = is_new_ || *through_ < total;
  if (!messages.empty()) handler_(messages, lost);
}

}  // namespace vj::ctl
