#!/usr/bin/env python3
"""How well beats are followed.

First what cross-validation said the last time (beat_cross_validation.txt, by scripts/audio/cross_validate.py):
music that nothing was learned from. Then, with VJ_AUDIO_SET=FOLDER, what vjctl analyze says of FOLDER/truth.json, a
list of name, wav, beats and tags ("midi" or "edm" first), beside aubio where python3-aubio is installed."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
BUILD = pathlib.Path(os.environ.get("VJ_BUILD_DIR", SOURCE / "build-bench"))


def main():
    print((HERE / "beat_cross_validation.txt").read_text(), end="")
    music = os.environ.get("VJ_AUDIO_SET")
    if not music: return
    sys.path.insert(0, str(SOURCE / "scripts" / "audio"))
    try:
        import beat_scores
        from cross_validate import aubio_of
    except ImportError as problem:
        raise SystemExit(f"{problem}: needs python3-numpy")
    truth = [piece for piece in json.load(open(os.path.join(music, "truth.json"))) if piece.get("beats") and "ambiguous" not in piece["tags"]]
    print(f"\nvjctl analyze on {len(truth)} excerpts of {os.path.basename(os.path.abspath(music))}")
    print(beat_scores.HEADER)
    with tempfile.TemporaryDirectory() as folder:
        wavs = [os.path.join(music, piece["wav"]) for piece in truth]
        subprocess.run([BUILD / "bin" / "vjctl", "analyze", "--home", folder, "--out", folder, *wavs], check=True, stdout=subprocess.DEVNULL)
        print_scores(beat_scores, truth, folder, "")
        try:
            for piece, wav in zip(truth, wavs): aubio_of(wav, f"{folder}/{piece['name']}")
            print_scores(beat_scores, truth, folder, "aubio, ")
        except ImportError:
            print("aubio: python3-aubio is not installed")


def print_scores(beat_scores, truth, folder, who):
    for kind in ("midi", "edm"):
        pieces = []
        for piece in truth:
            begins = min([x for x in (piece.get("first_note"), piece.get("drums_from")) if x is not None], default=0)
            if piece["tags"][0] == kind: pieces.append(dict(piece, begins=begins))
        if pieces: print(beat_scores.row(who + kind, [beat_scores.score(piece, folder) for piece in pieces]))


if __name__ == "__main__":
    main()
