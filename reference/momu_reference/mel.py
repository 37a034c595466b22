"""The log-mel spectrogram of docs/features.md."""
from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .config import Config


def hz_to_mel(hz: float) -> float:
    return hz * 3 / 200 if hz < 1000 else 15 + np.log(hz / 1000) * 27 / np.log(6.4)


def mel_to_hz(mel: np.ndarray) -> np.ndarray:
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp(np.log(6.4) / 27 * (mel - 15)))


def filters(clock: Config) -> np.ndarray:
    """(bins, bands): Slaney's triangles, each with an area of 1."""
    places = np.linspace(hz_to_mel(clock["mel_low"]), hz_to_mel(clock["mel_high"]),
                         clock["mel_bands"] + 2)
    hz = mel_to_hz(places)
    bins = np.arange(clock["n_fft"] // 2 + 1)[:, None] * clock["sample_rate"] / clock["n_fft"]
    left, centre, right = hz[:-2], hz[1:-1], hz[2:]
    triangles = np.minimum((bins - left) / (centre - left), (right - bins) / (right - centre))
    return np.maximum(triangles, 0) * 2 / (right - left)


def log_mel(mono: np.ndarray, clock: Config) -> np.ndarray:
    """Samples at the clock's rate -> (frames, bands)."""
    n_fft, hop = clock["n_fft"], clock["hop"]
    padded = np.pad(np.clip(mono, -1, 1), (n_fft - hop) // 2, mode="reflect")
    count = len(mono) // hop
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    frames = np.lib.stride_tricks.sliding_window_view(padded, n_fft)[::hop][:count]
    spectrum = np.fft.rfft(frames * window)
    magnitude = np.sqrt(spectrum.real ** 2 + spectrum.imag ** 2 + 1e-9)
    return np.log10(np.maximum(magnitude @ filters(clock), 1e-5)).astype(np.float32)


def log_mel_of(wave: Tensor, clock: Config) -> Tensor:
    """The same of a batch (B, frames * hop), with gradients: (B, frames, bands)."""
    n_fft, hop = clock["n_fft"], clock["hop"]
    padded = F.pad(wave[:, None], ((n_fft - hop) // 2,) * 2, mode="reflect")[:, 0]
    window = torch.hann_window(n_fft, dtype=wave.dtype, device=wave.device)
    z = torch.stft(padded, n_fft, hop, window=window, center=False, return_complex=True)
    magnitude = (z.real.square() + z.imag.square() + 1e-9).sqrt().transpose(1, 2)
    bank = torch.from_numpy(filters(clock)).to(wave)
    return (magnitude @ bank).clamp(min=1e-5).log10()
