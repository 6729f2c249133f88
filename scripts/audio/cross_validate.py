#!/usr/bin/python3
"""How well beats are followed in music that nothing was learned from.

    cross_validate.py SET BANDS [--lab build-bench/bin/bench/beat_lab] [--more TRUTH.json WAVS]... [--failures]

The pieces of SET are dealt into four folds, a piece with all its variants; the model is learned four times, each time without
one fold. What it then says of that fold teaches which metrical level is right (metrical_levels.py), again four times without one
fold; and judged is what both together say of Freedoom's pieces of the fold that they are without, as they are (variants 0 and 1),
and of our own dance music. --more judges
music that is in no fold too, without the piece it names as its source: TRUTH is a list of name, beats, source and tags ("midi" or
"edm"). Beside it, where python3-aubio is installed, what aubio says of the same music. Takes half an hour of one processor."""

import argparse
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile
import wave

import numpy as np

import beat_scores
import metrical_levels
import train_beat_model as training
from render_training_set import NOT_IN_FOUR

FOLDS = 4


def folds_of(pieces, seed):
    """The fold of each source, every kind of music dealt by itself."""
    folds = {}
    for kind in ("midi", "own", "dance", "mma"):
        names = sorted({piece["source"] for piece in pieces if piece["kind"] == kind})
        order = np.random.RandomState(seed).permutation(len(names))
        folds.update((names[i], k % FOLDS) for k, i in enumerate(order))
    return folds


def learn(pieces, options, path):
    training.write_text(path, training.train(pieces, options.set, options.bands, options.steps, told=lambda *_, **__: None))


def number(piece): return int("".join(c for c in piece["name"] if c.isdigit()) or 0)


def aubio_of(wav, base):
    """What aubio's tempo object says, in the same form."""
    import aubio
    with wave.open(wav) as source:
        samples = np.frombuffer(source.readframes(source.getnframes()), "<i2").astype(np.float32) / 32768
        samples = samples.reshape(-1, source.getnchannels()).mean(1)
    tempo = aubio.tempo("default", 1024, 512, 44100)
    with open(base + ".beats", "w") as beats, open(base + ".tempo", "w") as tempos:
        for hop, at in enumerate(range(0, len(samples) - 511, 512)):
            now = (at + 512) / 44100
            if tempo(samples[at:at + 512])[0]: beats.write(f"{now:.5f}\n")
            if hop % 8 == 0: tempos.write(f"{now:.4f} {tempo.get_bpm():.3f} {tempo.get_confidence():.4f}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set")
    parser.add_argument("bands")
    parser.add_argument("--lab", default="build-bench/bin/bench/beat_lab")
    parser.add_argument("--more", nargs=2, action="append", default=[], metavar=("TRUTH", "WAVS"))
    parser.add_argument("--seed", type=int, default=11, help="of the dealing")
    parser.add_argument("--steps", type=int, default=4500, help="of each training")
    parser.add_argument("--jobs", type=int, default=2, help="trainings at a time")
    parser.add_argument("--dance", type=int, default=32, metavar="N", help="how much of our own dance music is judged")
    parser.add_argument("--keep", metavar="FOLDER", help="where to leave what was said of each piece, judged.json, and levels.txt for train_beat_model.py")
    parser.add_argument("--failures", action="store_true", help="each piece below .9, and what its beat was taken for")
    options = parser.parse_args()
    pieces = json.load(open(os.path.join(options.set, "set.json")))
    fold_of = folds_of(pieces, options.seed)
    def fold(piece): return fold_of.get(piece["source"], number(piece) % FOLDS)
    tests = []
    for piece in pieces:
        plain = piece["kind"] == "midi" and piece["name"].rsplit("_", 1)[1] in ("0", "1")
        if plain or piece["kind"] == "dance" and piece["genre"] != "simple" and number(piece) < options.dance:
            tests.append(dict(piece, wav=f"{options.set}/{piece['name']}.wav", group="freedoom, held out" if plain else "own dance, held out"))
    more = []
    for truth, wavs in options.more:
        for piece in json.load(open(truth)):
            if not piece.get("beats") or "ambiguous" in piece["tags"]: continue
            source = piece.get("source", "").removesuffix(".mid")
            begins = min([x for x in (piece.get("first_note"), piece.get("drums_from")) if x is not None], default=0)
            more.append(dict(piece, source=source, begins=begins, kind=piece["tags"][0], in_four=piece.get("in_four", source not in NOT_IN_FOUR),
                              wav=os.path.join(wavs, piece["name"] + ".wav"), group=f"{piece['tags'][0]}, {os.path.basename(os.path.dirname(truth))}"))
    tests += more
    try:
        import aubio  # noqa: F401
        peer = True
    except ImportError:
        peer = False
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        learned = [pool.submit(learn, [piece for piece in pieces if fold(piece) != held_out], options, f"{folder}/model{held_out}") for held_out in range(FOLDS)]
        everything = [dict(piece, wav=f"{options.set}/{piece['name']}.wav") for piece in pieces] + more
        def track(model, music):
            subprocess.run([options.lab, "track", folder, model, *[piece["wav"] for piece in music]], check=True)
        heard = []
        for held_out in range(FOLDS):
            learned[held_out].result()
            mine = [piece for piece in everything if fold(piece) == held_out]
            track(f"{folder}/model{held_out}", mine)
            heard += [(held_out, metrical_levels.moments(piece, folder)) for piece in mine]
        for held_out in range(FOLDS):
            mine = [piece for piece in tests if fold(piece) == held_out]
            with open(f"{folder}/model{held_out}", "a") as model:
                np.savetxt(model, metrical_levels.fit([what for its_fold, what in heard if its_fold != held_out]), fmt="%.5f")
            track(f"{folder}/model{held_out}", mine)
            for piece in mine:
                ours.append(dict(beat_scores.score(piece, folder), piece=piece))
                if options.keep: shutil.copy(f"{folder}/{piece['name']}.tempo", options.keep), shutil.copy(f"{folder}/{piece['name']}.beats", options.keep)
                if not peer: continue
                aubio_of(piece["wav"], f"{folder}/{piece['name']}")
                theirs.append(dict(beat_scores.score(piece, folder), piece=piece))
    if options.keep: np.savetxt(os.path.join(options.keep, "levels.txt"), metrical_levels.fit([what for _, what in heard]), fmt="%.5f")
    if options.keep: json.dump(tests, open(os.path.join(options.keep, "judged.json"), "w"))
    print(f"{len(pieces)} pieces in {FOLDS} folds, dealt with seed {options.seed}")
    print(beat_scores.HEADER)
    for group in sorted({piece["group"] for piece in tests}):
        print(beat_scores.row(group, [r for r in ours if r["piece"]["group"] == group]))
        if peer: print(beat_scores.row("  aubio", [r for r in theirs if r["piece"]["group"] == group]))
    if options.failures:
        for result in sorted(ours, key=lambda r: r["F"]):
            if result["F"] < 0.9: print(f"{result['piece']['name']:<28} F {result['F']:.2f}  taken for {result['taken_for']}", file=sys.stderr)


if __name__ == "__main__":
    main()
