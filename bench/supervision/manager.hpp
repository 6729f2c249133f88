// The process manager as it is shipped, with sleepers as its workers, driven over the bus.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "supervision/supervisors.hpp"
#include "vj_bus/client.hpp"

namespace vj::bench {

class Manager final : public Supervisor {
 public:
  struct Options {
    double backoff = 0;     // seconds
    bool start_all = true;  // at once
    int first_port = 30400;
    std::string more_configuration{};
  };

  // Waits until it answers.
  Manager(const platform::Path& folder, int sleepers, const Options& options);
  ~Manager() override;  // stops everything

  [[nodiscard]] std::string name() const override { return "process manager"; }
  [[nodiscard]] std::vector<pid_t> processes() const override { return {process_.pid()}; }
  [[nodiscard]] const platform::Path& home() const { return home_; }

  // Ends the benchmark where it is not answered. A refusal is an answer.
  wire::Value ask(std::string_view command, wire::Value payload = wire::Value::object());

  // kill -9; it stays dead.
  void crash();

 private:
  platform::Path home_;
  platform::ProcessHandle process_;
  platform::EventLoop loop_;
  bus::Context context_;
  bus::Directory directory_;
  bus::Client client_;
};

}  // namespace vj::bench
