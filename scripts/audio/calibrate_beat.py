#!/usr/bin/python3
"""The weights of the beat's confidence (src/audio/beat_tracker.cpp): a logistic regression of being right on what it is made of.

    calibrate_beat.py FOLDER

FOLDER was filled by cross_validate.py --keep: music that nothing was learned from. Right is a tempo within 4 % with the last
beat within 70 ms; a right tempo with a wrong beat counts half. Each piece counts the same. Needs python3-numpy."""

import json
import sys

import numpy as np

import beat_scores

folder = sys.argv[1]
inputs, targets, weights = [], [], []
for piece in json.load(open(f"{folder}/judged.json")):
    tempo = np.array([[float(x) for x in line.split()] for line in open(f"{folder}/{piece['name']}.tempo")])
    beats = beat_scores.columns(f"{folder}/{piece['name']}.beats", 1)[:, 0]
    truth = np.array(piece["beats"])
    tempo = tempo[(tempo[:, 0] > 2) & (tempo[:, 0] < truth[-1]) & (tempo[:, 1] > 0)]
    if not len(tempo) or not len(beats): continue
    right = np.abs(tempo[:, 1] / np.interp(tempo[:, 0], (truth[:-1] + truth[1:]) / 2, 60 / np.diff(truth)) - 1) <= beat_scores.TEMPO
    last = beats[np.maximum(0, np.searchsorted(beats, tempo[:, 0]) - 1)]
    near = np.array([np.min(np.abs(truth - beat)) for beat in last]) <= beat_scores.WINDOW
    inputs.append(tempo[:, 3:9])
    targets.append(0.5 * right + 0.5 * (right & near))
    weights.append(np.full(len(tempo), 1 / len(tempo)))
x, y, w = np.concatenate(inputs), np.concatenate(targets), np.concatenate(weights)
x = np.column_stack([np.ones(len(x)), x])
theta = np.zeros(x.shape[1])
for _ in range(60):  # Newton's method, with a little ridge
    p = 1 / (1 + np.exp(-x @ theta))
    gradient = x.T @ (w * (y - p)) - 1e-2 * theta
    hessian = (x * (w * p * (1 - p))[:, None]).T @ x + 1e-2 * np.eye(len(theta))
    theta += np.linalg.solve(hessian, gradient)
print("constant and weights:", " ".join(f"{value:.2f}" for value in theta))
p = 1 / (1 + np.exp(-x @ theta))
print(f"area under curve {beat_scores.area_under_curve(p, y > 0.75):.3f} (tempo and beat), {beat_scores.area_under_curve(p, y > 0.25):.3f} (tempo)")
for low in np.arange(0, 1, 0.2):
    some = (p >= low) & (p < low + 0.2)
    if some.any(): print(f"confidence {low:.1f} to {low + 0.2:.1f}: right {np.average(y[some], weights=w[some]):.2f}, {100 * w[some].sum() / w.sum():.0f} % of the time")
