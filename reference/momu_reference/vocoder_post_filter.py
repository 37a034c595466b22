"""The vocoder post-filter, which steadies held sounds (docs/networks.md, "Vocoder"), in NumPy and
double."""

from __future__ import annotations

import numpy as np

from .config import Config
from .mel import filters
from .philox import philox

CROSSING, WIDTH, ROUNDS, MOMENTUM = 1000.0, 400.0, 30, 0.99


def hann(size: int) -> np.ndarray:
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)


def analyse(wave: np.ndarray, size: int, hop: int, frames: int) -> np.ndarray:
    """(frames, size / 2 + 1); frame k is centred at (k + 0.5) hop, outside is the reflection."""
    padded = np.pad(wave, (size - hop) // 2, mode="reflect")
    return np.fft.rfft(
        np.lib.stride_tricks.sliding_window_view(padded, size)[::hop][:frames] * hann(size)
    )


def synthesise(spectrum: np.ndarray, size: int, hop: int) -> np.ndarray:
    pad, window = (size - hop) // 2, hann(size)
    wave = np.zeros((len(spectrum) - 1) * hop + size)
    weight = np.zeros_like(wave)
    for k, frame in enumerate(np.fft.irfft(spectrum, size) * window):
        wave[k * hop : k * hop + size] += frame
        weight[k * hop : k * hop + size] += window**2
    return (wave / np.where(weight > 1e-8, weight, np.inf))[pad : pad + len(spectrum) * hop]


def magnitudes(mel: np.ndarray, bank: np.ndarray) -> np.ndarray:
    """Non-negative x whose x @ bank is 10^mel: multiplicative updates (Lee and Seung)."""
    wanted, weight = 10.0 ** np.minimum(mel, 4), bank.sum(1)
    x = np.full((len(mel), len(bank)), 1e-3)
    for _ in range(ROUNDS):
        correction = (wanted / np.maximum(x @ bank, 1e-9)) @ bank.T
        x = np.where(weight > 0, x * correction / np.where(weight > 0, weight, 1), 0)
    return x


def low_band(mel: np.ndarray, clock: Config, factor: int, iterations: int, seed: int) -> np.ndarray:
    """Fast Griffin-Lim (Perraudin 2013) of what lies below rate / (2 factor), at rate / factor."""
    size, hop, bins = (
        clock["n_fft"] // factor,
        clock["hop"] // factor,
        clock["n_fft"] // 2 // factor + 1,
    )
    bank = filters(clock)
    whole = [b for b in range(bank.shape[1]) if not bank[bins:, b].any()]
    bank = factor * bank[:bins][:, whole]
    size_of = magnitudes(mel[:, whole], bank)
    words = philox(seed, 3, np.arange((size_of.size + 3) // 4)).reshape(-1)[: size_of.size]
    spectrum = size_of * np.exp(
        2j * np.pi * ((words >> np.uint64(8)) * 2.0**-24).reshape(size_of.shape)
    )
    last = np.zeros_like(spectrum)
    for round_ in range(iterations):
        now = analyse(synthesise(spectrum, size, hop), size, hop, len(mel))
        guess = now - (MOMENTUM / (1 + MOMENTUM) if round_ else 0) * last
        last = now
        length = np.abs(guess)
        spectrum = np.where(length > 1e-12, guess / np.maximum(length, 1e-12), 1) * size_of
    return synthesise(spectrum, size, hop)


def post_filter(
    wave: np.ndarray, mel: np.ndarray, clock: Config, iterations: int = 32, seed: int = 0
) -> np.ndarray:
    """wave (frames * hop), which a vocoder made of mel (frames, bands), log10. A quarter of the
    rate must hold 1200 Hz."""
    size, hop, factor = clock["n_fft"], clock["hop"], 4
    low = (
        analyse(
            low_band(mel, clock, factor, iterations, seed), size // factor, hop // factor, len(mel)
        )
        * factor
    )
    spectrum = analyse(wave, size, hop, len(mel))
    kept = low.shape[1] - 1  # without the lower rate's own end
    share = np.clip((np.arange(kept) * clock["sample_rate"] / size - CROSSING) / WIDTH + 0.5, 0, 1)
    bank = filters(clock)
    total = bank.sum(1)
    share[total[:kept] <= 1e-6] = 1
    spectrum[:, :kept] = share * spectrum[:, :kept] + (1 - share) * low[:, :kept]
    band = np.sqrt(np.abs(spectrum) ** 2 + 1e-9) @ bank
    gain = np.clip(10.0**mel / np.maximum(band, 1e-5), 0.1, 2)
    return synthesise(
        spectrum * np.where(total > 1e-6, gain @ bank.T / np.maximum(total, 1e-6), 1), size, hop
    )
