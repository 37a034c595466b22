"""A model's vocoder on the mels of real sounds, against Griffin-Lim of 60 iterations (librosa's,
without and with its momentum):

spectra    mean distance of natural log magnitudes over windows of 256, 512, 1024 and 2048 samples
onsets     sharpness: the 99th percentile of the rises of the spectral flux, by the original's
high       power from 4 to 8 kHz by the original's
lines      how far the spectrum of the loudness at the frame rate and its multiples (62.5 Hz .. 500
           Hz) stands above its neighbours 1 to 6 Hz away, dB: the buzz of the music itself; the
           original's is in the last row
buzz       of chords held for four seconds: how much their loudness varies at the frame rate (62.5
           Hz and its multiples below 500 Hz), and the power that lies more than 30 Hz from any
           partial, both in dB below the chord's; the original's are in the table, too

    python reference/measure_vocoder.py CORPUS MODEL [--samples N] [--through]

With --through the mels pass through the music autoencoder first. Needs PyTorch, librosa and
soundfile."""

from __future__ import annotations

import argparse
from pathlib import Path

import librosa
import numpy as np
import torch

from momu_reference import bundle as bundles
from momu_reference.data import first_of, read_samples
from momu_reference.mel import filters, log_mel
from momu_reference.vocoder_post_filter import post_filter
from momu_reference.vocoder import synthesis

RATE, SECONDS = 16000, 10


def by_vocoder(bundle: bundles.Bundle, mel: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        head = bundle.vocoder(bundle.stats["mel"].scale(torch.from_numpy(mel)[None]))
        return synthesis(head)[0].numpy()[: len(mel) * bundle.config["clock"]["hop"]]


def through_autoencoder(bundle: bundles.Bundle, mel: np.ndarray) -> np.ndarray:
    stats, frames = bundle.stats["mel"], len(mel) // 4 * 4
    with torch.no_grad():
        mean, _ = bundle.music_vae.encode(stats.scale(torch.from_numpy(mel[:frames])[None]))
        return stats.unscale(bundle.music_vae.decode(mean))[0].numpy()


def by_griffin_lim(mel: np.ndarray, clock: dict, momentum: float) -> np.ndarray:
    linear = librosa.util.nnls(filters(clock).T.astype(np.float32), 10.0**mel.T)
    wave = librosa.griffinlim(
        linear,
        n_iter=60,
        hop_length=256,
        win_length=1024,
        n_fft=1024,
        momentum=momentum,
        random_state=0,
    )
    return np.pad(wave, 128)  # its frame k is centred at 256 k, ours at 256 k + 128


def logs(x: np.ndarray, window: int) -> np.ndarray:
    return np.log(np.abs(librosa.stft(x, n_fft=window, hop_length=window // 4)) + 1e-3)


def lines(x: np.ndarray) -> float:
    loudness = np.convolve(x.astype(float) ** 2, np.hanning(64) / 32, "same")[64:-64]
    swing = np.abs(np.fft.rfft((loudness - loudness.mean()) * np.hanning(len(loudness))))
    rates = np.fft.rfftfreq(len(loudness), 1 / RATE)
    away = [np.abs(rates - 62.5 * k) for k in range(1, 9)]
    return 20 * np.log10(
        np.linalg.norm([swing[a < 0.3].max() for a in away])
        / np.linalg.norm([np.median(swing[(a > 1) & (a < 6)]) for a in away])
    )


def spectral_metrics(generated: np.ndarray, true: np.ndarray) -> tuple[float, float, float, float]:
    distance = np.mean(
        [np.abs(logs(generated, w) - logs(true, w)).mean() for w in (256, 512, 1024, 2048)]
    )

    def sharpness(x: np.ndarray) -> float:
        flux = np.maximum(0, np.diff(logs(x, 512), axis=1)).mean(0)
        return float(np.percentile(flux, 99))

    def high(x: np.ndarray) -> float:
        return float((np.abs(librosa.stft(x, n_fft=1024))[256:] ** 2).sum())

    return (
        float(distance),
        sharpness(generated) / sharpness(true),
        high(generated) / high(true),
        float(lines(generated)),
    )


CHORDS = {
    "A minor": (220.0, 261.63, 329.63),
    "F major, low": (87.31, 110.0, 130.81, 174.61),
    "C7, high": (523.25, 659.26, 783.99, 932.33),
}


def chord(notes: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Samples, and its partials in Hz."""
    time = np.arange(4 * RATE) / RATE
    partials = np.array([note * k for note in notes for k in range(1, 13) if note * k < 7800])
    weights = np.concatenate([[1 / k for k in range(1, 13) if note * k < 7800] for note in notes])
    phases = np.random.default_rng(0).uniform(0, 2 * np.pi, len(partials))
    wave = (weights[:, None] * np.sin(2 * np.pi * partials[:, None] * time + phases[:, None])).sum(
        0
    )
    return (0.3 * wave / np.abs(wave).max()).astype(np.float32), partials


def buzz(wave: np.ndarray, partials: np.ndarray) -> tuple[float, float]:
    held = wave[RATE // 2 : RATE // 2 + 2 * RATE + RATE // 2]
    loudness = np.convolve(held**2, np.hanning(64) / 32, "same")[64:-64]
    swing = (
        np.abs(np.fft.rfft((loudness - loudness.mean()) * np.hanning(len(loudness))))
        / len(loudness)
        * 4
    )
    rates = np.fft.rfftfreq(len(loudness), 1 / RATE)
    at_frames = [swing[np.abs(rates - 62.5 * k) < 1].max() for k in range(1, 9)]
    power = np.abs(np.fft.rfft(held * np.hanning(len(held)))) ** 2
    hertz = np.fft.rfftfreq(len(held), 1 / RATE)
    away = np.abs(hertz[:, None] - partials).min(1) > 30
    return 20 * np.log10(np.linalg.norm(at_frames) / loudness.mean()), 10 * np.log10(
        power[away].sum() / power.sum()
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("model")
    parser.add_argument("--samples", type=int, default=16)
    parser.add_argument("--through", action="store_true")
    options = parser.parse_args()
    bundle = bundles.load(options.model).eval()
    clock = bundle.config["clock"]

    def versions(wave: np.ndarray) -> dict[str, np.ndarray]:
        mel = log_mel(wave, clock)
        if options.through:
            mel = through_autoencoder(bundle, mel)
        generated = by_vocoder(bundle, mel)
        return {
            "vocoder's network": generated,
            "after the post-filter": post_filter(generated, mel, clock),
            "Griffin-Lim": by_griffin_lim(mel, clock, 0.0),
            "Griffin-Lim, fast": by_griffin_lim(mel, clock, 0.99),
        }

    rows_of: dict[str, list[tuple[float, ...]]] = {}
    folder = options.corpus / "test"
    for stem in sorted(p.stem for p in folder.glob("*.npz"))[: options.samples]:
        samples = read_samples(first_of(folder, stem, (".flac", ".wav", ".ogg")), clock)
        begin = max(0, (len(samples) - SECONDS * RATE) // 2)
        wave = samples[begin : begin + SECONDS * RATE].astype(np.float32)
        for name, generated in versions(wave).items():
            rows_of.setdefault(name, []).append(spectral_metrics(generated, wave[: len(generated)]))
        rows_of.setdefault("original", []).append(spectral_metrics(wave, wave))
    print(
        "| | samples | distance of log spectra | onset sharpness | power 4 to 8 kHz | "
        "lines, dB |\n|---|---|---|---|---|---|"
    )
    for name, rows in rows_of.items():
        print(
            f"| {name} | {len(rows)} | "
            + " | ".join(f"{v:.3f}" for v in np.median(np.array(rows), 0))
            + " |"
        )
    print(
        "\n| held chord | | swing at the frame rate, dB | power away from the partials, dB |\n"
        "|---|---|---|---|"
    )
    for title, notes in CHORDS.items():
        wave, partials = chord(notes)
        for name, generated in {"original": wave, **versions(wave)}.items():
            print(
                f"| {title} | {name} | "
                + " | ".join(f"{v:.1f}" for v in buzz(generated, partials))
                + " |"
            )


if __name__ == "__main__":
    main()
