#!/usr/bin/python3
"""Renders what the beat tracker learns from: OUT/*.wav and OUT/set.json (exact beats, and the piece each comes from).

    render_training_set.py OUT [--midi DIR] [--variants N] [--own N] [--dance N] [--simple N] [--jobs N]

The Freedoom music (BSD licence) named in freedoom_pieces.json is taken from DIR, else from the WAD files of Debian's
`freedoom` and `freedm` packages. Needs python3-numpy, python3-mido, fluidsynth,
fluid-soundfont-gm, timgm6mb-soundfont and musescore-general-soundfont-small."""

import argparse
import concurrent.futures
import io
import json
import os
import struct

import mido
import numpy as np

import dance
import patterns
import rendering

WADS = ["/usr/share/games/doom/freedoom1.wad", "/usr/share/games/doom/freedoom2.wad", "/usr/share/games/doom/freedm.wad"]
CYMBALS = (42, 44, 46, 51, 53, 59)
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


def piece_file(name, folder):
    return mido.MidiFile(os.path.join(folder, name + ".mid")) if folder else mido.MidiFile(file=io.BytesIO(lump(name)))


def usual_tempo(file):
    """The tempo that lasts longest, and the last beat on which a note begins."""
    changes, last = [], 0.0
    for track in file.tracks:
        ticks = 0
        for message in track:
            ticks += message.time
            beat = ticks / file.ticks_per_beat
            if message.type == "set_tempo": changes.append((beat, 60e6 / message.tempo))
            if message.type == "note_on" and message.velocity: last = max(last, beat)
    changes = sorted(changes) or [(0.0, 120.0)]
    seconds = {}
    for (beat, bpm), (until, _) in zip(changes, changes[1:] + [(last, 0)]):
        seconds[bpm] = seconds.get(bpm, 0) + max(0, until - beat) / bpm
    return max(seconds, key=seconds.get), last


def mastered(samples, r):
    """Through another mixing desk: a smooth change of tone, sometimes driven, at another loudness."""
    spectrum = np.fft.rfft(samples)
    hertz = np.maximum(np.fft.rfftfreq(len(samples), 1 / rendering.RATE), 20)
    decibels = np.interp(np.log2(hertz), np.log2([20, 80, 250, 800, 2500, 8000, 22050]), r.normal(0, 3, 7))
    out = np.fft.irfft(spectrum * 10 ** (decibels / 20), len(samples))
    out /= np.max(np.abs(out)) + 1e-9
    if r.random() < 0.5:
        drive = r.uniform(1, 4)
        out = np.tanh(drive * out) / np.tanh(drive)
    return out * r.uniform(0.3, 0.9)


def freedoom(out, folder, name, variant):
    """The first two variants are the piece as it is, from its beginning and from somewhere within."""
    r = np.random.default_rng([7, variant, *name.encode()])
    file = piece_file(name, folder)
    events = rendering.notes_in_beats(file)
    usual, last = usual_tempo(file)
    changed = variant > 1
    seconds = 45.0
    bpm = float(np.clip(usual * (np.exp(r.uniform(np.log(0.78), np.log(1.28))) if changed else 1), 60, 200))
    start = 0 if variant in (0, 2) else int(r.uniform(0, max(0, last - seconds * bpm / 60 * 0.9))) // 4 * 4
    swing = float(r.uniform(0.58, 0.68)) if variant % 6 == 5 and bpm < 150 else 0.5
    if swing > 0.5: bpm = float(np.clip(bpm * 0.85, 62, 150))
    tempo = rendering.TempoLine(bpm, drift=r.uniform(0, 0.02) * (r.random() < 0.5) if changed else 0, swing=swing, length=400)
    channels = sorted({m.channel for _, m in events if m.type == "note_on"})
    muted, programs, loudness = set(), {}, {c: 1.0 for c in range(16)}
    if changed:
        if r.random() < 0.3 and len(channels) > 2: muted.add(int(r.choice([c for c in channels if c != rendering.DRUMS or r.random() < 0.4] or channels)))
        loudness = {c: float(r.uniform(0.55, 1.3)) for c in range(16)}
        programs = {c: int(r.integers(0, 96)) for c in channels if c != rendering.DRUMS and r.random() < 0.3}
        if r.random() < 0.2: events = [(beat, m) for beat, m in events if m.type not in ("note_on", "note_off") or m.channel != rendering.DRUMS or m.note not in CYMBALS]
        if r.random() < 0.3: programs[rendering.DRUMS] = int(r.choice([8, 16, 24, 25, 32, 40]))
    music = rendering.arrange(events, start, tempo, seconds, transpose=int(r.integers(-5, 6)) if changed else 0, muted=muted, loudness=loudness, programs=programs)
    onsets = [t for t, m in music if m.type == "note_on" and m.velocity]
    if len(onsets) < 20: return None
    font = rendering.SOUND_FONTS[int(r.choice(3, p=[0.65, 0.25, 0.1]))] if changed else rendering.SOUND_FONTS[0]
    name_here = f"{name}_{variant}"
    def render():
        samples = rendering.play(music, seconds, font)
        return mastered(samples, r) if changed else samples
    once(f"{out}/{name_here}.wav", render)
    return dict(name=name_here, source=name, kind="midi", bpm=bpm, swing=swing, beats=rendering.beat_times(tempo, seconds, max(onsets)))


def own(out, number):
    band = patterns.Band([1000, number])
    seconds = 45.0
    r = np.random.default_rng([2000, number])
    tempo = rendering.TempoLine(band.bpm, drift=r.uniform(0, 0.02) * (r.random() < 0.4), swing=band.swing, length=400)
    events = sorted(band.play(int(seconds * band.bpm / 60) + 8), key=lambda e: e[0])
    music = rendering.arrange(events, 0, tempo, seconds)
    font = rendering.SOUND_FONTS[int(r.choice(3, p=[0.65, 0.25, 0.1]))]
    file = f"own_{number}"
    def render():
        samples = rendering.play(music, seconds, font)
        return mastered(samples, r) if r.random() < 0.7 else samples
    once(f"{out}/{file}.wav", render)
    return dict(name=file, source=file, kind="own", genre=band.style, bpm=band.bpm, swing=band.swing, beats=rendering.beat_times(tempo, seconds, seconds))


def dancing(out, number, simple=False):
    samples, beats, bpm, genre = dance.simple([4000, number], 30.0) if simple else dance.piece([3000, number], 45.0)
    file = f"simple_{number}" if simple else f"dance_{number}"
    once(f"{out}/{file}.wav", lambda: samples)
    return dict(name=file, source=file, kind="dance", genre=genre, bpm=bpm, swing=0.5, beats=beats)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--midi")
    parser.add_argument("--variants", type=int, default=10)
    parser.add_argument("--own", type=int, default=240)
    parser.add_argument("--dance", type=int, default=200)
    parser.add_argument("--simple", type=int, default=48)
    parser.add_argument("--jobs", type=int, help="processes at a time; as many as processors by default")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    pieces = json.load(open(f"{HERE}/freedoom_pieces.json"))
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        jobs = [pool.submit(freedoom, options.out, options.midi, name, variant) for name in pieces for variant in range(options.variants)]
        jobs += [pool.submit(own, options.out, number) for number in range(options.own)]
        jobs += [pool.submit(dancing, options.out, number) for number in range(options.dance)]
        jobs += [pool.submit(dancing, options.out, number, simple=True) for number in range(options.simple)]
        made = [job.result() for job in jobs]
    made = [piece for piece in made if piece]
    json.dump(made, open(f"{options.out}/set.json", "w"))
    print(f"{len(made)} pieces in {options.out}")


if __name__ == "__main__":
    main()
