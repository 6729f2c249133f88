#include "vj_bus/socket.hpp"

#include <cstring>
#include <memory>

#include <zmq.h>

#include "base/assert.hpp"
#include "base/format.hpp"
#include "base/text.hpp"
#include "wire/envelope.hpp"

namespace vj::bus {
namespace {

// Well above the longest message, so that one which is a little too long is answered and not cut off.
constexpr std::int64_t kLongestFrame = 16 * static_cast<std::int64_t>(wire::kLongestMessage);
// How long a socket that is closed still tries to hand over what was sent, in milliseconds: the answer to `shutdown`.
constexpr int kServerLinger = 500;
constexpr int kLongestReconnect = 1000;
// A command at its service: the asker's address, the empty frame of a REQ socket, the body.
constexpr std::size_t kUsualFrames = 3;
// From this length on handing over costs less than copying.
constexpr std::size_t kShortestHandedOver = 4096;  // bytes

int zmq_kind(SocketKind kind) {
  switch (kind) {
    case SocketKind::kRouter:
      return ZMQ_ROUTER;
    case SocketKind::kDealer:
      return ZMQ_DEALER;
    case SocketKind::kPublisher:
      return ZMQ_XPUB;
    case SocketKind::kSubscriber:
      return ZMQ_SUB;
  }
  return ZMQ_DEALER;
}

template <class Message>
zmq_msg_t* zmq_message(Message& message) {
  return reinterpret_cast<zmq_msg_t*>(message.bytes.data());
}

template <class T>
void set_option(void* socket, int option, T value) {
  VJ_ASSERT(zmq_setsockopt(socket, option, &value, sizeof value) == 0);
}

std::unexpected<Error> zmq_failure(std::string what) {
  const int error = zmq_errno();
  const auto code = error == EADDRINUSE ? ErrorCode::kConflict : ErrorCode::kIo;
  return fail(code, format("{}: {}", what, zmq_strerror(error)));
}

}  // namespace

static_assert(sizeof(zmq_msg_t) == 64 && alignof(zmq_msg_t) <= alignof(void*));

Frame::Frame(std::string text) {
  auto* const message = zmq_message(message_);
  if (text.empty()) {
    zmq_msg_init(message);
  } else if (text.size() < kShortestHandedOver) {
    VJ_ASSERT(zmq_msg_init_size(message, text.size()) == 0);
    std::memcpy(zmq_msg_data(message), text.data(), text.size());
  } else {
    auto owned = std::make_unique<std::string>(std::move(text));
    const auto release = [](void*, void* string) { std::unique_ptr<std::string>(static_cast<std::string*>(string)); };
    VJ_ASSERT(zmq_msg_init_data(message, owned->data(), owned->size(), release, owned.get()) == 0);
    (void)owned.release();  // until the messaging library, on whichever thread, calls `release`
  }
}

Frame::~Frame() { zmq_msg_close(zmq_message(message_)); }

Frame::Frame(Frame&& other) noexcept {
  zmq_msg_init(zmq_message(message_));
  zmq_msg_move(zmq_message(message_), zmq_message(other.message_));
}

Frame& Frame::operator=(Frame&& other) noexcept {
  if (this != &other) zmq_msg_move(zmq_message(message_), zmq_message(other.message_));
  return *this;
}

std::string_view Frame::text() const {
  // Asking changes nothing, though the messaging library's signature does not say so.
  auto* const message = zmq_message(const_cast<Message&>(message_));
  return {static_cast<const char*>(zmq_msg_data(message)), zmq_msg_size(message)};
}

Context::Context() : handle_(zmq_ctx_new()) { VJ_ASSERT(handle_ != nullptr); }
Context::~Context() { zmq_ctx_term(handle_); }

std::string tcp_endpoint(std::string_view address, int port) { return format("tcp://{}:{}", address, port); }

Socket::Socket(Context& context, platform::EventLoop& loop, SocketKind kind, Readable readable)
    : loop_(loop),
      handle_(zmq_socket(context.handle(), zmq_kind(kind))),
      readable_(std::move(readable)),
      alive_(std::make_shared<bool>(true)) {
  VJ_ASSERT(handle_ != nullptr);
  const bool serves = kind == SocketKind::kRouter || kind == SocketKind::kPublisher;
  set_option(handle_, ZMQ_LINGER, serves ? kServerLinger : 0);
  set_option(handle_, ZMQ_MAXMSGSIZE, kLongestFrame);
  set_option(handle_, ZMQ_RECONNECT_IVL_MAX, kLongestReconnect);
  if (kind == SocketKind::kPublisher) set_option(handle_, ZMQ_XPUB_VERBOSE, 1);
  int fd = -1;
  std::size_t size = sizeof fd;
  VJ_ASSERT(zmq_getsockopt(handle_, ZMQ_FD, &fd, &size) == 0);
  watch_ = loop_.watch_readable(fd, [this] { read(); });
}

Socket::~Socket() {
  watch_.end();
  zmq_close(handle_);
}

Result<int> Socket::bind(const std::string& address, int port) {
  const auto wanted = port == 0 ? format("tcp://{}:*", address) : tcp_endpoint(address, port);
  if (zmq_bind(handle_, wanted.c_str()) != 0) return zmq_failure(format("cannot listen on {}:{}", address, port));
  std::array<char, 256> bound{};
  std::size_t size = bound.size();
  VJ_ASSERT(zmq_getsockopt(handle_, ZMQ_LAST_ENDPOINT, bound.data(), &size) == 0);
  const std::string_view endpoint(bound.data());
  return static_cast<int>(parse_integer(endpoint.substr(endpoint.rfind(':') + 1)).value_or(0));
}

Result<void> Socket::connect(const std::string& endpoint) {
  if (zmq_connect(handle_, endpoint.c_str()) != 0) return zmq_failure(format("cannot connect to {}", endpoint));
  return {};
}

void Socket::disconnect(const std::string& endpoint) { zmq_disconnect(handle_, endpoint.c_str()); }

void Socket::subscribe(std::string_view prefix) {
  VJ_ASSERT(zmq_setsockopt(handle_, ZMQ_SUBSCRIBE, prefix.data(), prefix.size()) == 0);
}

bool Socket::send(Frames frames) {
  bool sent = true;
  for (std::size_t i = 0; i < frames.size() && sent; ++i) {
    const int flags = ZMQ_DONTWAIT | (i + 1 < frames.size() ? ZMQ_SNDMORE : 0);
    sent = zmq_msg_send(zmq_message(frames[i].message_), handle_, flags) >= 0;
  }
  look_again_later();
  return sent;
}

bool Socket::send(Frame frame) {
  const bool sent = zmq_msg_send(zmq_message(frame.message_), handle_, ZMQ_DONTWAIT) >= 0;
  look_again_later();
  return sent;
}

std::optional<Frames> Socket::receive() {
  Frames frames;
  frames.reserve(kUsualFrames);
  while (true) {
    auto* const message = zmq_message(frames.emplace_back().message_);
    if (zmq_msg_recv(message, handle_, ZMQ_DONTWAIT) < 0) return std::nullopt;
    if (zmq_msg_more(message) == 0) return frames;
  }
}

void Socket::read() {
  const std::weak_ptr<bool> alive = alive_;
  is_reading_ = true;
  readable_();
  if (!alive.expired()) is_reading_ = false;
}

// ZMQ_FD is edge-triggered: a send may take the edge that stood for frames which came meanwhile, so somebody has to
// look. Not where the send is part of reading: that goes on until there is nothing.
void Socket::look_again_later() {
  if (is_reading_ || !has_input()) return;
  loop_.post([this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) read();
  });
}

bool Socket::has_input() const {
  int events = 0;
  std::size_t size = sizeof events;
  return zmq_getsockopt(handle_, ZMQ_EVENTS, &events, &size) == 0 && (events & ZMQ_POLLIN) != 0;
}

}  // namespace vj::bus
