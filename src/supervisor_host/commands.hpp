// The process manager's commands on the bus: who is asked, what is answered, and when. What they do is the table's.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "config/compare.hpp"
#include "config/config.hpp"
#include "supervisor_host/worker_table.hpp"
#include "vj_bus/service.hpp"

namespace vj::supervisor_host {

enum class Ending;

// What commands ask of the process that the table lives in.
struct CommandHooks {
  std::function<std::string()> status;
  std::function<Duration()> uptime;
  std::function<const config::Config&()> config;
  std::function<Result<config::Changes>()> reload;
  std::function<Result<void>(const wire::Value& changes)> set_config;
  std::function<void(ShutdownScope)> shut_down;
  std::function<void(Ending)> leave;
  std::function<bool()> is_ending;
  bool may_yield = false;
  bool stays = false;  // a console that quits stops the workers, not the process manager
};

class Commands {
 public:
  // `table` outlives it.
  Commands(WorkerTable& table, CommandHooks hooks);

  void handle(bus::Request request);

 private:
  using Handler = void (Commands::*)(bus::Request);

  void health_check(bus::Request request);
  void get_state(bus::Request request);
  void set_config(bus::Request request);
  void start_worker(bus::Request request);
  void stop_worker(bus::Request request);
  void restart_worker(bus::Request request);
  void reset_worker(bus::Request request);
  void list_workers(bus::Request request);
  void start_all(bus::Request request);
  void stop_all(bus::Request request);
  void reload(bus::Request request);
  void leave(bus::Request request);
  void shut_down(bus::Request request);
  void stop_and_stay(bus::Request request);

  // Answers by itself, and returns null, where there is no such worker.
  [[nodiscard]] ManagedWorker* worker_of(bus::Request& request);
  [[nodiscard]] bool is_refused_while_ending(bus::Request& request, std::string_view result) const;

  static const std::map<std::string_view, Handler> kHandlers;

  WorkerTable& table_;
  CommandHooks hooks_;
};

}  // namespace vj::supervisor_host
