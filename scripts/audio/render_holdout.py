#!/usr/bin/python3
"""Renders music to judge the beat tracker by, that nothing is learned from: two excerpts of 45 s of each piece of four beats a bar
and with drums, out of a folder of MIDI files. By default that is the music of the game Simutrans (Debian's package simutrans-data, under
the Artistic License); openttd-openmsx has that of OpenTTD (/usr/share/games/openttd/baseset/openmsx, under the GPL).

    render_holdout.py OUT [--music DIR] [--jobs N]

Writes OUT/*.wav and OUT/truth.json, for cross_validate.py --more OUT/truth.json OUT. Needs what render_training_set.py needs."""

import argparse
import concurrent.futures
import glob
import json
import os

import mido
from mido.midifiles.meta import KeySignatureError
import numpy as np

import rendering

SECONDS = 45.0
SLOWEST, FASTEST = 55, 205  # BPM: what the tracker can say


def read(path):
    """(seconds of a beat, notes as (beat, channel), signatures, events as (seconds, message)); None if it is not understood."""
    try: file = mido.MidiFile(path)
    except (OSError, ValueError, KeyError, KeySignatureError): return None
    tempos, signatures, notes, events = [], [], [], []
    for track in file.tracks:
        ticks = 0
        for message in track:
            ticks += message.time
            beat = ticks / file.ticks_per_beat
            if message.type == "set_tempo": tempos.append((beat, message.tempo))
            if message.type == "time_signature": signatures.append((beat, message.numerator, message.denominator))
            if message.type == "note_on" and message.velocity: notes.append((beat, message.channel))
            if not message.is_meta and message.type != "sysex": events.append((beat, message))
    tempos.sort()
    if not tempos or tempos[0][0] > 0: tempos.insert(0, (0.0, 500000))
    def seconds(beat):
        passed = 0.0
        for (at, tempo), (until, _) in zip(tempos, tempos[1:] + [(np.inf, 0)]):
            if beat <= at: break
            passed += (min(beat, until) - at) * tempo / 1e6
        return passed
    events = sorted(((seconds(beat), message) for beat, message in events), key=lambda event: event[0])
    return seconds, notes, sorted(signatures), events


def excerpts(path, out):
    piece = read(path)
    if piece is None: return []
    seconds, notes, signatures, events = piece
    if any((n, d) in ((6, 8), (12, 8), (7, 8), (7, 16)) for _, n, d in signatures): return []
    if sum(channel == rendering.DRUMS for _, channel in notes) < 200: return []
    first_beat = 0.5 if signatures and signatures[0][1:] == (1, 8) else 0.0  # a short bar before the music
    first, last = seconds(min(beat for beat, _ in notes)), seconds(max(beat for beat, _ in notes))
    made = []
    for number, start in enumerate((max(0, first - 0.25), 0.45 * last)):
        music = [(max(0.0, at - start), message) for at, message in events if at <= start + SECONDS and (at >= start - 1e-6 or message.type not in ("note_on", "note_off"))]
        begins = [at for at, message in music if message.type == "note_on" and message.velocity]
        if len(begins) < 40 or max(begins) < 30: continue
        beats, beat, before = [], first_beat, 0
        while (at := seconds(beat) - start) <= min(SECONDS, max(begins) + 0.5):
            if at >= 0: beats.append(round(at, 5))
            else: before += 1
            beat += 1
        bpm = 60 / np.median(np.diff(beats))
        if not SLOWEST < bpm < FASTEST: continue
        name = f"{os.path.basename(path).removesuffix('.mid')}_{number}"
        rendering.write_wav(f"{out}/{name}.wav", rendering.play(music, SECONDS))
        made.append(dict(name=name, source=name, tags=["midi"], bpm=float(bpm), beats=beats, first_number=before % 4 + 1,
                         in_four=all((n, d) in ((4, 4), (2, 2), (1, 8)) for _, n, d in signatures), first_note=begins[0]))
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--music", default="/usr/share/games/simutrans/music")
    parser.add_argument("--jobs", type=int, help="processes at a time; as many as processors by default")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        jobs = [pool.submit(excerpts, path, options.out) for path in sorted(glob.glob(f"{options.music}/*.mid"))]
        made = [piece for job in jobs for piece in job.result()]
    with open(f"{options.out}/truth.json", "w") as out: json.dump(made, out)
    print(f"{len(made)} excerpts in {options.out}")


if __name__ == "__main__":
    main()
