"""Dance music of our own to learn from, synthesized: kicks, claps, hats, basses, stabs, pads and risers, in the rhythms
of the genres, with breaks and build-ups, every sound and choice drawn anew for each piece."""

import numpy as np

from rendering import BASS, CYMBAL, HIGHEST_BASS, KICK, LEAD_IN, NOTE, RATE, SNARE

# genre: tempo range and its rhythm in a bar of four beats
GENRES = {
    "house": dict(bpm=(115, 132), kick=[0, 1, 2, 3], clap=[1, 3], hat=[0.5, 1.5, 2.5, 3.5], bass=[0.5, 1.5, 2.5, 3.5]),
    "techno": dict(bpm=(120, 150), kick=[0, 1, 2, 3], clap=[], hat=[0.5, 1.5, 2.5, 3.5], bass=[0.25, 0.5, 0.75, 1.25, 1.5, 1.75, 2.25, 2.5, 2.75, 3.25, 3.5, 3.75]),
    "trance": dict(bpm=(128, 145), kick=[0, 1, 2, 3], clap=[1, 3], hat=[0.5, 1.5, 2.5, 3.5], bass=[0.25, 0.5, 0.75, 1.25, 1.5, 1.75, 2.25, 2.5, 2.75, 3.25, 3.5, 3.75]),
    "two step": dict(bpm=(122, 138), kick=[0, 2.5], clap=[1, 3], hat=np.arange(0.5, 4, 1), bass=[0, 0.75, 2.5, 3.25]),
    "drum and bass": dict(bpm=(160, 180), kick=[0, 2.5], clap=[1, 3], hat=np.arange(0, 4, 0.5), bass=[0, 2.5]),
    "breaks": dict(bpm=(120, 145), kick=[0, 1.5, 2.5], clap=[1, 3], hat=np.arange(0, 4, 0.5), bass=[0, 1.5, 2.5]),
    "dembow": dict(bpm=(88, 112), kick=[0, 1, 2, 3], clap=[0.75, 1.5, 2.75, 3.5], hat=np.arange(0, 4, 0.5), bass=[0, 1.5, 2, 3.5]),
    "trap": dict(bpm=(125, 160), kick=[0, 1.5], clap=[2], hat=np.arange(0, 4, 0.5), bass=[0]),
    "hip hop": dict(bpm=(76, 104), kick=[0, 1.75, 2.5], clap=[1, 3], hat=np.arange(0, 4, 0.5), bass=[0, 1.75, 2.5]),
    "shuffle": dict(bpm=(90, 128), kick=[0, 2], clap=[1, 3], hat=np.arange(0, 4, 0.5), bass=[0, 1.5, 2, 3.5]),
    "polyrhythm": dict(bpm=(86, 118), kick=[0, 2], clap=[1, 3], hat=np.arange(0, 4, 1 / 3), bass=[0, 1.5, 3]),
}


class Studio:
    """Sounds, mixed at times onto one track; the bus is ducked by the kick."""

    def __init__(self, seconds, random):
        self.track, self.bus = np.zeros(int(seconds * RATE)), np.zeros(int(seconds * RATE))
        self.random, self.kicks, self.onsets = random, [], []
        r = random
        self.kick_pitch, self.kick_decay, self.kick_click = r.uniform(42, 62), r.uniform(7, 16), r.uniform(0.05, 0.4)
        self.kick_sweep, self.kick_fall = 5.7, 28.0
        self.hat_decay, self.clap_decay, self.snare_pitch = r.uniform(25, 60), r.uniform(14, 30), r.uniform(160, 230)
        self.harmonics, self.wave_tilt = int(r.integers(3, 16)), r.uniform(0.7, 1.4)

    def mix(self, at, sound, gain, bus=False):
        start = round(at * RATE)
        target = self.bus if bus else self.track
        if 0 <= start < len(target):
            end = min(len(target), start + len(sound))
            target[start:end] += gain * sound[: end - start]

    def _note(self, at, kind, gain): self.onsets.append((round(at, 5), kind, round(min(1.0, gain), 3)))

    def _time(self, seconds): return np.arange(int(seconds * RATE)) / RATE

    def kick(self, at, gain):
        t = self._time(0.28)
        sweep = np.sin(2 * np.pi * (self.kick_pitch * t + self.kick_sweep * (1 - np.exp(-self.kick_fall * t))))
        self.mix(at, sweep * np.exp(-t * self.kick_decay) + self.kick_click * self.random.standard_normal(len(t)) * np.exp(-t * 700), gain)
        self.kicks.append(at)
        self._note(at, KICK, gain)

    def hat(self, at, gain, decay=None):
        t = self._time(0.2)
        noise = np.diff(self.random.standard_normal(len(t)), n=2, prepend=[0, 0])
        self.mix(at, noise * np.exp(-t * (decay or self.hat_decay)) * 0.25, gain)
        self._note(at, CYMBAL, gain)

    def clap(self, at, gain):
        t = self._time(0.2)
        self.mix(at, self.random.standard_normal(len(t)) * np.exp(-t * self.clap_decay) * 0.3, gain)
        self._note(at, SNARE, gain)

    def snare(self, at, gain):
        t = self._time(0.22)
        self.mix(at, 0.5 * np.sin(2 * np.pi * self.snare_pitch * t) * np.exp(-t * 25) + 0.35 * self.random.standard_normal(len(t)) * np.exp(-t * 18), gain)
        self._note(at, SNARE, gain)

    def tone(self, at, length, note, gain, attack=0.005, release=0.05, harmonics=None):
        t = self._time(max(length, 0.03))
        pitch = 440 * 2 ** ((note - 69) / 12)
        wave = sum(np.sin(2 * np.pi * k * pitch * t + k * k) / k**self.wave_tilt for k in range(1, (harmonics or self.harmonics) + 1) if k * pitch < 16000)
        self.mix(at, wave * np.minimum(1, t / attack) * np.clip((length - t) / release, 0, 1) * 0.4, gain, bus=True)
        if attack < 0.05: self._note(at, BASS if note <= HIGHEST_BASS else NOTE, gain)

    def riser(self, at, length, gain):
        t = self._time(length) / length
        sweep = np.sin(2 * np.pi * np.cumsum(200 * 8**t) / RATE)
        noise = np.diff(self.random.standard_normal(len(t)), prepend=0) * (0.1 + 0.9 * t**1.5)
        self.mix(at, sweep * t * 0.25 + noise * 0.3, gain)

    def master(self, duck):
        envelope = np.ones(len(self.track))
        for at in self.kicks:
            start, span = int(at * RATE), min(int(0.2 * RATE), len(envelope) - int(at * RATE))
            if span > 0: envelope[start:start + span] = np.minimum(envelope[start:start + span], 1 - duck * np.exp(-np.arange(span) / RATE * 14))
        return np.tanh((self.track + self.bus * envelope) * self.random.uniform(0.6, 1.2)) * 0.85


def piece(seed, seconds, genre=None):
    """(samples, beat times, bpm, genre, notes) of one piece; the notes as rendering.onsets() has them."""
    r = np.random.default_rng(seed)
    genre = genre or list(GENRES)[r.integers(len(GENRES))]
    rhythm = GENRES[genre]
    bpm = float(r.uniform(*rhythm["bpm"]))
    beat = 60 / bpm
    swing = r.uniform(0.56, 0.68) if genre == "shuffle" else r.uniform(0.54, 0.62) if r.random() < 0.15 else 0.5
    def at(position):
        whole = np.floor(position)
        return LEAD_IN + beat * float(whole + np.interp(position - whole, [0, 0.5, 1], [0, swing, 1]))
    studio = Studio(seconds, r)
    gain = {name: 10 ** (r.uniform(-9, 3) / 20) for name in ("kick", "clap", "hat", "bass", "stab", "pad", "arp")}
    has = {name: r.random() < chance for name, chance in dict(clap=0.85, hat=0.9, bass=0.9, stab=0.55, pad=0.75, arp=0.3, ghost=0.4, sixteenths=0.4).items()}
    backbeat = studio.snare if genre in ("drum and bass", "breaks", "dembow", "hip hop", "polyrhythm") or r.random() < 0.2 else studio.clap
    roots = [int(n) for n in r.choice([33, 29, 36, 31, 34, 28], 4)]
    stab_rhythm = [[0, 0.75, 1.5], [0.5, 1.5, 2.5, 3.5], [0, 1.5, 3], [0, 0.75, 1.5, 2.25, 3], [0.75, 2.5], [0, 2]][r.integers(6)]
    bars = int((seconds - LEAD_IN) / beat / 4) + 1
    section, left = "full", int(r.choice([4, 8, 8, 16]))
    build_length = 4
    for bar in range(bars):
        if left == 0:
            chances = dict(full=["full", "break", "thin", "build"], thin=["full", "build"], build=["full"])
            section = str(r.choice(chances.get(section, ["build", "full"])))
            left = build_length = int(r.choice([2, 4, 4, 8])) if section != "full" else int(r.choice([8, 8, 16]))
            if section == "build": studio.riser(at(bar * 4), build_length * 4 * beat, 0.5)
        first, root = bar * 4, roots[(bar // 2) % 4]
        chord = [root + 24, root + 24 + (3 if r.random() < 0.6 else 4), root + 31]
        if section in ("full", "thin"):
            for q in rhythm["kick"]: studio.kick(at(first + q), 0.9 * gain["kick"])
            if genre in ("breaks", "hip hop", "trap", "drum and bass") and r.random() < 0.3: studio.kick(at(first + float(r.choice([0.75, 1.25, 2.25, 2.75, 3.5]))), 0.7 * gain["kick"])
            if has["hat"]:
                for q in rhythm["hat"]: studio.hat(at(first + q), 0.35 * gain["hat"], decay=14 if q % 1 == 0.5 and genre in ("house", "techno", "trance") else None)
        if section == "full":
            if has["clap"]:
                for q in rhythm["clap"]: backbeat(at(first + q), 0.8 * gain["clap"])
            if has["ghost"] and r.random() < 0.5: backbeat(at(first + float(r.choice([0.75, 1.75, 2.25, 3.75]))), 0.25 * gain["clap"])
            if has["sixteenths"]:
                for q in np.arange(0.25, 4, 0.5): studio.hat(at(first + q), 0.2 * gain["hat"])
            if has["bass"]:
                for q in rhythm["bass"]: studio.tone(at(first + q), beat * (0.4 if len(rhythm["bass"]) > 2 else 1.4), root, 0.5 * gain["bass"])
            if genre == "polyrhythm":
                for q in np.arange(0, 4, 4 / 3): studio.tone(at(first + q), 0.1, 76, 0.4, harmonics=1)
        if has["stab"] and section != "build":
            for q in stab_rhythm:
                for note in chord: studio.tone(at(first + q), beat * 0.3, note + 12, 0.18 * gain["stab"])
        if has["arp"] and section in ("full", "break"):
            for i, q in enumerate(np.arange(0, 4, 0.25)): studio.tone(at(first + q), beat * 0.2, chord[i % 3] + 12, 0.15 * gain["arp"])
        if bar % 2 == 0 and (has["pad"] or section == "break"):
            for note in chord: studio.tone(at(first), 8 * beat * 0.98, note, (0.25 if section == "break" else 0.12) * gain["pad"], attack=0.3, release=0.3, harmonics=8)
        if section == "build":
            done = 1 - left / build_length
            for q in np.arange(0, 4, 1 if done < 0.5 else 0.5 if done < 0.75 else 0.25): studio.snare(at(first + q), 0.25 + 0.5 * done)
        left -= 1
    samples = studio.master(r.uniform(0.2, 0.8))
    if r.random() < 0.1:
        fade = int(r.uniform(4, 12) * RATE)
        samples[:fade] *= 10 ** (-50 * (1 - np.arange(fade) / fade) / 20)
    if r.random() < 0.2: samples = samples + r.standard_normal(len(samples)) * 10 ** (-r.uniform(25, 45) / 20)
    times = [round(at(i), 5) for i in range(bars * 4 + 1) if at(i) < seconds - 0.05]
    return samples, times, bpm, genre, sorted(studio.onsets)


def simple(seed, seconds):
    """As little as a beat needs: one sound on each beat, perhaps another between, nothing else. At tempos at which nobody
    would count twice or half as fast."""
    r = np.random.default_rng(seed)
    bpm = float(np.exp(r.uniform(np.log(84), np.log(172))))
    at = lambda position: LEAD_IN + 60 / bpm * float(position)
    studio = Studio(seconds, r)
    # A kick that is all there is may be any kick.
    studio.kick_decay, studio.kick_sweep, studio.kick_fall = r.uniform(5, 25), r.uniform(1, 8), r.uniform(15, 60)
    if r.random() < 0.5: studio.kick_click = 0
    sounds = [studio.kick, studio.clap, studio.snare, studio.hat, lambda t, g: studio.tone(t, 0.05, 84, g, harmonics=1)]
    on = sounds[r.choice(5, p=[0.6, 0.1, 0.1, 0.1, 0.1])]
    # Between two beats a clap or a snare would make them one, as rock counts.
    between = sounds[int(r.integers(3, 5))] if r.random() < 0.6 else None
    off_beat = on is not studio.hat and between is not None
    beats = int((seconds - LEAD_IN) * bpm / 60)
    for beat in range(beats):
        on(at(beat), 0.8)
        if off_beat: between(at(beat + 0.5), 0.4)
        if beat % 2 == 1 and off_beat and on is studio.kick and r.random() < 0.5: studio.clap(at(beat), 0.6)
    return studio.master(0.3), [round(at(i), 5) for i in range(beats)], bpm, "simple", sorted(studio.onsets)
