"""Music of our own to learn from: bands that play rock, metal, funk, disco, reggae, latin, ballads and dance music, by
chance within what each style allows. Notes only; rendering.py makes them sound."""

import mido
import numpy as np

KICK, SIDE_STICK, SNARE, CLAP, LOW_TOM, MID_TOM, HIGH_TOM = 36, 37, 38, 39, 45, 47, 50
CLOSED_HAT, OPEN_HAT, CRASH, RIDE, TAMBOURINE, COWBELL, SHAKER = 42, 46, 49, 51, 54, 56, 70
BASS, CHORDS, LEAD, PAD, RIFF = 0, 1, 2, 3, 4

# style: tempo range, probability of swing, per beat of a bar where kick and snare fall (in beats), hat grid
STYLES = {
    "rock": dict(bpm=(85, 185), kicks=[[0, 2], [0, 2, 2.5], [0, 1.5, 2], [0, 0.5, 2], [0, 2.5], [0, 1.5, 2.5]], snares=[[1, 3]]),
    "metal": dict(bpm=(90, 200), kicks=[np.arange(0, 4, 0.5), np.arange(0, 4, 0.25), [0, 0.25, 0.5, 2, 2.25, 2.5], [0, 0.75, 1.5, 2, 2.75, 3.5],
                                        [0, 0.5, 1.5, 2, 2.5, 3.5], [0, 1, 2, 3]], snares=[[1, 3], [1, 3], [2], [0.5, 1.5, 2.5, 3.5], [0, 1, 2, 3]]),
    "punk": dict(bpm=(140, 205), kicks=[[0, 2], [0, 1.5, 2], [0, 1.5, 2, 3.5], [0, 1, 2, 3]], snares=[[1, 3]]),
    "funk": dict(bpm=(80, 125), kicks=[[0, 0.75, 2.5], [0, 1.75, 2.5], [0, 1.5, 2.25, 3.75], [0, 0.5, 2.75]], snares=[[1, 3], [1, 1.75, 3], [1, 2.25, 3, 3.75]]),
    "disco": dict(bpm=(100, 140), kicks=[[0, 1, 2, 3]], snares=[[1, 3], [1, 3, 3.75], []]),
    "reggae": dict(bpm=(62, 100), kicks=[[2], [0, 2], [0, 1, 2, 3]], snares=[[2], [1, 3], []]),
    "latin": dict(bpm=(85, 130), kicks=[[0, 1.5, 2, 3.5], [0, 1.5, 3], [0, 2]], snares=[[1, 2.5], [0.75, 1.5, 2.75, 3.5], [1, 3]]),
    "ballad": dict(bpm=(60, 90), kicks=[[0, 2], [0, 1.75, 2], [0, 2.75]], snares=[[1, 3]]),
    "march": dict(bpm=(85, 140), kicks=[[0, 2], [0, 1, 2, 3]], snares=[[1, 3, 3.5], [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5], [1, 1.5, 3, 3.25, 3.5]]),
    "halftime": dict(bpm=(70, 150), kicks=[[0, 1.5], [0, 0.75, 3], [0, 2.5]], snares=[[2]]),
    "none": dict(bpm=(62, 170), kicks=[[]], snares=[[]]),
}
PROGRAMS = {BASS: [32, 33, 34, 35, 36, 38, 39], CHORDS: [0, 4, 5, 16, 18, 24, 25, 27, 28, 29, 30, 48, 61, 80, 81],
            LEAD: [11, 12, 22, 25, 40, 56, 60, 65, 68, 73, 79, 80, 81, 84], PAD: [48, 49, 50, 52, 88, 89, 91], RIFF: [27, 29, 30, 31, 38, 81, 87]}
GUITARS = {"rock": [29, 30, 27], "metal": [30, 29], "punk": [30, 29]}


class Band:
    """One song: a few patterns, repeated, varied, with fills, breaks and sections."""

    def __init__(self, seed, style=None):
        self.random = np.random.default_rng(seed)
        names = list(STYLES)
        weights = np.array([4, 5, 2, 2, 2, 1, 2, 2, 1, 1.5, 3])
        self.style = style or names[self.random.choice(len(names), p=weights / weights.sum())]
        low, high = STYLES[self.style]["bpm"]
        self.bpm = float(np.exp(self.random.uniform(np.log(low), np.log(high))))
        self.swing = float(self.random.uniform(0.58, 0.68)) if self.random.random() < 0.15 and self.bpm < 150 else 0.5
        self.events = []

    def play(self, beats):
        r = self.random
        for channel, programs in PROGRAMS.items():
            choice = GUITARS.get(self.style, programs) if channel in (CHORDS, RIFF) and r.random() < 0.7 else programs
            self._add(0, mido.Message("program_change", channel=channel, program=int(r.choice(choice))))
            self._add(0, mido.Message("control_change", channel=channel, control=7, value=int(r.integers(50, 125))))
        self._add(0, mido.Message("program_change", channel=9, program=int(r.choice([0, 0, 0, 8, 16, 24, 25, 32, 40]))))
        self._add(0, mido.Message("control_change", channel=9, control=7, value=int(r.integers(70, 127))))
        self.key = int(r.integers(28, 41))
        self.scale = [0, 2, 3, 5, 7, 8, 10] if r.random() < 0.65 else [0, 2, 4, 5, 7, 9, 11]
        bar = 0
        while bar * 4 < beats:
            length = int(r.choice([4, 8, 8, 16]))
            self._section(bar, length)
            bar += length
        return self.events

    def _add(self, beat, message): self.events.append((float(beat), message))

    def _note(self, channel, beat, note, length, velocity):
        jitter = self.random.normal(0, 0.006)
        start = max(0.0, beat + jitter)
        note, velocity = int(np.clip(note, 0, 127)), int(np.clip(velocity, 1, 127))
        self._add(start, mido.Message("note_on", channel=channel, note=note, velocity=velocity))
        self._add(start + max(0.05, length - 0.02), mido.Message("note_off", channel=channel, note=note))

    def _section(self, first_bar, bars):
        r = self.random
        style = STYLES[self.style]
        parts = dict(drums=self.style != "none" and r.random() < 0.92, bass=r.random() < 0.9, chords=r.random() < 0.7, lead=r.random() < 0.5,
                     pad=r.random() < 0.35, riff=r.random() < (0.8 if self.style in ("rock", "metal", "punk") else 0.3))
        if not any(parts[name] for name in ("drums", "riff", "chords")): parts["chords"] = True
        kicks, snares = style["kicks"][r.integers(len(style["kicks"]))], style["snares"][r.integers(len(style["snares"]))]
        hat_step = float(r.choice([0.25, 0.5, 0.5, 0.5, 1.0]))
        if self.bpm > 150: hat_step = max(hat_step, 0.5)
        hats = r.choice([CLOSED_HAT, CLOSED_HAT, OPEN_HAT, RIDE, CRASH, TAMBOURINE, SHAKER])
        roots = [self.key + self.scale[int(i)] for i in r.choice([0, 0, 3, 4, 5, 6, 2], 4)]
        roots[0] = self.key if r.random() < 0.6 else roots[0]
        bass_rhythm, chord_rhythm, riff_rhythm = self._rhythm(), self._rhythm(), self._rhythm()
        riff_notes = [int(r.choice(self.scale)) if r.random() < 0.5 else 0 for _ in range(64)]
        lead_phrase = [(self._rhythm(), [int(r.choice(self.scale)) for _ in range(16)]) for _ in range(2)]
        change_every = float(r.choice([2, 4, 4, 8]))
        for bar in range(bars):
            at = (first_bar + bar) * 4
            fill = bar == bars - 1 and r.random() < 0.7
            if parts["drums"]: self._drums(at, kicks, snares, hat_step, hats, fill, crash=bar == 0 and r.random() < 0.7)
            root_at = lambda beat: roots[int((bar * 4 + beat) // change_every) % 4]
            if parts["bass"]:
                for beat, length in bass_rhythm: self._note(BASS, at + beat, root_at(beat), length, r.integers(75, 120))
            if parts["chords"]:
                for beat, length in chord_rhythm:
                    for third in (0, 2, 4): self._note(CHORDS, at + beat, self._degree(root_at(beat) + 24, third), length, r.integers(60, 110))
            if parts["riff"]:
                for i, (beat, length) in enumerate(riff_rhythm):
                    note = root_at(beat) + 12 + riff_notes[i % 16]
                    accent = 18 if beat % 1 == 0 else 0
                    for interval in (0, 7): self._note(RIFF, at + beat, note + interval, length, r.integers(75, 100) + accent)
            if parts["lead"]:
                rhythm, notes = lead_phrase[bar % 2]
                for i, (beat, length) in enumerate(rhythm): self._note(LEAD, at + beat, self.key + 36 + notes[i % 16], length, r.integers(60, 110))
            if parts["pad"] and (bar * 4) % max(4, change_every) == 0:
                for third in (0, 2, 4): self._note(PAD, at, self._degree(root_at(0) + 24, third), 4, r.integers(50, 90))

    def _degree(self, root, third):
        interval = {0: 0, 2: 3 if self.scale[2] == 3 else 4, 4: 7}[third]
        return root + interval

    def _rhythm(self):
        """Where the notes of a bar begin, and how long each is."""
        r = self.random
        kind = r.random()
        if kind < 0.3: grid = np.arange(0, 4, 0.5 if self.bpm > 130 or r.random() < 0.7 else 0.25)
        elif kind < 0.45: grid = np.arange(0, 4, 1.0)
        elif kind < 0.55: grid = np.arange(0.5, 4, 1.0)
        elif kind < 0.65: grid = np.array(r.choice([0, 2])).reshape(1)
        elif kind < 0.8: grid = np.array([[0, 1.5, 3], [0, 0.75, 1.5, 2.5], [0, 0.75, 1.5, 2.25, 3], [0, 1.5, 2, 3.5], [0, 0.5, 1.5, 2, 3]][r.integers(5)], dtype=object)
        else:
            step = 0.25 if self.bpm < 125 and r.random() < 0.6 else 0.5
            weight = lambda beat: 0.9 if beat % 1 == 0 else 0.55 if beat % 0.5 == 0 else 0.35
            grid = np.array([beat for beat in np.arange(0, 4, step) if r.random() < weight(beat)])
        grid = np.array(grid, dtype=float)
        if not len(grid): grid = np.array([0.0])
        ends = np.append(grid[1:], 4.0)
        staccato = r.uniform(0.4, 1.0)
        return [(float(a), float((b - a) * staccato)) for a, b in zip(grid, ends)]

    def _drums(self, at, kicks, snares, hat_step, hats, fill, crash):
        r = self.random
        until = float(r.choice([2, 3, 3])) if fill else 4.0
        hit = lambda beat, note, velocity: self._note(9, at + beat, note, 0.1, velocity)
        for beat in kicks:
            if beat < until and r.random() < 0.96: hit(beat, KICK, r.integers(90, 127))
        snare = SIDE_STICK if self.style in ("ballad", "latin", "reggae") and r.random() < 0.5 else SNARE
        for beat in snares:
            if beat < until and r.random() < 0.98: hit(beat, snare, r.integers(90, 127))
        if r.random() < 0.25: hit(float(r.choice([0.75, 1.75, 2.25, 3.75])), SNARE, r.integers(30, 60))
        for beat in np.arange(0, until, hat_step):
            if r.random() < 0.97: hit(beat, hats, r.integers(55, 80) + (25 if beat % 1 == 0 else 0) * (hat_step < 1))
        if crash: hit(0, CRASH, 110)
        if fill:
            drums = [SNARE, HIGH_TOM, MID_TOM, LOW_TOM]
            step = float(r.choice([0.25, 0.5, 1 / 3]))
            for i, beat in enumerate(np.arange(until, 4, step)):
                if r.random() < 0.85: hit(beat, drums[min(3, int(i * step * 4 / 3)) if r.random() < 0.7 else 0], r.integers(70, 120))
