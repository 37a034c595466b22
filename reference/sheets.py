"""Contact sheets of a corpus: a stick figure every half beat, from the front and from three
quarters, over the sound's spectrogram with its beats.

    python reference/sheets.py CORPUS docs/corpus            # one PNG a genre
    python reference/sheets.py CORPUS OUT --stem item00012   # one pair
"""

import argparse
import io
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import soundfile
from PIL import Image

BEATS = 8
STEP = 1.35  # metres from pose to pose
LEFT, RIGHT, MIDDLE = "#c1272d", "#1f5fa8", "#222222"
FEET = ((7, 10), (8, 11))  # ankle, ball: left, right


def planted(positions, fps):
    """(frames, 2): whether each foot stands, by the ball's height and speed."""
    ground = np.percentile(positions[:, [10, 11], 1].min(1), 5) - 0.02
    speed = np.linalg.norm(np.gradient(positions, 1 / fps, axis=0), axis=-1)
    return np.stack(
        [(positions[:, ball, 1] - ground < 0.05) & (speed[:, ball] < 0.2) for _, ball in FEET], 1
    )


def colour(joint):
    if joint in (1, 4, 7, 10, 13, 16, 18, 20):
        return LEFT
    return RIGHT if joint in (2, 5, 8, 11, 14, 17, 19, 21) else MIDDLE


def draw_row(axes, positions, parents, stands, frames, angle, counts):
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    for i, frame in enumerate(frames):
        pose = positions[frame].copy()
        pose[:, [0, 2]] -= pose[0, [0, 2]]
        across = (pose[:, [0, 2]] @ turn.T)[:, 0] + STEP * i
        for joint, parent in enumerate(parents):
            if parent >= 0:
                axes.plot(
                    across[[joint, parent]],
                    pose[[joint, parent], 1],
                    color=colour(joint),
                    lw=1.1,
                    solid_capstyle="round",
                )
        axes.plot(across[15], pose[15, 1] + 0.06, "o", color=MIDDLE, ms=4.2, mfc="white", mew=1)
        for side, (_, ball) in enumerate(FEET):
            if stands[frame, side]:
                axes.plot(across[ball], 0.0, "^", color=(LEFT, RIGHT)[side], ms=3.4)
        if counts:
            axes.text(STEP * i, 2.12, counts[i], ha="center", fontsize=7)
    axes.axhline(0, color="gray", lw=0.6)
    axes.set_xlim(-0.9, STEP * (len(frames) - 1) + 0.9)
    axes.set_ylim(-0.12, 2.3)
    axes.set_aspect("equal")
    axes.axis("off")


def draw_sound(axes, samples, rate, start, end, beats, downbeats):
    hop, size = 256, 1024
    start, end = max(start, 0), min(end, len(samples) / rate)
    part = samples[int(start * rate) : int(end * rate)]
    frames = max(1, 1 + (len(part) - size) // hop)
    index = np.arange(size)[None] + hop * np.arange(frames)[:, None]
    power = np.abs(np.fft.rfft(part[np.minimum(index, len(part) - 1)] * np.hanning(size)))[:, :380]
    bins = np.unique(np.geomspace(2, 379, 90).astype(int))
    picture = 20 * np.log10(power[:, bins].T + 1e-3)
    axes.imshow(
        picture,
        origin="lower",
        aspect="auto",
        extent=(start, end, 0, 1),
        cmap="magma",
        vmin=picture.max() - 65,
        vmax=picture.max(),
    )
    for time in beats:
        if start <= time <= end:
            strong = np.min(np.abs(np.asarray(downbeats) - time), initial=9) < 1e-3
            axes.axvline(time, color="white", lw=1.5 if strong else 0.7)
    axes.set_xlim(start, end)
    axes.set_yticks([])
    axes.tick_params(labelsize=6)


def sheet(path, out, first=None):
    annotations = json.loads(path.with_suffix(".json").read_text())
    data = np.load(path.with_suffix(".npz"))
    samples, rate = soundfile.read(path.with_suffix(".flac"), dtype="float32")
    samples = samples if samples.ndim == 1 else samples.mean(1)
    positions, parents, fps = data["positions"], data["parents"], float(data["fps"])
    beats = np.array(annotations["beats"])
    downbeats = annotations.get("downbeats") or []
    if first is None:  # a downbeat in the middle of the sample
        wanted = beats[int(len(beats) * 0.45)]
        start = min(downbeats, key=lambda t: abs(t - wanted)) if downbeats else wanted
        first = int(np.argmin(np.abs(beats - start)))
    first = max(0, min(first, len(beats) - BEATS - 1))
    times = np.interp(
        np.arange(2 * BEATS) / 2, np.arange(BEATS + 1), beats[first : first + BEATS + 1]
    )
    frames = np.minimum((times * fps).round().astype(int), len(positions) - 1)
    meter = int(annotations.get("meter", 4) or 4)
    counts = []
    for i in range(2 * BEATS):
        counts.append(str(i // 2 % meter + 1) if i % 2 == 0 else "&")
    ground = np.percentile(positions[:, [10, 11], 1].min(1), 5) - 0.02
    positions = positions - np.array([0, ground, 0])
    stands = planted(positions, fps)
    figure, axes = plt.subplots(3, 1, figsize=(14, 4.5), height_ratios=[2.3, 2.3, 0.9], dpi=95)
    danced = [
        p
        for p in annotations.get("dance", {}).get("phrases", [])
        if p["first_beat"] < first + BEATS and p["first_beat"] + p["beats"] > first
    ]
    names = "; ".join(
        f"{p['lower']} / {p['upper']}" + (" (half time)" if p["half_time"] else "") for p in danced
    )
    figure.suptitle(
        f"{annotations.get('genre', path.stem)}, {annotations['tempo']:.0f} bpm: {names}"[:200],
        fontsize=8,
    )
    draw_row(axes[0], positions, parents, stands, frames, 0.0, counts)
    draw_row(axes[1], positions, parents, stands, frames, 0.8, None)
    margin = 0.9 / STEP * (times[-1] - times[0]) / (2 * BEATS - 1)  # align poses with their times
    draw_sound(axes[2], samples, rate, times[0] - margin, times[-1] + margin, beats, downbeats)
    figure.tight_layout(pad=0.4)
    raw = io.BytesIO()
    figure.savefig(raw)
    plt.close(figure)
    out.parent.mkdir(parents=True, exist_ok=True)
    Image.open(raw).convert("RGB").quantize(64).save(out, optimize=True)
    print(out, out.stat().st_size // 1024, "KB")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--stem")
    parser.add_argument("--first-beat", type=int)
    arguments = parser.parse_args()
    chosen = {}
    for path in sorted(arguments.corpus.rglob("*.json")):
        annotations = json.loads(path.read_text())
        if "beats" not in annotations or (arguments.stem and path.stem != arguments.stem):
            continue
        name = (
            path.stem
            if arguments.stem
            else annotations.get("genre", "unknown").replace(" ", "-").replace("/", "-")
        )
        music = annotations.get("music")
        composed = isinstance(music, dict) and music.get("kind") == "composed"
        if name not in chosen or (composed and not chosen[name][1]):
            chosen[name] = (path, composed)
    for name, (path, _) in sorted(chosen.items()):
        sheet(path, arguments.out / f"{name}.png", arguments.first_beat)


if __name__ == "__main__":
    main()
