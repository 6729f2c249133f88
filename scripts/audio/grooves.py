"""Accompaniments of MMA (Musical MIDI Accompaniment, GPL): some three hundred files of grooves, from ragtime to techno, that people
wrote for playing along. Notes only; rendering.py makes them sound."""

import glob
import os
import re
import subprocess
import tempfile

import mido
import numpy as np

LIBRARY = "/usr/share/mma/lib"
# The tempos at which a groove is played, by words of its file's name; the first that fits counts.
TEMPOS = [
    ("slowswing|slowjazz|slowblues|slowcountry|slowbroadway|slowspiritual|slowbigband", (64, 104)),
    ("fastbigband|fastswing|fastblues|bebop|gypsy|quickstep|fasttwist|charleston|jive", (170, 205)),
    ("slow|ballad|bald|serenade|lullaby|hymn|ambient|beguine|bolero", (60, 92)),
    ("16|funk|hip|trip|thr|r.b|rb|rnb|soul|bvf|kfunk|motown|fus", (76, 116)),
    ("dnb", (160, 178)), ("trance|techno|rave", (124, 150)), ("house|dance|disco|boney", (112, 132)),
    ("swing|bigband|jazz|basie|combo|boogie|boggie|dixie|foxtrot|ragtime|broadway|showtune|western|evans|strut|softshoe|bouncy", (112, 200)),
    ("salsa|samba|mambo|merengue|son|calypso|ska|polka|zydeco|bluegrass|hillcountry|cuban", (95, 165)),
    ("reggae", (66, 96)), ("punk", (150, 200)), ("mtl|metal|hrk", (100, 185)), ("march", (96, 126)), ("tango", (108, 132)),
    ("bossa|rhumba|chacha|latin|afro|desert", (96, 148)), ("shuffle|blues|twist", (90, 146)),
    ("", (84, 160)),
]
PROGRESSIONS = ["C Am F G", "Am F C G", "Dm G C C", "C C F G", "Em C D D", "C7 C7 F7 C7", "Am Am Dm E7", "F Bb F C", "Gm Cm D7 Gm"]


def files():
    """(path, grooves) of every file whose grooves have four beats in a bar."""
    found = []
    for path in sorted(glob.glob(LIBRARY + "/*/*.mma")):
        text = open(path, errors="replace").read()
        times = re.findall(r"^\s*Time\s+(\d+)", text, re.M | re.I)
        names = [name for name in re.findall(r"^\s*DefGroove\s+(\S+)", text, re.M | re.I) if not re.search("intro|end|fill|count|metro|none", name, re.I)]
        if times and all(time == "4" for time in times) and names and not re.search("metronome|none|arpeggio|128|68", os.path.basename(path)):
            found.append((path, names))
    return found


def tempos(path):
    name = os.path.basename(path).removesuffix(".mma").lower()
    return next(limits for words, limits in TEMPOS if re.search(words, name))


def accompaniment(path, names, seed, bars):
    """A mido.MidiFile of `bars` bars, in two or three grooves of that file; None where MMA will not play them."""
    r = np.random.default_rng(seed)
    lines = ["Tempo 120", f"RndSeed {seed[-1]}"]
    progression = str(r.choice(PROGRESSIONS)).split()
    transpose = int(r.integers(-5, 7))
    lines.append(f"Transpose {transpose}")
    bar = 0
    while bar < bars:
        lines.append(f"Groove {os.path.relpath(path, LIBRARY).removesuffix('.mma')}:{r.choice(names)}")
        for _ in range(int(r.choice([4, 8, 8, 12]))):
            lines.append(f"{bar + 1} {progression[bar % len(progression)]}")
            bar += 1
    with tempfile.TemporaryDirectory() as folder:
        chart, midi = os.path.join(folder, "a.mma"), os.path.join(folder, "a.mid")
        with open(chart, "w") as out: out.write("\n".join(lines) + "\n")
        # What MMA draws by chance it draws the same way again.
        subprocess.run(["mma", chart, "-f", midi], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return mido.MidiFile(midi) if os.path.exists(midi) else None
