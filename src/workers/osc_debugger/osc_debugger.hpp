// Hears every OSC message that our services send, and all that arrives on the ports it listens on: keeps the newest to
// be asked for, counts per address, and publishes the new ones as `osc.messages`, at most thirty times a second (ten
// while more come than anybody can read), and how it goes as `osc.stats`, once a second.
#pragma once

#include <cstdint>

#include "platform/event_loop.hpp"
#include "vj_bus/worker_host.hpp"
#include "workers/osc_debugger/address_table.hpp"
#include "workers/osc_debugger/capture_ring.hpp"
#include "workers/osc_debugger/ears.hpp"
#include "workers/osc_debugger/senders.hpp"

namespace vj::osc_debugger {

class OscDebugger final : public bus::Worker {
 public:
  explicit OscDebugger(bus::WorkerHost& host);

  [[nodiscard]] wire::Value settings() const override;
  [[nodiscard]] wire::Value metrics() const override;

 private:
  void hear(const platform::Datagram& datagram);
  void add(std::string_view address, Capture capture);
  [[nodiscard]] bool is_ours(const platform::UdpAddress& peer);
  void follow(const bus::RegistrySnapshot& services);
  void tell_ports();
  void publish_messages();
  void publish_stats();
  [[nodiscard]] wire::Value stats();
  void answer_messages(bus::Request request);
  void answer_addresses(bus::Request request);
  void clear(bus::Request request);

  bus::WorkerHost& host_;
  CaptureRing ring_;
  AddressTable addresses_;
  RateMeter rate_;
  RateMeter out_rate_;  // of what our own services send
  std::uint64_t malformed_ = 0;
  std::uint64_t published_seq_ = 0;
  Time last_publish_;
  platform::EventLoop::Timer publish_timer_;
  platform::EventLoop::Timer stats_timer_;
  Senders senders_;
  Ears ears_;
};

}  // namespace vj::osc_debugger
