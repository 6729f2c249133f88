"""How well beats were followed: F and continuity as in mir_eval, tempo, time to lock, offset and how honest the confidence is.

The first five seconds do not count. A beat is right within 70 ms of its time, at the moment it was said; continuity (CMLt; AMLt allows
the other metrical levels and the off-beat) asks for 17.5 % in phase and period; tempo for 4 %. Bar is the share of the beats in
time that have the right number in the bar."""

import os

import numpy as np

FROM, WINDOW, TOLERANCE, TEMPO = 5.0, 0.07, 0.175, 0.04
LOCKED = 8  # beats in a row


def f_measure(truth, said):
    hits = i = j = 0
    while i < len(truth) and j < len(said):
        off = said[j] - truth[i]
        if abs(off) <= WINDOW: hits, i, j = hits + 1, i + 1, j + 1
        elif off < 0: j += 1
        else: i += 1
    return 2 * hits / (len(truth) + len(said)) if len(truth) + len(said) else 1.0


def continuity(truth, said):
    """CMLt for this level."""
    if len(truth) < 2 or len(said) < 2: return 0.0
    right, used = 0, set()
    for m, beat in enumerate(said):
        n = int(np.argmin(np.abs(truth - beat)))
        if n in used: continue
        first = n == 0 or m == 0
        if first and (n + 1 >= len(truth) or m + 1 >= len(said)): continue
        period = truth[n + 1] - truth[n] if first else truth[n] - truth[n - 1]
        ours = said[m + 1] - said[m] if first else said[m] - said[m - 1]
        if abs(beat - truth[n]) <= TOLERANCE * period and abs(1 - ours / period) <= TOLERANCE:
            right += 1
            used.add(n)
    return right / max(len(truth), len(said))


def levels(truth):
    """The beat itself and what it is taken for: the off-beat, double time, half time from either beat."""
    between = (truth[:-1] + truth[1:]) / 2
    return {"right": truth, "off-beat": between, "double": np.sort(np.concatenate([truth, between])), "half": truth[::2], "half, late": truth[1::2]}


def lock(truth, said, begins):
    """Seconds from the first sound to the first of eight beats in a row that were said, and little else."""
    hit = np.array([len(said) > 0 and np.min(np.abs(said - beat)) <= WINDOW for beat in truth])
    for i in range(len(truth) - LOCKED):
        if not hit[i:i + LOCKED].all(): continue
        if ((said > truth[i] - WINDOW) & (said < truth[i + LOCKED - 1] + WINDOW)).sum() <= LOCKED + 2: return max(0.0, truth[i] - begins)
    return None


def area_under_curve(values, right):
    ones, zeros = int(right.sum()), int((~right).sum())
    if not ones or not zeros: return None
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable") + 1
    return float((ranks[right].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def columns(path, count):
    if not os.path.exists(path): return np.zeros((0, count))
    rows = [line.split()[:count] for line in open(path) if line.strip() and line[0] != "#" and len(line.split()) >= count]
    return np.array([[float(x) for x in row] for row in rows]).reshape(-1, count)


def score(piece, folder):
    """Of `piece`, a dict with name, beats, and begins (seconds of its first sound): what NAME.beats and NAME.tempo of the folder are worth."""
    truth = np.array(piece["beats"])
    said = np.sort(columns(f"{folder}/{piece['name']}.beats", 1)[:, 0])
    tempo = columns(f"{folder}/{piece['name']}.tempo", 3)
    due, heard = truth[truth >= FROM], said[(said >= FROM) & (said <= truth[-1] + 0.3)]
    of_level = {name: f_measure(level, heard) for name, level in levels(due).items()}
    near = [heard[np.argmin(np.abs(heard - beat))] - beat for beat in due] if len(heard) else []
    off = [x for x in near if abs(x) <= WINDOW]
    result = dict(F=of_level["right"], CMLt=continuity(due, heard), AMLt=max(continuity(level, heard) for level in levels(due).values()),
                  lock=lock(truth, said, piece.get("begins", truth[0])), offset=1000 * float(np.median(off)) if off else None,
                  taken_for=max(of_level, key=of_level.get))
    if piece.get("in_four", True): result["bar"] = numbered(truth, piece.get("first_number", 1), columns(f"{folder}/{piece['name']}.beats", 3))
    within = tempo[(tempo[:, 0] >= FROM) & (tempo[:, 0] <= truth[-1])]
    if len(within):
        true_tempo = np.interp(within[:, 0], (truth[:-1] + truth[1:]) / 2, 60 / np.diff(truth))
        ratio = within[:, 1] / true_tempo
        right = np.abs(ratio - 1) <= TEMPO
        related = np.any([np.abs(ratio / factor - 1) <= TEMPO for factor in (1, 2, 0.5, 3, 1 / 3)], axis=0)
        result.update(acc1=float(right.mean()), acc2=float(related.mean()), auc=area_under_curve(within[:, 2], right),
                      tempo_error=100 * float(np.median(np.abs(ratio[right] - 1))) if right.any() else None)
    return result


def numbered(truth, first_number, beats):
    """The share of the beats on time which have the right number in their bar of four; None where there are few, or no numbers."""
    if len(beats) == 0: return None
    nearest = [int(np.argmin(np.abs(truth - at))) for at in beats[:, 0]]
    right = [(n + first_number - 1) % 4 + 1 == number for n, (at, _, number) in zip(nearest, beats) if at >= FROM and abs(truth[n] - at) <= WINDOW]
    return float(np.mean(right)) if len(right) >= 2 * LOCKED else None


def mean(results, key):
    values = [result[key] for result in results if result.get(key) is not None]
    return float(np.mean(values)) if values else float("nan")


def row(name, results):
    locks = [result["lock"] for result in results]
    reached = [x for x in locks if x is not None] or [float("nan")]
    offsets = [result["offset"] for result in results if result["offset"] is not None] or [float("nan")]
    return (f"{name:<24} {len(results):>4} " + " ".join(f"{mean(results, key):>6.3f}" for key in ("F", "CMLt", "AMLt", "acc1", "acc2")) +
            f" {np.median(reached):>7.2f} {np.percentile([45 if x is None else x for x in locks], 90):>6.1f} {np.median(offsets):>7.1f}"
            f" {mean(results, 'tempo_error'):>7.3f} {mean(results, 'auc'):>6.2f} {mean(results, 'bar'):>6.2f}")


HEADER = (f"{'music':<24} {'n':>4} {'F':>6} {'CMLt':>6} {'AMLt':>6} {'acc1':>6} {'acc2':>6} {'lock, s':>7} {'p90':>6} {'off, ms':>7}"
          f" {'tempo %':>7} {'AUC':>6} {'bar':>6}")
