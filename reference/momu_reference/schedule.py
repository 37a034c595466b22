"""The noise schedule and its conversions (docs/diffusion.md). Numbers in double."""
from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from .config import Config


@dataclass
class Schedule:
    alpha: np.ndarray  # (T)
    sigma: np.ndarray  # (T)
    predict_v: bool

    @property
    def steps(self) -> int:
        return len(self.alpha)

    def clean(self, x: Tensor, out: Tensor, t: int) -> Tensor:
        """x0-hat from the network's output at t."""
        a, s = float(self.alpha[t]), float(self.sigma[t])
        return a * x - s * out if self.predict_v else (x - s * out) / a

    def noise(self, x: Tensor, out: Tensor, t: int) -> Tensor:
        """e-hat from the network's output at t."""
        a, s = float(self.alpha[t]), float(self.sigma[t])
        return s * x + a * out if self.predict_v else out

    def add_noise(self, clean: Tensor, noise: Tensor, t: int) -> Tensor:
        return float(self.alpha[t]) * clean + float(self.sigma[t]) * noise

    def target(self, clean: Tensor, noise: Tensor, t: int) -> Tensor:
        if not self.predict_v:
            return noise
        return float(self.alpha[t]) * noise - float(self.sigma[t]) * clean

    def loss_weight(self, t: int) -> float:
        """min-SNR weights, gamma 5."""
        signal, noise = float(self.alpha[t]) ** 2, float(self.sigma[t]) ** 2
        snr = signal / noise
        return min(snr + 1, 5.0) / (snr + 1) if self.predict_v else \
            (1.0 if snr == 0 else min(snr, 5.0) / snr)

    def condition_at(self, condition: Tensor, noise: Tensor, noise_level: int) -> Tensor:
        """The condition at a noise level 0..T."""
        if noise_level == 0:
            return condition
        return float(self.alpha[noise_level - 1]) * self.add_noise(
            condition, noise, noise_level - 1
        )


def schedule(config: Config) -> Schedule:
    total = config["steps"]
    start, end = math.sqrt(config["beta_start"]), math.sqrt(config["beta_end"])
    beta = (start + np.arange(total) * (end - start) / (total - 1)) ** 2
    s = np.sqrt(np.cumprod(1 - beta))
    if config["zero_terminal_snr"]:
        s = (s - s[-1]) * s[0] / (s[0] - s[-1])
    return Schedule(s, np.sqrt(1 - s * s), config["prediction"] == "v")


def timesteps(total: int, count: int, dpm_solver: bool) -> list[int]:
    """The timesteps at which the network is run, falling."""
    if dpm_solver:
        return [int(math.floor(total - i * total / count + 0.5)) - 1 for i in range(count)]
    stride = total // count
    return [min(1 + k * stride, total - 1) for k in reversed(range(count))]
