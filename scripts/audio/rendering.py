"""Sound out of notes: MIDI through fluidsynth, with the exact times of the beats."""

import os
import subprocess
import tempfile
import wave

import mido
import numpy as np

RATE = 44100
SOUND_FONTS = ["/usr/share/sounds/sf2/FluidR3_GM.sf2", "/usr/share/sounds/sf2/TimGM6mb.sf2", "/usr/share/sounds/sf3/MuseScore_General_Lite.sf3"]
DRUMS = 9  # the channel
LEAD_IN = 0.25  # seconds before the first beat


def write_wav(path, samples):
    """Mono, 16 bits; what is too loud is scaled down."""
    peak = np.max(np.abs(samples)) + 1e-9
    samples = samples * (0.98 / peak if peak > 0.98 else 1.0)
    with wave.open(path, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((samples * 32767).astype("<i2").tobytes())


def read_wav(path):
    with wave.open(path) as source:
        data = np.frombuffer(source.readframes(source.getnframes()), "<i2").astype(np.float64) / 32768
        return data.reshape(-1, source.getnchannels()).mean(1)


def play(events, seconds, font=SOUND_FONTS[0]):
    """Samples of `events`, a list of (seconds, mido.Message) in any order."""
    resolution = 9600
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=1_000_000)])
    last = 0
    for time, message in sorted(events, key=lambda event: event[0]):
        tick = max(last, round(time * resolution))
        track.append(message.copy(time=tick - last))
        last = tick
    for channel in range(16):  # all sound off at the end
        tick = max(last, round(seconds * resolution))
        track.append(mido.Message("control_change", channel=channel, control=120, time=tick - last))
        last = tick
    with tempfile.TemporaryDirectory() as folder:
        midi, sound = os.path.join(folder, "a.mid"), os.path.join(folder, "a.wav")
        mido.MidiFile(ticks_per_beat=resolution, tracks=[track]).save(midi)
        subprocess.run(
            ["fluidsynth", "-ni", "-q", "-g", "0.5", "-r", str(RATE), "-T", "wav", "-O", "s16", "-F", sound, font, midi],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        samples = read_wav(sound)[: int(seconds * RATE)]
    return samples / (np.max(np.abs(samples)) + 1e-9) * 0.8


def notes_in_beats(file):
    """Every channel message of a MIDI file as (beat, message); a beat is a quarter note."""
    events = []
    for track in file.tracks:
        ticks = 0
        for message in track:
            ticks += message.time
            if not message.is_meta and message.type != "sysex":
                events.append((ticks / file.ticks_per_beat, len(events), message))
    return [(beat, message) for beat, _, message in sorted(events, key=lambda event: event[:2])]


class TempoLine:
    """When a beat comes: a tempo that may drift, and off-beats that may swing."""

    def __init__(self, bpm, drift=0.0, swing=0.5, length=120):
        grid = np.arange(0, length, 0.002)
        tempo = bpm * (1 + drift * np.sin(2 * np.pi * grid / 37.0))
        self._seconds = grid
        self._beats = np.concatenate([[0], np.cumsum(tempo[:-1] / 60 * 0.002)])
        self._swing = swing

    def seconds(self, beat):
        whole = np.floor(beat)
        swung = whole + np.interp(beat - whole, [0, 0.5, 1], [0, self._swing, 1])
        return LEAD_IN + float(np.interp(swung, self._beats, self._seconds))


def arrange(events, start, tempo, seconds, transpose=0, muted=(), loudness=None, programs=None):
    """The events from beat `start` on, at the tempo line's times, changed as an arranger would."""
    out = []
    for beat, message in events:
        if message.type in ("note_on", "note_off"):
            if beat < start - 1e-6 or message.channel in muted:
                continue
            time = tempo.seconds(beat - start)
            if time > seconds:
                continue
            changes = {}
            if message.channel != DRUMS:
                changes["note"] = int(np.clip(message.note + transpose, 0, 127))
            if message.type == "note_on" and message.velocity and loudness:
                changes["velocity"] = int(np.clip(message.velocity * loudness[message.channel], 1, 127))
            out.append((time, message.copy(**changes)))
        else:
            if message.type == "program_change" and programs and message.channel in programs:
                message = message.copy(program=programs[message.channel])
            time = 0.0 if beat < start else tempo.seconds(beat - start)
            if time <= seconds:
                out.append((time, message))
    return out


# What a note can be, for the ears that tell them apart.
KICK, SNARE, CYMBAL, PERCUSSION, BASS, NOTE = range(6)
KICKS, SNARES = {35, 36}, {37, 38, 39, 40}
CYMBALS = {42, 44, 46, 49, 51, 52, 53, 54, 55, 57, 59, 69, 70, 82}
HIGHEST_BASS = 47


def onsets(music):
    """(seconds, what it is, strength from 0 to 1) of every note of `music`, which arrange() made."""
    volume, out = {c: 1.0 for c in range(16)}, []
    for time, m in sorted(music, key=lambda event: event[0]):
        if m.type == "control_change" and m.control == 7: volume[m.channel] = m.value / 100
        if m.type != "note_on" or not m.velocity: continue
        if m.channel == DRUMS: kind = KICK if m.note in KICKS else SNARE if m.note in SNARES else CYMBAL if m.note in CYMBALS else PERCUSSION
        else: kind = BASS if m.note <= HIGHEST_BASS else NOTE
        out.append((round(time, 5), kind, round(min(1.0, m.velocity / 127 * volume[m.channel]), 3)))
    return out


def beat_times(tempo, seconds, last_note):
    count = 0
    times = []
    while (time := tempo.seconds(count)) < min(seconds, last_note + 0.5):
        times.append(round(time, 5))
        count += 1
    return times
