"""Two measurements that momu eval lacks, of a model on a dataset's test split:

transitions  the first five seconds are inpainting targets, ten more are generated: do the joints'
             speed and acceleration, the sound's loudness and its spectrum change at the transition
             by no more than inside clips (the 99th percentile of the same quantity)?
structure    a minute of music for a dance of a minute: power from 4 to 8 kHz, how stable chords are
             within a bar, and how much bars return later, and the same of the ground truth through
             the model's autoencoder and vocoder.

    MOMU_LIBRARY=build/lib/libmomu.so python reference/measure_long.py CORPUS MODEL \
        [--samples N] [--seed N]
"""

from __future__ import annotations

import argparse
import ctypes
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "bindings" / "python"))
import momu  # noqa: E402

KEPT, SECONDS, MINUTE, RATE, HOP = 5.0, 15.0, 60.0, 16000, 256


def spectrogram(samples: np.ndarray) -> np.ndarray:
    """(frames, 513) magnitudes, a frame each 16 ms."""
    window = np.hanning(1024)
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(samples, 512), 1024)[::HOP]
    return np.abs(np.fft.rfft(frames * window, axis=1))


def cut(audio: np.ndarray, seconds: float) -> np.ndarray:
    return audio[: int(seconds * RATE)]


def read(folder: Path, stem: str) -> tuple[np.ndarray, "momu.Motion", dict]:
    samples = momu.Audio.read(folder / f"{stem}.flac").samples.mean(1)
    return (
        samples,
        momu.Motion.read(folder / f"{stem}.npz"),
        json.loads((folder / f"{stem}.json").read_text()),
    )


def first_seconds(motion: "momu.Motion", seconds: float) -> "momu.Motion":
    frames = int(seconds * motion.fps)
    return momu.Motion(motion.positions[:frames], motion.fps, names=list(motion.joint_names))


# ---- transitions ----


def motion_curves(motion: "momu.Motion") -> dict[str, tuple[np.ndarray, float]]:
    places = motion.positions - motion.positions[:, :1] * [1, 0, 1]
    velocity = np.diff(places, axis=0) * motion.fps
    return {
        "joint speed": (np.linalg.norm(velocity, axis=2).mean(1), motion.fps),
        "joint acceleration": (
            np.linalg.norm(np.diff(velocity, axis=0), axis=2).mean(1) * motion.fps,
            motion.fps,
        ),
    }


def sound_curves(samples: np.ndarray) -> dict[str, tuple[np.ndarray, float]]:
    power = np.log10(spectrogram(samples) ** 2 + 1e-6)
    loudness = 10 * np.log10((spectrogram(samples) ** 2).sum(1) + 1e-3)
    step = 4  # 64 ms
    return {
        "loudness": (np.abs(loudness[step:] - loudness[:-step]), RATE / HOP),
        "spectrum": (np.abs(power[step:] - power[:-step]).mean(1), RATE / HOP),
    }


def at_transition(curve: np.ndarray, rate: float) -> tuple[bool, float]:
    """Whether the greatest value within 100 ms of the transition is below the 99th percentile of
    such greatest values elsewhere."""
    width = max(1, int(0.1 * rate))
    most = np.lib.stride_tricks.sliding_window_view(curve, 2 * width).max(1)
    transition = int(KEPT * rate) - width
    others = np.delete(
        most, range(max(0, transition - 3 * width), min(len(most), transition + 3 * width))
    )
    limit = np.percentile(others, 99)
    return bool(most[transition] <= limit), float(most[transition] / limit)


def transitions(model: "momu.Model", folder: Path, stems: list[str], seed: int) -> None:
    ratios: dict[str, list[tuple[bool, float]]] = {}
    for stem in stems:
        samples, motion, _ = read(folder, stem)
        if len(samples) < SECONDS * RATE:
            continue
        dance = first_seconds(motion, SECONDS)
        song = momu.Audio(cut(samples, SECONDS), RATE)
        generated = model.motion_to_music(dance, seed=seed, inpainting_audio=(song, [(0.0, KEPT)]))
        curves = sound_curves(generated.samples[:, 0])
        generated = model.music_to_motion(song, seed=seed, inpainting_motion=(dance, [(0.0, KEPT)]))
        curves |= motion_curves(generated)
        for name, (curve, rate) in curves.items():
            ratios.setdefault(name, []).append(at_transition(curve, rate))
    print(
        "| transition after 5 s of target | clips | within the 99th percentile | "
        "median of its ratio |\n|---|---|---|---|"
    )
    for name, values in ratios.items():
        inside = np.mean([v for v, _ in values])
        print(
            f"| {name} | {len(values)} | {100 * inside:.0f} % | "
            f"{np.median([r for _, r in values]):.2f} |"
        )


# ---- structure ----


def chroma(samples: np.ndarray) -> np.ndarray:
    """(frames, 12)"""
    power = spectrogram(samples) ** 2
    hertz = np.fft.rfftfreq(1024, 1 / RATE)
    keep = (hertz > 60) & (hertz < 4000)
    classes = np.round(12 * np.log2(hertz[keep] / 440)).astype(int) % 12
    return np.stack([power[:, keep][:, classes == c].sum(1) for c in range(12)], 1)


def cosine(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a * b).sum(-1) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1) + 1e-9)


def structure_of(samples: np.ndarray, bars: np.ndarray) -> tuple[float, float, float]:
    """Share of power from 4 to 8 kHz; how alike the two halves of a bar are; how alike a bar is
    to the most alike one four bars or more away, less the mean over all of those."""
    power = (spectrogram(samples) ** 2).mean(0)
    high = power[256:].sum() / power.sum()
    tones, frames = chroma(samples), (bars * RATE / HOP).astype(int)
    spans = [(a, b) for a, b in zip(frames, frames[1:]) if b <= len(tones) and b - a > 8]
    halves = [(tones[a : (a + b) // 2].mean(0), tones[(a + b) // 2 : b].mean(0)) for a, b in spans]
    stable = float(np.mean([cosine(x, y) for x, y in halves]))
    means = np.stack([tones[a:b].mean(0) for a, b in spans])
    alike = cosine(means[:, None], means[None])
    far = np.abs(np.subtract.outer(np.arange(len(means)), np.arange(len(means)))) >= 4
    returns = [row[mask].max() - row[mask].mean() for row, mask in zip(alike, far) if mask.any()]
    return float(high), stable, float(np.mean(returns))


def reconstruct(model: "momu.Model", song: "momu.Audio") -> np.ndarray:
    """Through the model's autoencoder and vocoder: momu/experimental.h, which the binding leaves
    out."""
    import os

    library = ctypes.CDLL(os.environ.get("MOMU_LIBRARY", "libmomu.so.0"))
    pointer = ctypes.c_void_p
    for name in (
        "momu_context_create",
        "momu_model_load",
        "momu_audio_create",
        "momu_audio_reconstruct",
    ):
        getattr(library, name).restype = ctypes.c_int32
    library.momu_audio_get_samples.restype = ctypes.POINTER(ctypes.c_float)
    library.momu_audio_get_frames.restype = ctypes.c_int64
    context, loaded, source, generated = pointer(), pointer(), pointer(), pointer()
    samples = np.ascontiguousarray(song.samples, np.float32)
    done = [
        library.momu_context_create(None, ctypes.byref(context), None),
        library.momu_model_load(os.fsencode(model.path), None, ctypes.byref(loaded), None),
        library.momu_audio_create(
            context,
            samples.ctypes.data_as(pointer),
            ctypes.c_int64(len(samples)),
            1,
            ctypes.c_double(song.rate),
            ctypes.byref(source),
        ),
        library.momu_audio_reconstruct(context, loaded, source, ctypes.byref(generated)),
    ]
    if any(done):
        raise RuntimeError(f"the sound could not be reconstructed: {done}")
    out = np.ctypeslib.as_array(
        library.momu_audio_get_samples(generated), (library.momu_audio_get_frames(generated),)
    ).copy()
    library.momu_audio_destroy(generated)
    library.momu_audio_destroy(source)
    library.momu_model_release(loaded)
    library.momu_context_destroy(context)
    return out


def structure(model: "momu.Model", folder: Path, stems: list[str], seed: int) -> None:
    rows = []
    for stem in stems:
        samples, motion, annotations = read(folder, stem)
        bars = np.array(annotations.get("downbeats") or annotations["beats"][::4])
        bars = bars[bars < MINUTE]
        if len(samples) < MINUTE * RATE or len(bars) < 12:
            continue
        generated = model.motion_to_music(first_seconds(motion, MINUTE), seed=seed).samples[:, 0]
        truth = reconstruct(model, momu.Audio(cut(samples, MINUTE), RATE))
        rows.append(
            (
                structure_of(truth, bars),
                structure_of(generated, bars),
                structure_of(cut(samples, MINUTE), bars),
            )
        )
    values = np.array(rows)
    print(
        "\n| a minute of music | samples | truth | truth through autoencoder and vocoder | "
        "generated | generated / through |\n|---|---|---|---|---|---|"
    )
    for i, name in enumerate(
        ("share of power 4 to 8 kHz", "chord within a bar (cosine of its halves)", "return of bars")
    ):
        through, own, truth = (np.median(values[:, k, i]) for k in (0, 1, 2))
        print(
            f"| {name} | {len(rows)} | {truth:.4f} | {through:.4f} | "
            f"{own:.4f} | {own / through:.2f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("model")
    parser.add_argument("--samples", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    model = momu.load(options.model)
    model.path = options.model
    folder = options.corpus / "test"
    stems = sorted(p.stem for p in folder.glob("*.npz"))
    transitions(model, folder, stems[: options.samples], options.seed)
    structure(model, folder, stems[: options.samples], options.seed)


main()
