// The console's line to the audio analyzer, on the bus thread: passes on what it says, and to it what is asked. The
// features, thirty a second, are listened to only while somebody looks at them.
#pragma once

#include <optional>

#include "console/audio_state.hpp"
#include "console/mailbox.hpp"
#include "vj_bus/client.hpp"
#include "vj_bus/directory.hpp"
#include "vj_bus/subscriber.hpp"

namespace vj::console {

class AudioFeed {
 public:
  // All outlive it.
  AudioFeed(bus::Context& context, platform::EventLoop& loop, bus::Directory& directory, bus::Client& client,
            Mailbox& mailbox)
      : context_(context), loop_(loop), directory_(directory), client_(client), mailbox_(mailbox) {}

  void on_registry();
  void on_telemetry(const wire::Telemetry& telemetry);
  void carry_out(const AudioWish& wish);

 private:
  void follow(bool on);
  void ask(const AudioWish& wish, std::string_view command, wire::Value payload);

  bus::Context& context_;
  platform::EventLoop& loop_;
  bus::Directory& directory_;
  bus::Client& client_;
  Mailbox& mailbox_;
  std::optional<bus::Subscriber> features_;
};

}  // namespace vj::console
