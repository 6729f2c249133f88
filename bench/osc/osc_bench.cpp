// What OSC costs: sending a prepared message beside bare sendto(), a moment's messages beside liblo's lo_send(),
// reading beside liblo's reader, and at which rate each begins to lose messages. Both send to two ports of this
// machine, as the system always does: a target and the debugger's tap.
#include <array>
#include <atomic>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <lo/lo.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "base/format.hpp"
#include "measure/table.hpp"
#include "osc/packet_reader.hpp"
#include "osc/packet_writer.hpp"
#include "osc/prepared_message.hpp"
#include "osc_io/receiver.hpp"
#include "osc_io/sender.hpp"

namespace {

using namespace vj;

constexpr int kRounds = 21;
constexpr int kRepeats = 2000;
constexpr const char* kLevels = "/audio/levels";
constexpr std::array<float, 8> kValues{0.61F, 0.78F, 0.45F, 0.4F, 0.33F, 0.32F, 0.2F, 0.6F};

// A port of this machine that somebody holds and nobody reads: sending to it costs the same each time.
class Sink {
 public:
  Sink() : fd_(::socket(AF_INET, SOCK_DGRAM, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    VJ_ASSERT(::bind(fd_, reinterpret_cast<const sockaddr*>(&address_), sizeof address_) == 0);
    socklen_t size = sizeof address_;
    VJ_ASSERT(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address_), &size) == 0);
  }
  ~Sink() { ::close(fd_); }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  [[nodiscard]] std::uint16_t port() const { return ntohs(address_.sin_port); }
  [[nodiscard]] const sockaddr* address() const { return reinterpret_cast<const sockaddr*>(&address_); }

 private:
  int fd_;
  sockaddr_in address_{};
};

struct FreeAddress {
  void operator()(lo_address address) const { lo_address_free(address); }
};
using LoAddress = std::unique_ptr<std::remove_pointer_t<lo_address>, FreeAddress>;

LoAddress lo_address_of(std::uint16_t port) {
  return LoAddress(lo_address_new("127.0.0.1", std::to_string(port).c_str()));
}

osc::PreparedMessage levels() { return osc::PreparedMessage::of_floats(kLevels, kValues.size()); }

void set(osc::PreparedMessage& message) {
  for (std::size_t i = 0; i < kValues.size(); ++i) message.set(i, kValues[i]);
}

void lo_send_levels(lo_address to) {
  lo_send(to, kLevels, "ffffffff", static_cast<double>(kValues[0]), static_cast<double>(kValues[1]),
          static_cast<double>(kValues[2]), static_cast<double>(kValues[3]), static_cast<double>(kValues[4]),
          static_cast<double>(kValues[5]), static_cast<double>(kValues[6]), static_cast<double>(kValues[7]));
}

struct Sending {
  explicit Sending(bool with_bundles = false) : bundles(with_bundles) {}

  Sink target, tap;
  bool bundles;
  platform::EventLoop loop;
  osc_io::Sender sender{loop, configuration(), {}};

  [[nodiscard]] config::Osc configuration() const {
    config::Osc osc;
    osc.tap = tap.port();
    osc.targets = {
        {.name = "visuals", .port = target.port(), .filter = {"/audio", "/karaoke", "/vj"}, .bundles = bundles}};
    return osc;
  }
};

void measure_send() {
  Sending sending;
  auto message = levels();
  const auto ours = [&] {
    set(message);
    sending.sender.send(message.bytes());
  };
  const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  auto bare = levels();
  const auto floor = [&] {
    set(bare);
    for (const auto* to : {&sending.target, &sending.tap}) {
      const auto sent = ::sendto(fd, bare.bytes().data(), bare.bytes().size(), 0, to->address(), sizeof(sockaddr_in));
      VJ_ASSERT(sent == static_cast<ssize_t>(bare.bytes().size()));
    }
  };
  bench::print_row("prepared message to 2 ports (sendto) <= 1.05", bench::in_turns(kRounds, kRepeats, ours, floor));
  ::close(fd);
}

void measure_batch(const std::string& name, bool bundles) {
  constexpr std::size_t kMessages = 16;  // one analysis hop has about ten
  Sending sending(bundles);
  std::vector<osc::PreparedMessage> messages(kMessages, levels());
  std::vector<std::string_view> together;
  const auto ours = [&] {
    together.clear();
    for (auto& message : messages) {
      set(message);
      together.push_back(message.bytes());
    }
    sending.sender.send_together(together);
  };
  const auto target = lo_address_of(sending.target.port()), tap = lo_address_of(sending.tap.port());
  const auto peer = [&] {
    for (std::size_t i = 0; i < kMessages; ++i) {
      lo_send_levels(target.get());
      lo_send_levels(tap.get());
    }
  };
  bench::print_row(name, bench::in_turns(kRounds, kRepeats / 16, ours, peer));
}

// What both readers are measured at: the sum of all numbers, and every text looked at.
double sum_of(const osc::MessageView& message) {
  double sum = 0;
  osc::ArgumentReader arguments(message);
  while (const auto argument = arguments.next()) {
    if (const auto* number = std::get_if<float>(&*argument)) sum += static_cast<double>(*number);
    if (const auto* text = std::get_if<std::string_view>(&*argument)) sum += text->front();
  }
  return sum;
}

double sum_of(const char* types, lo_arg** arguments, int count) {
  double sum = 0;
  for (int i = 0; i < count; ++i) {
    if (types[i] == 'f') sum += static_cast<double>(arguments[i]->f);
    if (types[i] == 's') sum += arguments[i]->s;
  }
  return sum;
}

double lo_sum_of(const std::string& packet) {
  int result = 0;
  const lo_message message = lo_message_deserialise(const_cast<char*>(packet.data()), packet.size(), &result);
  VJ_ASSERT(message != nullptr);
  const double sum = sum_of(lo_message_get_types(message), lo_message_get_argv(message), lo_message_get_argc(message));
  lo_message_free(message);
  return sum;
}

void measure_parse(const std::string& name, const std::string& packet) {
  volatile double sink = 0;
  bench::print_row(name, bench::in_turns(
                             kRounds, kRepeats * 10, [&] { sink = sum_of(*osc::read_message(packet)); },
                             [&] { sink = lo_sum_of(packet); }));
}

// Receives on a thread of its own and counts what it has read and understood.
class Receiving {
 public:
  virtual ~Receiving() = default;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  [[nodiscard]] std::uint64_t count() const { return count_; }

 protected:
  std::atomic<std::uint64_t> count_ = 0;
};

class OurReceiving final : public Receiving {
 public:
  OurReceiving() {
    auto receiver = osc_io::Receiver::listen(
        loop_, *platform::UdpAddress::numeric("127.0.0.1", 0),
        [this](std::span<const platform::Datagram> datagrams) {
          for (const auto& datagram : datagrams) read(datagram.bytes);
          count_ += datagrams.size();
        },
        [](const Error& error) { std::fputs(error.message.c_str(), stderr); });
    VJ_ASSERT(receiver.has_value());
    receiver_ = std::move(*receiver);
    thread_ = std::jthread([this] { loop_.run(); });
  }
  ~OurReceiving() override { stop_.wake(); }
  [[nodiscard]] std::uint16_t port() const override { return receiver_->port(); }

 private:
  void read(std::string_view packet) {
    osc::PacketReader reader(packet);
    while (const auto item = reader.next()) {
      if (const auto* message = std::get_if<osc::MessageView>(&*item)) sum_ += sum_of(*message);
    }
  }

  platform::EventLoop loop_;
  platform::EventLoop::Waker stop_ = loop_.waker([this] { loop_.stop(); });
  std::unique_ptr<osc_io::Receiver> receiver_;
  double sum_ = 0;
  std::jthread thread_;
};

class LoReceiving final : public Receiving {
 public:
  LoReceiving() : server_(lo_server_new(nullptr, nullptr)) {
    VJ_ASSERT(server_ != nullptr);
    lo_server_add_method(
        server_, nullptr, nullptr,
        [](const char*, const char* types, lo_arg** arguments, int count, lo_message, void* self) {
          auto& me = *static_cast<LoReceiving*>(self);
          me.sum_ += sum_of(types, arguments, count);
          ++me.count_;
          return 0;
        },
        this);
    thread_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) lo_server_recv_noblock(server_, 20);
    });
  }
  ~LoReceiving() override {
    thread_.request_stop();
    thread_.join();
    lo_server_free(server_);
  }
  [[nodiscard]] std::uint16_t port() const override { return static_cast<std::uint16_t>(lo_server_get_port(server_)); }

 private:
  lo_server server_;
  double sum_ = 0;
  std::jthread thread_;
};

// A burst, as fast as one thread can send it. True if all of it was received and understood.
bool takes_burst(const Receiving& receiving, std::size_t size, const std::string& packet) {
  auto sender = platform::UdpSender::connect(*platform::UdpAddress::numeric("127.0.0.1", receiving.port()));
  VJ_ASSERT(sender.has_value());
  const std::vector<std::string_view> batch(64, packet);
  const auto before = receiving.count();
  for (std::size_t left = size; left > 0;) {
    const auto some = std::min(left, batch.size());
    (void)sender->send_all(std::span(batch).first(some));
    left -= some;
  }
  // Received means that the count comes to stand still.
  auto last = receiving.count();
  for (int still = 0; still < 20 && last - before < size;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const auto now = receiving.count();
    still = now == last ? still + 1 : 0;
    last = now;
  }
  return last - before == size;
}

// The largest burst that arrives whole, three times of three, in steps of a half; kLargestBurst where none is too
// large.
constexpr double kLargestBurst = 200'000;
template <class Receiver>
double burst_ceiling(const std::string& packet) {
  const Receiver receiving;
  double size = 64;
  while (size < kLargestBurst) {
    const double wanted = std::min(size * 1.5, kLargestBurst);
    for (int i = 0; i < 3; ++i) {
      if (!takes_burst(receiving, static_cast<std::size_t>(wanted), packet)) return size;
    }
    size = wanted;
  }
  return size;
}

void measure_receive(const std::string& packet) {
  std::vector<double> ours, peer;
  for (int i = 0; i < 5; ++i) {
    ours.push_back(burst_ceiling<OurReceiving>(packet));
    peer.push_back(burst_ceiling<LoReceiving>(packet));
  }
  const double a = bench::median(ours), b = bench::median(peer);
  std::printf("%-44s %12.0f %12.0f %8.2f\n", "burst taken without loss (liblo) >= 3", a, b, a / b);
  if (a >= kLargestBurst) std::printf("  (ours took the largest that was tried)\n");
}

}  // namespace

int main() {
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // the last row takes minutes; whoever reads the rest need not wait
  auto message = levels();
  set(message);
  const std::string packet(message.bytes());
  std::printf("%-44s %12s %12s %8s\n", "case (floor or peer) and target of the ratio", "ours, us", "peer, us", "ratio");
  measure_send();
  measure_batch("16 messages together (lo_send) <= 0.4", false);
  measure_batch("  the same in bundles (lo_send)", true);
  measure_parse("read 8 floats (liblo) <= 0.35", packet);
  measure_parse("read a word (liblo) <= 0.35", osc::encode_message("/vj/mood", {std::string_view("energetic")}));
  std::printf("\n%-44s %12s %12s %8s\n", "case", "ours", "peer", "ratio");
  measure_receive(packet);
  return 0;
}
