#include "wire/playback_payload.hpp"

namespace vj::wire {
namespace {

Value seconds_or_null(const std::optional<Duration>& duration) {
  return duration ? Value(to_seconds(*duration)) : Value();
}

std::optional<Duration> duration_from(const Value& value) {
  return value.is_number() ? std::optional(from_seconds(value.number_or(0))) : std::nullopt;
}

}  // namespace

Value to_value(const playback::PlaybackState& state) {
  Value track;
  if (state.track) {
    track = Value::object({{"artist", state.track->artist},
                           {"title", state.track->title},
                           {"album", state.track->album},
                           {"duration", seconds_or_null(state.track->duration)}});
  }
  return Value::object({{"source", state.source},
                        {"player", state.player},
                        {"is_playing", state.is_playing},
                        {"track", track},
                        {"position", to_seconds(state.position)},
                        {"position_at", to_seconds(state.position_at)},
                        {"rate", state.rate},
                        {"position_confidence", state.position_confidence},
                        {"audible", state.audible},
                        {"deck", state.deck ? Value(*state.deck) : Value()},
                        {"reason", state.reason},
                        {"retry_in", seconds_or_null(state.retry_in)}});
}

playback::PlaybackState playback_state_from(const Value& payload) {
  playback::PlaybackState state;
  state.source = payload["source"].string_or("");
  state.player = payload["player"].string_or("");
  state.is_playing = payload["is_playing"].boolean_or(false);
  if (const auto& track = payload["track"]; track.is_object()) {
    state.track = playback::Track{.artist = track["artist"].string_or(""),
                                  .title = track["title"].string_or(""),
                                  .album = track["album"].string_or(""),
                                  .duration = duration_from(track["duration"])};
  }
  state.position = from_seconds(payload["position"].number_or(0));
  state.position_at = Time(from_seconds(payload["position_at"].number_or(0)));
  state.rate = payload["rate"].number_or(1.0);
  state.position_confidence = payload["position_confidence"].number_or(0.0);
  state.audible = payload["audible"].boolean_or(true);
  if (payload["deck"].is_number()) state.deck = static_cast<int>(payload["deck"].integer_or(0));
  state.reason = payload["reason"].string_or("");
  state.retry_in = duration_from(payload["retry_in"]);
  return state;
}

}  // namespace vj::wire
