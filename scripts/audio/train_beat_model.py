#!/usr/bin/python3
"""Learns to hear beats: what to hear of a moment, and at which places of a bar.

    train_beat_model.py SET BANDS [--levels FILE] [--source FILE.cpp] [--text FILE] [--without PIECE,...] [--steps N]

SET is a folder made by render_training_set.py, BANDS one filled by `beat_lab bands BANDS SET/*.wav`. --source writes
src/audio/trained_beat_model.cpp, --text what `beat_lab track` reads. cross_validate.py calls this once for each fold, and
keeps the LEVELS (metrical_levels.py), which can be learned only of what the model has not.

The method: the bar pointer adds up, over the hops, log-likelihood ratios of places in a bar. Here they are a product of what
is heard (a small network's features of the onset bands) and of weights for each place, in a few patterns. Both are learned at
once, by gradient descent, for what the pointer has to do: tell the beat from what it is usually mistaken for. Some seconds of
music are explained by its own beat and, as rivals, by the off-beat, half, double and triple time, other ratios and tempos at
random; each rival scores as the pointer would score it, in the pattern and from the beat of the bar that suit it best; and
the beat should win (cross-entropy), and of the four places where its bar may begin, the one where it does. So that the
network hears what musicians do, and not the pieces it was shown, it also has to say which instruments begin (their notes are
known). Needs python3-torch, python3-numpy and python3-scipy;
libopenblas0-pthread makes it three times as fast."""

import argparse
import json
import os

import numpy as np
import torch
import torch.nn.functional as functional
from scipy.signal import lfilter

import rendering

# As in src/audio/beat_patterns.hpp and beat_input.cpp.
BANDS, FRAMES, WIDE, NARROW, FEATURES = 41, 5, 48, 24, 8
BINS, TEMPOS, SLOWEST, FASTEST = 64, 12, 58, 205
MEAN_SECONDS, SHORT_SECONDS = 4.0, 0.1
HOPS_PER_SECOND = 44100 / 256  # of the bands; a moment is two
MOMENT = 512 / 44100
LOUDNESS_STEPS, INPUT_STEPS = 40, 30  # bytes in a unit

PATTERNS = 8
USUAL, SPREAD = 115, 0.55  # BPM and octaves, of the tempo prior that training begins with
SHARE = {"midi": 1.5, "own": 0.6, "dance": 1.2, "simple": 1.8, "mma": 0.7}  # how often a piece of a kind is shown
# Rivals of the beat: how many of its beats to one, and where between the beats its first one is.
RIVALS = [(1, x) for x in (1 / 2, 1 / 4, 3 / 4, 1 / 3, 2 / 3, 0.12, 0.88, 0.05, 0.95)]
RIVALS += [(2, 0), (2, 1 / 2), (1 / 2, 0), (1 / 2, 1 / 2), (1 / 2, 1 / 4), (1 / 2, 3 / 4), (3, 0), (1 / 3, 0), (1 / 3, 1 / 3), (1 / 3, 2 / 3)]
RIVALS += [(3 / 2, 0), (3 / 2, 1 / 2), (2 / 3, 0), (2 / 3, 1 / 3), (2 / 3, 2 / 3), (4 / 3, 0), (4 / 3, 1 / 2)]
RIVALS += [(3 / 4, x) for x in (0, 1 / 4, 1 / 2, 3 / 4)] + [(1.06, 0), (0.94, 0), (1.03, 0), (0.97, 0)]
AT_RANDOM = 12  # more for each piece of music, of any tempo and place
# And some of these: at tempos that music hints at, its beats on sixteenths or triplets of the right one.
ON_NOTES = sorted({(ratio, round(ratio * k / parts % 1, 4)) for ratio in (2, 1 / 2, 3 / 2, 2 / 3, 4 / 3, 3 / 4, 1 / 3) for parts in (3, 4) for k in range(16 * parts)})
ON_NOTES_AT_RANDOM = 12
LENGTHS, CHANCES = (260, 430, 690, 1030), (0.2, 0.3, 0.3, 0.2)  # moments of music explained at once
MOMENTS_A_STEP = 6880
# How often training has to do without a range of bands, without a neuron, and without a feature, lest it rely on it.
MISSING, NUMB, DEAF = 0.1, 0.2, 0.04
TELLS = 0.8  # seconds after a sound in which that there is none tells something, as in beat_tracker.cpp
HEARD_AFTER = 300 / 44100  # seconds after which a note is to be heard
INSTRUMENTS, INSTRUMENTS_WEIGHT = 6, 2.0
BARS_WEIGHT = 0.3


def moving_mean(values, hops):
    """The mean so far, and when that is longer than `hops`, an exponential one."""
    first = int(hops)
    out = np.empty_like(values)
    out[:first] = np.cumsum(values[:first], 0) / np.arange(1, min(first, len(values)) + 1)[:, None]
    if len(values) > first: out[first:] = lfilter([1 / hops], [1, 1 / hops - 1], values[first:], axis=0, zi=(out[first - 1] * (1 - 1 / hops))[None])[0]
    return out


def inputs(loudness):
    """What BeatInput makes of the bands for its network, as bytes: [moment, FRAMES * BANDS]."""
    loudness = loudness.astype(np.float32) / LOUDNESS_STEPS
    mean = moving_mean(loudness, MEAN_SECONDS * HOPS_PER_SECOND)
    quick = 1 / (SHORT_SECONDS * HOPS_PER_SECOND)
    short = lfilter([quick], [1, quick - 1], loudness, axis=0, zi=(loudness[0] * (1 - quick))[None])[0].astype(np.float32)
    now = 2 * np.arange(len(loudness) // 2) + 1
    frames = [loudness[np.maximum(0, now - k)] for k in range(FRAMES - 1)] + [short[np.maximum(0, now - FRAMES + 1)]]
    return np.clip(np.round(np.concatenate([frame - mean[now] for frame in frames], 1) * INPUT_STEPS), -127, 127).astype(np.int8)


def instruments(notes, moments):
    """How strongly each kind of instrument begins in each moment, 0 to 1."""
    out = np.zeros((moments, INSTRUMENTS), np.float32)
    for seconds, kind, strength in notes:
        moment, kind = int(np.ceil((seconds + HEARD_AFTER) / MOMENT)) - 1, int(kind)
        if not 0 <= moment < moments: continue
        out[moment, kind] = min(1, out[moment, kind] + 0.5 * strength) if kind == rendering.NOTE else max(out[moment, kind], strength)
    return out


class Music:
    """The pieces of a set, as training wants them."""

    def __init__(self, pieces, folder, bands):
        self.inputs, self.instruments, self.beats, self.silent, self.known, self.in_four = [], [], [], [], [], []
        for piece in pieces:
            rows = inputs(np.fromfile(f"{bands}/{piece['name']}.bands", np.uint8).reshape(-1, BANDS))
            at, beats = (np.arange(len(rows)) + 1) * MOMENT, np.array(piece["beats"])
            self.inputs.append(torch.from_numpy(rows))
            self.instruments.append(torch.from_numpy(instruments(np.fromfile(f"{folder}/{piece['name']}.notes", np.float32).reshape(-1, 3), len(rows))))
            self.beats.append(np.interp(at, beats, np.arange(len(beats))))
            silent = np.fromfile(f"{bands}/{piece['name']}.silent", np.uint8)[: len(rows)] == 1
            last_sound = np.maximum.accumulate(np.where(silent, -len(rows), np.arange(len(rows))))
            self.silent.append(np.arange(len(rows)) - last_sound > TELLS / MOMENT)
            self.known.append((np.searchsorted(at, beats[0]), np.searchsorted(at, beats[-1])))
            self.in_four.append(torch.tensor(float(piece.get("in_four", True))))

    def some(self, shares, count, moments, random):
        """`count` excerpts: inputs, instruments, beats gone by, BPM, where there is sound, and whether it has bars of four."""
        rows = []
        while len(rows) < count:
            i = int(random.choice(len(self.inputs), p=shares))
            low, high = self.known[i]
            if high - low < moments: continue
            a = int(random.integers(low, high - moments + 1))
            cut = slice(a, a + moments)
            if self.silent[i][cut].mean() > 0.3: continue
            beats = self.beats[i][cut]
            rows.append((self.inputs[i][cut], self.instruments[i][cut], torch.tensor(beats, dtype=torch.float32),
                         torch.tensor(60 * (beats[-1] - beats[0]) / ((moments - 1) * MOMENT), dtype=torch.float32), torch.tensor(~self.silent[i][cut]), self.in_four[i]))
        return [torch.stack(column) for column in zip(*rows)]


def hypotheses(count, random):
    """The beat itself, first, and its rivals: [count, hypothesis] of tempo ratios and places."""
    known, on_notes = np.array([(1, 0)] + RIVALS), np.array(ON_NOTES)
    ratios = 2 ** random.uniform(-1.2, 1.2, (count, AT_RANDOM))
    ratios = np.where(np.abs(ratios - 1) < 0.05, 1.07, ratios)
    places = random.uniform(0, 1, (count, AT_RANDOM))
    some = on_notes[random.integers(0, len(on_notes), (count, ON_NOTES_AT_RANDOM))]
    return [torch.tensor(np.concatenate([np.tile(known[:, k], (count, 1)), drawn, some[..., k]], 1), dtype=torch.float32) for k, drawn in ((0, ratios), (1, places))]


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.wide, self.narrow = torch.nn.Linear(BANDS * FRAMES, WIDE), torch.nn.Linear(WIDE, NARROW)
        self.features, self.instruments = torch.nn.Linear(NARROW, FEATURES), torch.nn.Linear(WIDE, INSTRUMENTS)
        # What is true of a place in every beat, in every half of a bar, and in the bar.
        self.beats, self.halves, self.bars = (torch.nn.Parameter(torch.randn(PATTERNS, BINS // share, FEATURES) * scale) for share, scale in ((4, 0.05), (2, 0.03), (1, 0.03)))
        self.always = torch.nn.Parameter(torch.zeros(PATTERNS, BINS, 1))
        self.tempo = torch.nn.Parameter(torch.zeros(PATTERNS, TEMPOS))
        bpm = SLOWEST * (FASTEST / SLOWEST) ** ((np.arange(TEMPOS) + 0.5) / TEMPOS)
        self.register_buffer("usual", torch.tensor(-0.5 * (np.log2(bpm / USUAL) / SPREAD) ** 2, dtype=torch.float32))

    def weights(self):
        """[pattern, bin, feature], and what is added always after the features; neighbouring places are alike."""
        sharp = torch.cat([self.beats.repeat(1, 4, 1) + self.halves.repeat(1, 2, 1) + self.bars, self.always], 2)
        return sharp / 2 + (sharp.roll(1, 1) + sharp.roll(-1, 1)) / 4

    def tempos(self):
        """Logarithms of how usual: [pattern, tempo]."""
        return (self.usual + self.tempo).flatten().log_softmax(0).view_as(self.tempo)

    def hear(self, rows):
        wide = functional.dropout(torch.relu(self.wide(rows)), NUMB, self.training)
        return functional.softplus(self.features(torch.relu(self.narrow(wide)))), self.instruments(wide)

    def scores(self, heard, beats, bpm, ratios, places):
        """Log-likelihoods of the hypotheses, but for what is the same for all, and of the beats of the first one to be the first of a bar."""
        count, moments, columns = heard.shape
        hypothesis_count = ratios.shape[1]
        at = (torch.remainder(beats[:, None] * ratios[..., None] + places[..., None], 4) * (BINS // 4)).long() % BINS
        flat = at.reshape(-1, moments, 1).expand(-1, -1, columns)
        repeated = heard[:, None].expand(-1, hypothesis_count, -1, -1).reshape(-1, moments, columns)
        by_place = heard.new_zeros(count * hypothesis_count, BINS, columns).scatter_add(1, flat, repeated)
        weights = self.weights()
        turned = torch.stack([weights.roll(-BINS // 4 * k, 1) for k in range(4)], 1)  # whichever beat is the first of the bar
        score = torch.einsum("nbk,pqbk->npq", by_place, turned).view(count, hypothesis_count, PATTERNS, 4)
        cell = torch.log(bpm[:, None] * ratios / SLOWEST) / np.log(FASTEST / SLOWEST) * TEMPOS
        score = score + self.tempos().t()[cell.clamp(0, TEMPOS - 1).long()][..., None]
        possible = (cell >= 0) & (cell < TEMPOS)
        return score.flatten(2).logsumexp(2).masked_fill(~possible, -1e4), score[:, 0].logsumexp(1)


def train(pieces, folder, bands, steps, seed=3, told=print):
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # the same sums in the same order
    random = np.random.default_rng(seed + 2)
    music = Music(pieces, folder, bands)
    shares = np.array([SHARE["simple" if piece.get("genre") == "simple" else piece["kind"]] for piece in pieces])
    shares /= shares.sum()
    model = Model()
    network = [*model.wide.parameters(), *model.narrow.parameters(), *model.features.parameters(), *model.instruments.parameters()]
    optimizer = torch.optim.AdamW([{"params": [model.beats, model.always, *network], "weight_decay": 1e-3},
                                   {"params": [model.halves, model.tempo], "weight_decay": 1e-2}, {"params": [model.bars], "weight_decay": 2e-2}], lr=3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps + 1, pct_start=0.15)
    mean, averaged = None, 0
    loss_so_far = None
    for step in range(steps):
        moments = int(random.choice(LENGTHS, p=CHANCES))
        count = max(4, MOMENTS_A_STEP // moments)
        rows, begins, beats, bpm, sounds, in_four = music.some(shares, count, moments, random)
        rows = rows.float() / INPUT_STEPS
        # Another level, another tone, some bands missing: what is learned must do without.
        rows = rows * (1 + 0.15 * torch.randn(count, 1, 1))
        rows = rows + 0.15 * torch.randn(count, 1, BANDS).repeat(1, 1, FRAMES) * (torch.rand(count, 1, 1) < 0.5)
        missing = torch.rand(count, 1, BANDS) < 0.04
        low, width = torch.randint(0, BANDS, (2, count, 1, 1))
        band = torch.arange(BANDS)
        missing |= (torch.rand(count, 1, 1) < MISSING) & (band >= low) & (band < low + width // 2)
        rows = rows.masked_fill(missing.repeat(1, 1, FRAMES), 0)
        heard, who = model.hear(rows)
        sounds = sounds.float()[..., None]
        spared = (torch.rand(count, 1, FEATURES) >= DEAF).float() / (1 - DEAF)
        scores, firsts = model.scores(torch.cat([heard * spared * sounds, sounds], 2), beats, bpm, *hypotheses(count, random))
        right = torch.zeros(count, dtype=torch.long)
        mistaken = functional.cross_entropy(scores, right)
        bar_mistaken = (functional.cross_entropy(firsts, right, reduction="none") * in_four).mean()
        loss = mistaken + BARS_WEIGHT * bar_mistaken + INSTRUMENTS_WEIGHT * functional.binary_cross_entropy_with_logits(who, begins) + 1e-4 * (heard**2).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        loss_so_far = mistaken.item() if loss_so_far is None else loss_so_far + 0.01 * (mistaken.item() - loss_so_far)
        if (step + 1) % 500 == 0: told(f"step {step + 1}: {loss_so_far:.3f}", flush=True)
        if step >= steps * 3 // 4:  # the mean of the last quarter generalizes better than any one of them
            averaged += 1
            now = {name: value.clone() for name, value in model.state_dict().items()}
            mean = now if mean is None else {name: mean[name] + (now[name] - mean[name]) / averaged for name in now}
    model.load_state_dict(mean)
    return model.eval()


@torch.no_grad()
def numbers(model):
    """As in src/audio/beat_patterns.hpp: the three layers, the patterns' weights, the tempos."""
    layers = [np.concatenate([layer.weight.numpy().T.ravel(), layer.bias.numpy()]) for layer in (model.wide, model.narrow, model.features)]
    return layers + [model.weights().numpy().transpose(2, 0, 1).ravel(), model.tempos().numpy().ravel()]


def write_text(path, model, levels=None):
    with open(path, "w") as out:
        out.write(f"{PATTERNS}\n")
        for table in numbers(model): np.savetxt(out, table, fmt="%.5f")
        if levels is not None: np.savetxt(out, levels, fmt="%.5f")


UNIT = 4096  # of the numbers in the source


def write_source(path, model, levels, pieces, options):
    arguments, notes, versions = open(os.path.join(options.set, "made_by.txt")).read().splitlines()
    names = {"renderings of Freedoom's music": "midi", "songs of our own": "own", "pieces of dance music of our own": "dance", "accompaniments of MMA": "mma"}
    kinds = ", ".join(f"{sum(piece['kind'] == kind for piece in pieces)} {name}" for name, kind in names.items())
    def table(name, values):
        values = np.round(values * UNIT).astype(int)
        lines, line = [], ""
        for value in values:
            if len(line) + len(text := f"{value},") > 118:
                lines.append(line)
                line = ""
            line += text
        lines.append(line)
        return f"constexpr std::array<std::int32_t, {len(values)}> k{name}{{\n" + "\n".join(lines) + "\n};\n"
    names = ("Wide", "Narrow", "Features", "Weights", "Tempos", "Twice", "Half")
    tables = "".join(table(name, values) for name, values in zip(names, [*numbers(model), *levels]))
    with open(path, "w") as out:
        out.write(f"""// clang-format off
// Generated by scripts/audio/train_beat_model.py. Not to be edited. Every choice has a fixed seed. FREEDOOM is a folder
// with the MIDI files of Freedoom's music:
//   scripts/audio/render_training_set.py SET --midi FREEDOOM {arguments}
//   mkdir BANDS && build-bench/bin/bench/beat_lab bands BANDS SET/*.wav
//   scripts/audio/cross_validate.py SET BANDS --keep FOLDS
//   scripts/audio/train_beat_model.py SET BANDS --levels FOLDS/levels.txt --steps {options.steps} --source src/audio/trained_beat_model.cpp
// {kinds}.
// {notes}
// Rendered with {versions}. Trained with PyTorch {torch.__version__}.
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "audio/beat_patterns.hpp"

namespace vj::audio {{

namespace {{

constexpr float kUnit = {UNIT};
{tables}
std::vector<float> numbers(std::span<const std::int32_t> units) {{
  std::vector<float> out;
  out.reserve(units.size());
  for (const auto unit : units) out.push_back(static_cast<float>(unit) / kUnit);
  return out;
}}

std::array<float, BeatLevels::kEvidence> level(std::span<const std::int32_t, BeatLevels::kEvidence> units) {{
  std::array<float, BeatLevels::kEvidence> out{{}};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(units[i]) / kUnit;
  return out;
}}

}}  // namespace

BeatModel trained_beat_model() {{
  return {{.ears = {{.wide = numbers(kWide), .narrow = numbers(kNarrow), .features = numbers(kFeatures)}},
          .patterns = {{.count = {PATTERNS}, .weights = numbers(kWeights), .tempos = numbers(kTempos)}},
          .levels = {{.twice = level(kTwice), .half = level(kHalf)}}}};
}}

}}  // namespace vj::audio
""")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set")
    parser.add_argument("bands")
    parser.add_argument("--source")
    parser.add_argument("--text")
    parser.add_argument("--levels", help="two rows of numbers; without, nothing is known of levels")
    parser.add_argument("--without", default="", help="pieces to leave out, with all their variants")
    parser.add_argument("--steps", type=int, default=4500)
    options = parser.parse_args()
    left_out = set(filter(None, options.without.split(",")))
    pieces = [piece for piece in json.load(open(os.path.join(options.set, "set.json"))) if piece["source"] not in left_out]
    model = train(pieces, options.set, options.bands, options.steps)
    levels = np.loadtxt(options.levels) if options.levels else np.zeros((2, 9))
    if options.source: write_source(options.source, model, levels, pieces, options)
    if options.text: write_text(options.text, model, levels)
    print(f"{PATTERNS} patterns of {len(pieces)} pieces")


if __name__ == "__main__":
    main()
