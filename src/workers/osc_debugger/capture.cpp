#include "workers/osc_debugger/capture.hpp"

#include "base/assert.hpp"
#include "base/text.hpp"
#include "osc/argument_text.hpp"
#include "osc/time_tag_text.hpp"

namespace vj::osc_debugger {

wire::OscMessage message_of(const Capture& capture) {
  wire::OscMessage message{.seq = capture.seq,
                           .time = to_seconds(capture.time),
                           .is_out = capture.is_out,
                           .peer = capture.targets.empty() ? capture.peer.text() : capture.targets};
  if (capture.time_tag) message.time_tag = osc::to_text(*capture.time_tag);
  if (capture.is_empty_bundle) {
    message.address = "#bundle";
    message.note = "empty bundle";
  } else if (!capture.error.empty()) {
    message.error = capture.error;
    message.packet = osc::hex_text(capture.bytes, kMostHex);
  } else {
    const auto view = osc::read_message(capture.bytes);
    VJ_ASSERT(view.has_value());  // it was one when it was captured
    message.address = valid_utf8(view->address);
    message.types = view->types;
    message.args = wire::osc_arguments(*view);
    message.note = osc::to_string(view->note);
    if (view->note.kind != osc::Note::Kind::kNone) message.packet = osc::hex_text(capture.bytes, kMostHex);
  }
  return message;
}

wire::OscMessage exact_message_of(const Capture& capture) {
  auto message = message_of(capture);
  message.packet.clear();
  if (capture.is_empty_bundle) return message;
  const auto again = wire::osc_packet(message);
  if (!message.error.empty() || !again || *again != capture.bytes) message.packet = osc::hex_text(capture.bytes);
  return message;
}

}  // namespace vj::osc_debugger
