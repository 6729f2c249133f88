"""How likely what is taken for the beat is twice, or half, as fast as the beat (BeatLevels in src/audio/beat_patterns.hpp).

A logistic regression for each of the two, on what MetricalLevel makes of music that the model did not learn from: of all
moments whose tempo is right or is that factor of it, each piece counting the same."""

import numpy as np

import beat_scores

SECONDS, EVIDENCE = 9, slice(10, 19)  # columns of what `beat_lab track` says of tempo
AT_LEAST = 2  # seconds of evidence, as in metrical_level.cpp
FACTORS = (2, 0.5)


def moments(piece, folder):
    """Of the moments with enough evidence: the evidence, and the tempo as a multiple of the right one."""
    rows = beat_scores.columns(f"{folder}/{piece['name']}.tempo", 19)
    truth = np.array(piece["beats"])
    rows = rows[(rows[:, 0] > min(beat_scores.FROM, truth[0] + AT_LEAST)) & (rows[:, 0] <= truth[-1]) & (rows[:, 1] > 0) & (rows[:, SECONDS] > AT_LEAST)]
    return rows[:, EVIDENCE], rows[:, 1] / np.interp(rows[:, 0], (truth[:-1] + truth[1:]) / 2, 60 / np.diff(truth))


def fit(music):
    """The two rows of weights, from a list of what moments() says of each piece."""
    return [regression([(evidence, ratio) for evidence, ratio in music], factor) for factor in FACTORS]


def regression(music, factor):
    inputs, wrong, weights = [], [], []
    for evidence, ratio in music:
        is_wrong = np.abs(ratio / factor - 1) <= beat_scores.TEMPO
        counts = is_wrong | (np.abs(ratio - 1) <= beat_scores.TEMPO)
        if not counts.any(): continue
        inputs.append(evidence[counts])
        wrong.append(is_wrong[counts])
        weights.append(np.full(int(counts.sum()), 10 / len(ratio)))
    x, y, w = np.concatenate(inputs), np.concatenate(wrong).astype(float), np.concatenate(weights)
    scale = np.append(x[:, :-1].std(0) + 1e-9, 1)  # the last is always 1
    x = x / scale
    theta, ridge = np.zeros(x.shape[1]), np.append(np.ones(x.shape[1] - 1), 1e-6)
    for _ in range(40):  # Newton's method
        p = 1 / (1 + np.exp(-np.clip(x @ theta, -40, 40)))
        gradient = x.T @ (w * (p - y)) + ridge * theta
        theta -= np.linalg.solve((x * (w * p * (1 - p))[:, None]).T @ x + np.diag(ridge), gradient)
    return theta / scale
