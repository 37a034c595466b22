"""The genre classifier of dances, by their latents; evaluation networks have the same layers
(docs/networks.md, "Genre classifier")."""
from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .layers import Conv, linear

GENRES = 16
RBF_COUNT, SLOWEST, FASTEST, WIDTH = 40, 60, 200, 0.05


def block(wide: int) -> nn.ModuleDict:
    return nn.ModuleDict({"norm": nn.LayerNorm(wide), "in": Conv(wide, wide, 3),
                          "out": Conv(wide, wide, 3)})


class Classifier(nn.Module):
    """(B, T, in) -> (B, outputs)."""

    def __init__(self, inputs: int, wide: int, outputs: int) -> None:
        super().__init__()
        narrow = wide // 4 * 3
        self.first, self.first_norm = Conv(inputs, narrow, 5, 2), nn.LayerNorm(narrow)
        self.second, self.second_norm = Conv(narrow, wide, 5, 2), nn.LayerNorm(wide)
        self.blocks = nn.ModuleList(block(wide) for _ in range(2))
        self.norm, self.embed = nn.LayerNorm(wide), linear(wide, wide)
        self.head = linear(wide, outputs)

    def forward(self, x: Tensor) -> Tensor:
        x = F.gelu(self.first_norm(self.first(x)))
        x = F.gelu(self.second_norm(self.second(x)))
        for layers in self.blocks:
            x = x + layers["out"](F.gelu(layers["in"](layers["norm"](x))))
        return self.head(F.gelu(self.embed(self.norm(x).mean(1))))


class TempoGenre(nn.Linear):
    """Logits of the genres from the tempo alone, by radial basis functions (RBF): beats a minute
    (B), 0 unknown -> (B, 16)."""

    def __init__(self) -> None:
        super().__init__(RBF_COUNT, GENRES)
        nn.init.zeros_(self.weight)
        nn.init.zeros_(self.bias)

    def forward(self, tempo: Tensor) -> Tensor:
        middles = torch.linspace(0, math.log2(FASTEST / SLOWEST), RBF_COUNT, device=tempo.device)
        octaves = torch.log2(tempo.clamp(min=1e-9) / SLOWEST)[:, None]
        features = torch.exp(-0.5 * ((octaves - middles) / WIDTH) ** 2) * (tempo > 0)[:, None]
        return super().forward(features.to(self.weight.dtype))
