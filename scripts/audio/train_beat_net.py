#!/usr/bin/python3
"""Trains the beat network: what it hears in, the phase within the beat and the beat's place in the bar out.

    train_beat_net.py INPUTS SET.json... --out NET.npz [--leave-out PIECE,...] [--epochs N] [--seed N]

INPUTS holds NAME.f32 (bench/audio/beat_inputs) for every name in the sets, which say where the beats are. A piece that is
left out is left out in all its variants. Needs python3-torch, python3-numpy and libopenblas0-pthread (without it, ten times as slow)."""

import argparse
import json
import os
import time

import numpy as np
import torch

INPUT, HIDDEN, PHASES, BAR = 48, 64, 16, 4
HOP_SECONDS = 512 / 44100
CHUNK = 1024  # frames: 11.9 seconds


class Net(torch.nn.Module):
    def __init__(self, mean, std):
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean))
        self.register_buffer("std", torch.tensor(std))
        self.first = torch.nn.GRU(INPUT, HIDDEN, batch_first=True)
        self.second = torch.nn.GRU(HIDDEN, HIDDEN, batch_first=True)
        self.head = torch.nn.Linear(HIDDEN, PHASES + BAR)
        self.drop = torch.nn.Dropout(0.2)

    def forward(self, x, state=(None, None)):
        a, s0 = self.first((x - self.mean) / self.std, state[0])
        b, s1 = self.second(self.drop(a), state[1])
        return self.head(self.drop(b)), (s0, s1)


def targets(beats, frames):
    """Phase bin and bar position at the end of each hop; -1 where no beat is near."""
    now = (np.arange(frames) + 1) * HOP_SECONDS
    position = np.interp(now, beats, np.arange(len(beats)), left=-1, right=-1)
    known = (now >= beats[0]) & (now < beats[-1])
    phase = np.where(known, np.minimum(PHASES - 1, ((position % 1) * PHASES).astype(int)), -1)
    bar = np.where(known, np.floor(position).astype(int) % BAR, -1)
    return phase, bar


def load(inputs, sets, left_out):
    data = []
    for path in sets:
        for piece in json.load(open(path)):
            if piece["source"] in left_out: continue
            x = np.fromfile(os.path.join(inputs, piece["name"] + ".f32"), np.float32).reshape(-1, INPUT)
            phase, bar = targets(np.array(piece["beats"]), len(x))
            data.append((torch.tensor(x), torch.tensor(phase), torch.tensor(bar)))
    return data


def varied(x, generator):
    """The same music through another loudspeaker: a smooth change of every band's loudness, and of how sharp it is."""
    groups = INPUT // 2
    knots = torch.randn(x.shape[0], 5, generator=generator) * 0.35
    curve = torch.nn.functional.interpolate(knots[:, None, :], size=groups, mode="linear", align_corners=True)[:, 0]
    loud = torch.clamp(x[..., :groups] + curve[:, None, :] * (x[..., :groups] > 0.1), min=0)
    rise = x[..., groups:] * torch.exp(torch.randn(x.shape[0], 1, 1, generator=generator) * 0.15 + curve[:, None, :] * 0.3)
    return torch.cat([loud, rise], -1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs")
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--out", required=True)
    parser.add_argument("--leave-out", default="")
    parser.add_argument("--epochs", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--go-on", metavar="NET.npz", help="begin with what this one has learned")
    parser.add_argument("--rate", type=float, default=4e-3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    generator = torch.Generator().manual_seed(options.seed)
    data = load(options.inputs, options.sets, set(filter(None, options.leave_out.split(","))))
    everything = torch.cat([x for x, _, _ in data])
    net = Net(everything.mean(0).numpy(), everything.std(0).numpy() + 0.01)
    if options.go_on: net.load_state_dict({name: torch.tensor(value) for name, value in np.load(options.go_on).items()})
    batch = 32
    chunks = sum(len(x) // CHUNK for x, _, _ in data)
    steps = options.epochs * (chunks // batch + 1)
    optimizer = torch.optim.AdamW(net.parameters(), lr=options.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=options.rate, total_steps=steps, pct_start=0.1)
    def save(): np.savez(options.out, **{name: value.detach().numpy() for name, value in net.state_dict().items()})

    began, running = time.time(), None
    for step in range(steps):
        rows = []
        for _ in range(batch):
            x, phase, bar = data[int(torch.randint(len(data), (1,), generator=generator))]
            at = int(torch.randint(len(x) - CHUNK, (1,), generator=generator))
            rows.append((x[at:at + CHUNK], phase[at:at + CHUNK], bar[at:at + CHUNK]))
        x, phase, bar = (torch.stack(column) for column in zip(*rows))
        out, _ = net(varied(x, generator))
        entropy = torch.nn.functional.cross_entropy
        loss_phase = entropy(out[..., :PHASES].reshape(-1, PHASES), phase.reshape(-1), ignore_index=-1)
        loss_bar = entropy(out[..., PHASES:].reshape(-1, BAR), bar.reshape(-1), ignore_index=-1)
        optimizer.zero_grad()
        (loss_phase + 0.3 * loss_bar).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        now = np.array([loss_phase.item(), loss_bar.item()])
        running = now if running is None else 0.97 * running + 0.03 * now
        if step % 50 == 0: print(f"step {step}/{steps} {time.time() - began:.0f} s  phase {running[0]:.3f}  bar {running[1]:.3f}", flush=True)
        if step % 50 == 49: save()
    save()


if __name__ == "__main__":
    main()
