#!/usr/bin/python3
"""Renders what the beat tracker learns from: OUT/*.wav, OUT/set.json (exact beats, the piece each comes from, bars of four or not) and
OUT/made_by.txt (the arguments, the notes and the programs, since another fluidsynth or sound font sounds otherwise).

    render_training_set.py OUT --midi DIR [--variants N] [--own N] [--dance N] [--simple N] [--grooves N] [--jobs N]

The defaults are 6 variants of each Freedoom piece, 240 songs for bands, 200 pieces of dance music, 240 simple ones and 920
accompaniments of MMA's grooves: some forty minutes of one processor. Every choice has a fixed seed. OUT/NAME.notes says when which
kind of instrument begins.

The Freedoom music (BSD licence) named in freedoom_pieces.json is taken from DIR, which holds a file NAME.mid of each. (Debian's packages
freedoom and freedm 0.12 hold the same notes for 4 of the 32.) Needs python3-numpy, python3-mido, mma, fluidsynth, fluid-soundfont-gm,
timgm6mb-soundfont and musescore-general-soundfont-small."""

import argparse
import concurrent.futures
import hashlib
import io
import json
import os
import subprocess

import mido
import numpy as np

import dance
import grooves
import patterns
import rendering

CYMBALS = (42, 44, 46, 51, 53, 59)
NOT_IN_FOUR = {"d_dm02", "d_dm06", "d_e3m7"}  # have bars of five, seven or three beats
HERE = os.path.dirname(os.path.abspath(__file__))


def once(path, render):
    """A file that is there already is kept: the same arguments give the same sound."""
    if not os.path.exists(path):
        rendering.write_wav(path + ".part", render())
        os.rename(path + ".part", path)


def write_notes(out, name, notes): np.array(notes, np.float32).reshape(-1, 3).tofile(f"{out}/{name}.notes")


def piece_bytes(name, folder):
    with open(os.path.join(folder, name + ".mid"), "rb") as file: return file.read()


def piece_file(name, folder):
    return mido.MidiFile(file=io.BytesIO(piece_bytes(name, folder)))


def made_by(options, pieces):
    """What the sound depends on, as lines."""
    packages = ["fluidsynth", "fluid-soundfont-gm", "timgm6mb-soundfont", "musescore-general-soundfont-small", "python3-mido", "python3-numpy", "mma"]
    try:
        versions = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}, ", *packages], capture_output=True, text=True).stdout.rstrip(", ")
    except FileNotFoundError:
        versions = "versions not known"
    notes = hashlib.sha256(b"".join(piece_bytes(name, options.midi) for name in pieces)).hexdigest()
    return (f"--variants {options.variants} --own {options.own} --dance {options.dance} --simple {options.simple} --grooves {options.grooves}\n"
            f"{len(pieces)} Freedoom pieces; SHA-256 of their MIDI files in the order of freedoom_pieces.json: {notes}\n{versions}\n")


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


def perform(out, name, music, seconds, font, r, is_mastered):
    """OUT/NAME.wav and OUT/NAME.notes of what rendering.arrange() made."""
    def render():
        samples = rendering.play(music, seconds, font)
        return mastered(samples, r) if is_mastered() else samples
    once(f"{out}/{name}.wav", render)
    write_notes(out, name, rendering.onsets(music))


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
    perform(out, name_here, music, seconds, font, r, lambda: changed)
    return dict(name=name_here, source=name, kind="midi", in_four=name not in NOT_IN_FOUR, beats=rendering.beat_times(tempo, seconds, max(onsets)))


def own(out, number):
    band = patterns.Band([1000, number])
    seconds = 45.0
    r = np.random.default_rng([2000, number])
    tempo = rendering.TempoLine(band.bpm, drift=r.uniform(0, 0.02) * (r.random() < 0.4), swing=band.swing, length=400)
    events = sorted(band.play(int(seconds * band.bpm / 60) + 8), key=lambda e: e[0])
    music = rendering.arrange(events, 0, tempo, seconds)
    font = rendering.SOUND_FONTS[int(r.choice(3, p=[0.65, 0.25, 0.1]))]
    file = f"own_{number}"
    perform(out, file, music, seconds, font, r, lambda: r.random() < 0.7)
    return dict(name=file, source=file, kind="own", genre=band.style, beats=rendering.beat_times(tempo, seconds, seconds))


def accompanied(out, number, path, names):
    """A groove of MMA's library, at a tempo it is made for, by other instruments, mixed anew."""
    r = np.random.default_rng([5000, number])
    seconds = 45.0
    low, high = grooves.tempos(path)
    bpm = float(np.exp(r.uniform(np.log(low), np.log(high))))
    file = grooves.accompaniment(path, names, [6000, number], int(seconds * bpm / 240) + 3)
    if file is None: return None
    events = rendering.notes_in_beats(file)
    channels = sorted({m.channel for _, m in events if m.type == "note_on"})
    tempo = rendering.TempoLine(bpm, drift=r.uniform(0, 0.02) * (r.random() < 0.3), length=400)
    muted, programs, loudness = set(), {}, {c: float(r.uniform(0.5, 1.3)) for c in range(16)}
    if r.random() < 0.5 and len(channels) > 3: muted.add(int(r.choice([c for c in channels if c != rendering.DRUMS])))
    for c in channels:
        if c != rendering.DRUMS and r.random() < 0.3: programs[c] = int(r.choice([0, 4, 16, 24, 25, 27, 29, 30, 48, 61, 80, 81]))
    music = rendering.arrange(events, 0, tempo, seconds, muted=muted, loudness=loudness, programs=programs)
    onsets = [t for t, m in music if m.type == "note_on" and m.velocity]
    if len(onsets) < 60: return None
    font = rendering.SOUND_FONTS[int(r.choice(3, p=[0.65, 0.25, 0.1]))]
    name = f"mma_{number}"
    perform(out, name, music, seconds, font, r, lambda: r.random() < 0.7)
    return dict(name=name, source=name, kind="mma", genre=os.path.relpath(path, grooves.LIBRARY).removesuffix(".mma"),
                beats=rendering.beat_times(tempo, seconds, max(onsets)))


def dancing(out, number, simple=False):
    samples, beats, bpm, genre, notes = dance.simple([4000, number], 30.0) if simple else dance.piece([3000, number], 45.0)
    file = f"simple_{number}" if simple else f"dance_{number}"
    once(f"{out}/{file}.wav", lambda: samples)
    write_notes(out, file, notes)
    return dict(name=file, source=file, kind="dance", genre=genre, beats=beats)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--midi", required=True)
    parser.add_argument("--variants", type=int, default=6)
    parser.add_argument("--own", type=int, default=240)
    parser.add_argument("--dance", type=int, default=200)
    parser.add_argument("--simple", type=int, default=240)
    parser.add_argument("--grooves", type=int, default=920)
    parser.add_argument("--jobs", type=int, help="processes at a time; as many as processors by default")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    pieces = json.load(open(f"{HERE}/freedoom_pieces.json"))
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        jobs = [pool.submit(freedoom, options.out, options.midi, name, variant) for name in pieces for variant in range(options.variants)]
        jobs += [pool.submit(own, options.out, number) for number in range(options.own)]
        jobs += [pool.submit(dancing, options.out, number) for number in range(options.dance)]
        jobs += [pool.submit(dancing, options.out, number, simple=True) for number in range(options.simple)]
        library = grooves.files()
        jobs += [pool.submit(accompanied, options.out, number, *library[number % len(library)]) for number in range(options.grooves)]
        made = [job.result() for job in jobs]
    made = [piece for piece in made if piece]
    with open(f"{options.out}/set.json", "w") as out: json.dump(made, out)
    with open(f"{options.out}/made_by.txt", "w") as out: out.write(made_by(options, pieces))
    print(f"{len(made)} pieces in {options.out}")


if __name__ == "__main__":
    main()
