#!/usr/bin/python3
"""Renders what the beat tracker learns from: OUT/*.wav and OUT/set.json (exact beats, and the piece each comes from).

    render_training_set.py OUT [--midi DIR] [--variants N] [--own N] [--dance N] [--simple N]

The Freedoom music (BSD licence) named in freedoom_pieces.json is taken from DIR, else from the WAD files of Debian's
`freedoom` and `freedm` packages. Needs python3-numpy, python3-mido, fluidsynth and fluid-soundfont-gm."""

import argparse
import concurrent.futures
import io
import json
import os
import struct

import numpy as np

import dance
import patterns
import rendering

WADS = ["/usr/share/games/doom/freedoom1.wad", "/usr/share/games/doom/freedoom2.wad", "/usr/share/games/doom/freedm.wad"]
HERE = os.path.dirname(os.path.abspath(__file__))


def lump(name):
    """The bytes of a lump, from the first WAD that has it."""
    for path in filter(os.path.exists, WADS):
        with open(path, "rb") as wad:
            _, count, directory = struct.unpack("<4sii", wad.read(12))
            wad.seek(directory)
            for _ in range(count):
                offset, size, label = struct.unpack("<ii8s", wad.read(16))
                if label.rstrip(b"\0").decode("ascii", "replace").lower() == name:
                    wad.seek(offset)
                    return wad.read(size)
    raise SystemExit(f"no MIDI for {name}: install freedoom and freedm, or say --midi DIR")


def once(path, render):
    """A file that is there already is kept: the same arguments give the same sound."""
    if not os.path.exists(path):
        rendering.write_wav(path + ".part", render())
        os.rename(path + ".part", path)


def piece_events(name, folder):
    return rendering.notes_in_beats(os.path.join(folder, name + ".mid") if folder else io.BytesIO(lump(name)))


def freedoom(out, folder, name, start, bpm, variant):
    r = np.random.default_rng([variant, *name.encode()])
    events = piece_events(name, folder)
    changed = variant > 0
    factor = 1.0 if not changed else float(np.exp(r.uniform(np.log(0.78), np.log(1.25))))
    swing = float(r.uniform(0.58, 0.68)) if variant % 4 == 3 and bpm * factor < 150 else 0.5
    tempo = rendering.TempoLine(float(np.clip(bpm * factor, 62, 200)), drift=r.uniform(0, 0.03) if changed else 0, swing=swing)
    channels = sorted({m.channel for _, m in events if m.type == "note_on"})
    muted = set()
    if changed and r.random() < 0.35 and len(channels) > 2: muted.add(int(r.choice(channels)))
    loudness = {c: float(r.uniform(0.6, 1.25)) if changed else 1.0 for c in range(16)}
    programs = {c: int(r.integers(0, 96)) for c in channels if c != rendering.DRUMS and r.random() < 0.3} if changed else None
    seconds = 50.0
    music = rendering.arrange(events, start, tempo, seconds, transpose=int(r.integers(-4, 5)) if changed else 0, muted=muted, loudness=loudness, programs=programs)
    onsets = [t for t, m in music if m.type == "note_on" and m.velocity]
    if not onsets: return None
    file = f"{name}_{variant}"
    once(f"{out}/{file}.wav", lambda: rendering.play(music, seconds))
    return dict(name=file, source=name, beats=rendering.beat_times(tempo, seconds, max(onsets)))


def own(out, number):
    band = patterns.Band([1000, number])
    seconds = 45.0
    r = np.random.default_rng([2000, number])
    tempo = rendering.TempoLine(band.bpm, drift=r.uniform(0, 0.03) if r.random() < 0.5 else 0, swing=band.swing)
    events = sorted(band.play(int(seconds * band.bpm / 60) + 8), key=lambda e: e[0])
    music = rendering.arrange(events, 0, tempo, seconds)
    file = f"own_{number}"
    once(f"{out}/{file}.wav", lambda: rendering.play(music, seconds))
    return dict(name=file, source=file, beats=rendering.beat_times(tempo, seconds, seconds))


def dancing(out, number, simple=False):
    samples, beats, _ = dance.simple([4000, number], 30.0) if simple else dance.piece([3000, number], 45.0)
    file = f"simple_{number}" if simple else f"dance_{number}"
    once(f"{out}/{file}.wav", lambda: samples)
    return dict(name=file, source=file, beats=beats)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--midi")
    parser.add_argument("--variants", type=int, default=6)
    parser.add_argument("--own", type=int, default=160)
    parser.add_argument("--dance", type=int, default=110)
    parser.add_argument("--simple", type=int, default=16)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    pieces = json.load(open(f"{HERE}/freedoom_pieces.json"))
    with concurrent.futures.ProcessPoolExecutor() as pool:
        jobs = [pool.submit(freedoom, options.out, options.midi, name, start, bpm, variant) for name, start, _, bpm in pieces for variant in range(options.variants)]
        jobs += [pool.submit(own, options.out, number) for number in range(options.own)]
        jobs += [pool.submit(dancing, options.out, number) for number in range(options.dance)]
        jobs += [pool.submit(dancing, options.out, number, simple=True) for number in range(options.simple)]
        made = [job.result() for job in jobs]
    made = [piece for piece in made if piece]
    json.dump(made, open(f"{options.out}/set.json", "w"))
    print(f"{len(made)} pieces in {options.out}")


if __name__ == "__main__":
    main()
