#include "audio/tempo_line.hpp"

#include <doctest/doctest.h>

using vj::audio::TempoLine;

TEST_CASE("beats that jitter by half a hop still give the tempo within a thousandth") {
  TempoLine line;
  for (int i = 0; i < 16; ++i) line.add(1 + i * 0.46875 + (i % 2 == 0 ? 0.0058 : -0.0058), 0.469);
  CHECK(line.beat_length() == doctest::Approx(0.46875).epsilon(0.001));
}

TEST_CASE("two beats are no tempo yet") {
  TempoLine line;
  CHECK(line.beat_length() == 0);
  line.add(1, 0.5);
  line.add(1.5, 0.5);
  CHECK(line.beat_length() == 0);
  line.add(2, 0.5);
  CHECK(line.beat_length() == doctest::Approx(0.5));
}

TEST_CASE("a beat left out does not bend the line") {
  TempoLine line;
  for (const double at : {0.0, 0.5, 1.0, 2.0, 2.5}) line.add(at, 0.5);
  CHECK(line.size() == 5);
  CHECK(line.beat_length() == doctest::Approx(0.5));
}

TEST_CASE("a beat out of place begins a new line") {
  TempoLine line;
  for (const double at : {0.0, 0.5, 1.0, 1.5}) line.add(at, 0.5);
  line.add(1.8, 0.5);
  CHECK(line.size() == 1);
}

TEST_CASE("when the tempo changes the newest eight beats count") {
  TempoLine line;
  double at = 0;
  for (int i = 0; i < 8; ++i) line.add(at += 0.5, 0.5);
  for (int i = 0; i < 8; ++i) line.add(at += 0.45, 0.47);
  CHECK(line.beat_length() == doctest::Approx(0.45).epsilon(0.001));
}
