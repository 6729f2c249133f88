// ZeroMQ sockets in an event loop. Private to vj_bus/ but for Context, of which a process makes one. Everything here
// stays on the thread that made it.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/event_loop.hpp"

namespace vj::bus {

// The messaging library's own thread and sockets. Outlives every socket made from it. Made after any fork.
class Context {
 public:
  Context();
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  [[nodiscard]] void* handle() const { return handle_; }

 private:
  void* handle_;
};

enum class SocketKind { kRouter, kDealer, kPublisher, kSubscriber };

// One part of a message, in the messaging library's own memory: what came is read where it lies, and what is sent is
// handed over, both without a copy of long ones.
class Frame {
 public:
  explicit Frame(std::string text = {});
  ~Frame();
  Frame(Frame&&) noexcept;
  Frame& operator=(Frame&&) noexcept;
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;

  [[nodiscard]] std::string_view text() const;

 private:
  friend class Socket;
  // zmq_msg_t, whose header stays out of ours.
  struct alignas(void*) Message {
    std::array<unsigned char, 64> bytes;
  };
  Message message_;
};

using Frames = std::vector<Frame>;

class Socket {
 public:
  using Readable = std::function<void()>;

  // Calls `readable` when frames may have come; it must read until receive() has nothing.
  Socket(Context& context, platform::EventLoop& loop, SocketKind kind, Readable readable);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // kConflict where the port is taken. Port 0 is any free one. Returns the port.
  [[nodiscard]] Result<int> bind(const std::string& address, int port);
  [[nodiscard]] Result<void> connect(const std::string& endpoint);
  void disconnect(const std::string& endpoint);
  void subscribe(std::string_view prefix);

  // Never waits. False where the message had to be dropped: nobody to take it, or too much underway.
  bool send(Frames frames);
  bool send(Frame frame);
  [[nodiscard]] std::optional<Frames> receive();

 private:
  void read();
  void look_again_later();
  [[nodiscard]] bool has_input() const;

  platform::EventLoop& loop_;
  void* handle_;
  Readable readable_;
  platform::EventLoop::Watch watch_;
  bool is_reading_ = false;
  std::shared_ptr<bool> alive_;  // for work that was posted before the socket died
};

[[nodiscard]] std::string tcp_endpoint(std::string_view address, int port);

}  // namespace vj::bus
