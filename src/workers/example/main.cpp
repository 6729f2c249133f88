// The template worker: copy this folder, rename, and put the work where the tick is. It publishes `example.tick` each
// period, answers `echo`, and lets the period be set while it runs.
#include "base/format.hpp"
#include "vj_bus/worker_host.hpp"
#include "wire/names.hpp"

namespace {

using namespace vj;
using wire::Value;

class ExampleWorker final : public bus::Worker {
 public:
  explicit ExampleWorker(bus::WorkerHost& host) : host_(host), timer_(host.loop().timer([this] { tick(); })) {
    host_.on_command("echo", [](bus::Request request) {
      auto payload = request.payload();
      request.reply(std::move(payload));
    });
    timer_.every(period_);
  }

  [[nodiscard]] Value settings() const override { return Value::object({{"period", to_seconds(period_)}}); }
  [[nodiscard]] Value metrics() const override { return Value::object({{"ticks", ticks_}}); }

  [[nodiscard]] Result<bool> set_config(const Value& changes) override {
    // Everything is looked at before anything is done.
    double period = to_seconds(period_);
    for (const auto& [key, value] : *changes.members()) {
      if (key != "period") return fail(ErrorCode::kInvalid, format("'{}' cannot be set; what can is period", key));
      period = value.number_or(0);
      if (period < 0.01 || period > 3600)
        return fail(ErrorCode::kInvalid, "'period' must be a number of seconds, 0.01 to 3600");
    }
    period_ = from_seconds(period);
    timer_.every(period_);
    return false;  // in force already: no restart needed
  }

 private:
  void tick() {
    ++ticks_;
    host_.publisher().publish_state(wire::topic::kExampleTick, Value::object({{"count", ticks_}}));
    host_.made_progress();
  }

  bus::WorkerHost& host_;
  platform::EventLoop::Timer timer_;
  Duration period_ = 1s;
  std::int64_t ticks_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  return bus::run_worker(argc, argv, {.name = "example_worker", .summary = "the template for workers of your own"},
                         [](bus::WorkerHost& host) { return std::make_unique<ExampleWorker>(host); });
}
