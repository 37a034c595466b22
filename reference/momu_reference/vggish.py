"""VGGish (Hershey et al. 2017) with the front end of AudioSet's public code, and torchvggish's
names."""

from __future__ import annotations

import math

import torch
from torch import nn


def log_mel(sound: torch.Tensor) -> torch.Tensor:
    """(samples) at 16 kHz -> (frames, 64)."""
    frames = sound.double().unfold(0, 400, 160) * (
        0.5 - 0.5 * torch.cos(2 * math.pi * torch.arange(400, dtype=torch.float64) / 400)
    )
    magnitudes = torch.fft.rfft(frames, n=512).abs()

    def mel(hertz):
        return 1127.0 * torch.log(1 + torch.as_tensor(hertz, dtype=torch.float64) / 700.0)

    bins, edges = mel(torch.linspace(0, 8000, 257, dtype=torch.float64)), torch.linspace(
        float(mel(125.0)), float(mel(7500.0)), 66, dtype=torch.float64
    )
    rising = (bins[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins[:, None]) / (edges[2:] - edges[1:-1])
    matrix = torch.minimum(rising, falling).clamp(min=0)
    matrix[0] = 0
    return torch.log(magnitudes @ matrix + 0.01).float()


class VGGish(nn.Module):
    """patches (B, 1, 96, 64) -> (B, 128), without the ReLU at the end."""

    def __init__(self, widths=(64, 128, 256, 256, 512, 512), hidden=4096):
        super().__init__()
        layers, before = [], 1
        for width, pooled in zip(widths, (True, True, False, True, False, True)):
            layers += [nn.Conv2d(before, width, 3, padding=1), nn.ReLU()] + (
                [nn.MaxPool2d(2)] if pooled else []
            )
            before = width
        self.features = nn.Sequential(*layers)
        self.embeddings = nn.Sequential(
            nn.Linear(24 * before, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, 128),
        )

    def forward(self, patches):
        return self.embeddings(self.features(patches).permute(0, 2, 3, 1).flatten(1))


def embed(network: VGGish, sound: torch.Tensor) -> torch.Tensor:
    mel = log_mel(sound)
    patches = mel[: len(mel) // 96 * 96].reshape(-1, 1, 96, 64)
    return network(patches)
