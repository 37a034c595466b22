"""Makes scores.h beside it with librosa, SciPy and NumPy: the beat scores of LORIS between the sounds of ../dsp, and Frechet
distances between random sets. Run from this folder."""
from pathlib import Path

import librosa
import numpy as np
import scipy.linalg

RATE = 22050
HERE = Path(__file__).parent


def onsets(sound: np.ndarray) -> np.ndarray:
    return librosa.onset.onset_detect(y=sound, sr=RATE, units="time", wait=1, delta=0.2, pre_avg=3, post_avg=3, pre_max=3, post_max=3)


def bits(times: np.ndarray, seconds: int) -> np.ndarray:
    out = np.zeros(seconds, bool)
    out[[int(t) for t in times if t < seconds]] = True
    return out


def scores(pairs: list[tuple[np.ndarray, np.ndarray]]) -> list[float]:
    """OpenGVLab/LORIS, beats_scores.py: BCS, CSD, BHS, HSD, F1."""
    coverage, hits = [], []
    for made, truth in pairs:
        seconds = int(np.ceil(len(made) / RATE))
        a, b = bits(onsets(made), seconds), bits(onsets(truth), seconds)
        both = int((a & b).sum())
        coverage.append(both / a.sum() if a.any() else 0)
        hits.append(both / b.sum() if b.any() else 0)
    bcs, bhs = np.mean(coverage), np.mean(hits)
    return [100 * bcs, 100 * np.std(coverage, ddof=1), 100 * bhs, 100 * np.std(hits, ddof=1), 200 * bcs * bhs / (bcs + bhs)]


def cloud(seed: int, rows: int, channels: int) -> np.ndarray:
    """The same numbers in C: a linear congruential generator, mixed by a fixed band matrix."""
    state, values = seed, []
    for _ in range(rows * channels):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        values.append((state >> 40) / 2**24 - 0.5)
    x = np.array(values).reshape(rows, channels)
    return (x + 0.5 * np.roll(x, 1, 1) * (1 + seed / 10)).astype(np.float32)


def frechet(a: np.ndarray, b: np.ndarray) -> float:
    a, b = a.astype(np.float64), b.astype(np.float64)
    one, two = (np.atleast_2d(np.cov(x, rowvar=False)) for x in (a, b))
    root = scipy.linalg.sqrtm(one @ two).real
    return float(np.square(a.mean(0) - b.mean(0)).sum() + np.trace(one + two - 2 * root))


def main() -> None:
    sounds = [librosa.load(HERE / "../dsp" / f"{name}.flac", sr=None)[0] for name in ("music", "synthetic")]
    silent = np.zeros(3 * RATE, np.float32)
    music, made = sounds
    pairs = [(music, music), (made, music), (music, made), (made[:2 * RATE], music), (music, made[:2 * RATE]), (silent, music)]
    distances = [frechet(cloud(1, 200, 24), cloud(2, 300, 24)), frechet(cloud(3, 20, 24), cloud(4, 500, 24)),
                 frechet(cloud(5, 400, 1), cloud(6, 400, 1))]
    lines = ["/* Made by make_golden.py. */", "static const double LORIS[5] = {" + ", ".join(f"{v:.12f}" for v in scores(pairs)) + "};",
             "static const double FRECHET[3] = {" + ", ".join(f"{v:.12f}" for v in distances) + "};", ""]
    (HERE / "scores.h").write_text("\n".join(lines))


if __name__ == "__main__":
    main()
