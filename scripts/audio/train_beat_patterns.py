#!/usr/bin/python3
"""Learns the beat patterns: how often each level of each range of pitch comes at each place of a bar.

    train_beat_patterns.py SET LEVELS [--source FILE.cpp] [--text FILE] [--without PIECE,...]

SET is a folder made by render_training_set.py, LEVELS one filled by `beat_lab levels LEVELS SET/*.wav`. --source writes
src/audio/trained_beat_patterns.cpp, --text what `beat_lab track` reads. cross_validate.py calls this once for each fold.

The method: each pattern takes some of the music (RULES), by tempo, feel and genre. A piece that several would take goes
to the one that explains it best, in whichever half of the bar it is taken to begin, a few times over. The counts are
smoothed over neighbouring places and levels, folded (what is true of a bar is a little true of its halves and beats),
mixed with how often the level comes at all, and divided by that. Needs python3-numpy."""

import argparse
import json
import os

import numpy as np

GROUPS, LEVELS, BINS = 4, 12, 64
SILENT = 255
HOP_SECONDS = 512 / 44100
WEIGHT = {"midi": 1.0, "own": 0.5, "dance": 1.0}  # of a piece
FOLD, SMOOTH_PLACE, SMOOTH_LEVEL, MIX, ROUNDS = 0.35, 0.3, 0.15, 0.03, 3
SWUNG = 0.52  # where the off-beat is, in beats, from which music counts as swung


def band(piece): return piece["kind"] != "dance"
def swung(piece): return piece["swing"] > SWUNG
def dance(*genres): return lambda piece: piece["kind"] == "dance" and piece["genre"] in genres


# slowest and fastest tempo of a pattern, and what it learns from
RULES = [
    (74, 205, lambda piece: band(piece) and not swung(piece) and piece["bpm"] > 80),   # straight
    (58, 142, lambda piece: band(piece) and not swung(piece) and piece["bpm"] < 128),  # with a feel of sixteenths
    (58, 185, lambda piece: band(piece) and swung(piece)),
    (84, 155, dance("house", "techno", "trance", "simple")),
    (112, 185, dance("two step", "breaks", "drum and bass")),
    (84, 132, dance("shuffle", "polyrhythm")),
    (74, 116, dance("hip hop", "dembow")),
    (120, 165, dance("trap")),
]


def counts(levels, beats):
    """[group, bin, level]: the share of hops. Music of a known beat only, and sound only."""
    beats = np.array(beats)
    now = (np.arange(len(levels)) + 1) * HOP_SECONDS
    known = (now > beats[0]) & (now < beats[-1]) & (levels[:, 0] != SILENT)
    place = np.interp(now[known], beats, np.arange(len(beats))) % 4 / 4
    bins = np.minimum(BINS - 1, (place * BINS).astype(int))
    rows = levels[known].astype(int)
    table = [np.bincount(bins * LEVELS + rows[:, g], minlength=BINS * LEVELS).reshape(BINS, LEVELS) for g in range(GROUPS)]
    return np.stack(table) / max(1, known.sum())


def ratios(share, usual):
    """Log-likelihood ratios from what was counted."""
    halves = (share + np.roll(share, BINS // 2, 1)) / 2
    quarters = sum(np.roll(share, BINS // 4 * k, 1) for k in range(4)) / 4
    share = (1 - FOLD) * share + FOLD * (0.7 * halves + 0.3 * quarters)
    share = (SMOOTH_PLACE * np.roll(share, 1, 1) + share + SMOOTH_PLACE * np.roll(share, -1, 1)) / (1 + 2 * SMOOTH_PLACE)
    below = np.concatenate([share[:, :, :1], share[:, :, :-1]], 2)
    above = np.concatenate([share[:, :, 1:], share[:, :, -1:]], 2)
    share = share + SMOOTH_LEVEL * (below + above)
    chance = share / np.maximum(1e-9, share.sum(2, keepdims=True))
    chance = (1 - MIX) * chance + MIX * usual[:, None, :]
    return np.log(chance / usual[:, None, :])


def learn(pieces, shares):
    """[pattern, group, bin, level]."""
    weights = [WEIGHT[piece["kind"]] for piece in pieces]
    shares = [weight * share for weight, share in zip(weights, shares)]
    usual = sum(shares).sum(1) + 1e-4
    usual /= usual.sum(1, keepdims=True)
    takers = [[k for k, (_, _, takes) in enumerate(RULES) if takes(piece)] for piece in pieces]
    taken_by = [options[0] if options else -1 for options in takers]
    def tables():
        total = [max(1e-9, sum(w for w, k in zip(weights, taken_by) if k == pattern)) for pattern in range(len(RULES))]
        return [ratios(sum((s for s, k in zip(shares, taken_by) if k == pattern), np.zeros((GROUPS, BINS, LEVELS))) / total[pattern], usual)
                for pattern in range(len(RULES))]
    for _ in range(ROUNDS):
        patterns = tables()
        for i, options in enumerate(takers):
            scores = [(float((np.roll(shares[i], turn, 1) * patterns[k]).sum()), -turn, -k) for k in options for turn in (0, BINS // 2)]
            if not scores: continue
            _, turn, k = max(scores)
            taken_by[i], shares[i] = -k, np.roll(shares[i], -turn, 1)
    return np.array(tables())


def write_text(path, patterns):
    with open(path, "w") as out:
        out.write(f"{len(patterns)}\n")
        for (slowest, fastest, _), pattern in zip(RULES, patterns):
            out.write(f"{slowest} {fastest}\n")
            np.savetxt(out, pattern.reshape(-1, LEVELS), fmt="%.3f")


def write_source(path, patterns, pieces, folder):
    arguments, notes, versions = open(os.path.join(folder, "made_by.txt")).read().splitlines()
    kinds = {name: sum(piece["kind"] == kind for piece in pieces) for name, kind in
             {"renderings of Freedoom's music": "midi", "songs of our own": "own", "pieces of dance music of our own": "dance"}.items()}
    thousandths = np.round(patterns.transpose(1, 3, 0, 2) * 1000).astype(int).ravel()
    lines, line = [], ""
    for number in thousandths:
        text = f"{number},"
        if len(line) + len(text) > 118:
            lines.append(line)
            line = ""
        line += text
    lines.append(line)
    ranges = ", ".join(f"{{{slowest}, {fastest}}}" for slowest, fastest, _ in RULES)
    with open(path, "w") as out:
        out.write(f"""// clang-format off
// Generated by scripts/audio/train_beat_patterns.py. Not to be edited. Every choice has a fixed seed. FREEDOOM is
// a folder with the MIDI files of Freedoom's music:
//   scripts/audio/render_training_set.py SET --midi FREEDOOM {arguments}
//   mkdir LEVELS && build-bench/bin/bench/beat_lab levels LEVELS SET/*.wav
//   scripts/audio/train_beat_patterns.py SET LEVELS --source src/audio/trained_beat_patterns.cpp
// {", ".join(f"{count} {name}" for name, count in kinds.items())}.
// {notes}
// Rendered with {versions}.
#include <array>
#include <cstdint>

#include "audio/beat_patterns.hpp"

namespace vj::audio {{

namespace {{

constexpr std::array<BeatPatterns::Pattern, {len(patterns)}> kPatterns{{{{{ranges}}}}};
constexpr std::array<std::int16_t, {len(thousandths)}> kThousandths{{
""" + "\n".join(lines) + """
};

}  // namespace

BeatPatterns trained_beat_patterns() {
  BeatPatterns trained{.patterns = {kPatterns.begin(), kPatterns.end()}, .ratios = {}};
  trained.ratios.reserve(kThousandths.size());
  for (const auto ratio : kThousandths) trained.ratios.push_back(static_cast<float>(ratio) / 1000);
  return trained;
}

}  // namespace vj::audio
""")


def read_set(folder, levels):
    """The pieces of a set, and what was counted of each."""
    pieces = json.load(open(os.path.join(folder, "set.json")))
    files = [os.path.join(levels, piece["name"] + ".levels") for piece in pieces]
    return pieces, [counts(np.fromfile(file, np.uint8).reshape(-1, GROUPS), piece["beats"]) for file, piece in zip(files, pieces)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set")
    parser.add_argument("levels")
    parser.add_argument("--source")
    parser.add_argument("--text")
    parser.add_argument("--without", default="", help="pieces to leave out, with all their variants")
    options = parser.parse_args()
    left_out = set(filter(None, options.without.split(",")))
    pieces, shares = read_set(options.set, options.levels)
    kept = [i for i, piece in enumerate(pieces) if piece["source"] not in left_out]
    patterns = learn([pieces[i] for i in kept], [shares[i] for i in kept])
    if options.source: write_source(options.source, patterns, [pieces[i] for i in kept], options.set)
    if options.text: write_text(options.text, patterns)
    print(f"{len(patterns)} patterns of {len(kept)} pieces")


if __name__ == "__main__":
    main()
