// Brings what the OSC debugger hears into the mailbox, as far as the screen wants it: statistics always, messages while
// somebody looks at them, with what was heard before, and what is known of every address. Belongs to the bus thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "console/mailbox.hpp"
#include "console/message.hpp"
#include "vj_bus/client.hpp"
#include "vj_bus/registry.hpp"
#include "vj_bus/subscriber.hpp"

namespace vj::console {

class OscFeed {
 public:
  OscFeed(platform::EventLoop& loop, bus::Context& context, bus::Client& client, Mailbox& mailbox)
      : loop_(loop), context_(context), client_(client), mailbox_(mailbox) {}

  void on_registry(const bus::RegistrySnapshot& services);
  void on_stats(const wire::Value& payload);
  void follow(OscInterest interest, const bus::RegistrySnapshot& services);
  void clear();

 private:
  void on_messages(const wire::Value& payload);
  void begin_run();
  void read_history();
  void on_history(const wire::Value& result);
  void read_addresses();
  void deliver(std::vector<OscRow> rows);

  platform::EventLoop& loop_;
  bus::Context& context_;
  bus::Client& client_;
  Mailbox& mailbox_;
  OscInterest interest_ = OscInterest::kStatistics;
  std::optional<bus::Subscriber> messages_;  // while somebody looks
  int debugger_pid_ = 0;                     // of the one that was asked for what it heard before; 0: none was
  int run_pid_ = 0;                          // of the one whose numbers these are
  std::uint64_t run_ = 1;                    // counts the debuggers, whose numbers begin anew
  std::uint64_t total_ = 0;                  // how many the present one had heard when it spoke last
  std::uint64_t delivered_ = 0;              // the number of the last message that the mailbox got
  bool is_reading_history_ = false;
  bool is_reading_addresses_ = false;
  std::vector<OscRow> early_;  // came before the history that they follow
};

}  // namespace vj::console
