"""The encoder of docs/networks.md, "Learned condition encoder", which learns with the
transformer whose condition it makes; and MFCCs."""
from __future__ import annotations

import numpy as np
from scipy.fft import dct
from torch import Tensor, nn
from torch.nn import functional as F

from .layers import Conv

MFCCS = 40


def mfcc(mel: np.ndarray) -> np.ndarray:
    """(frames, bands) log-mel -> (frames, 40)."""
    return dct(mel.astype(np.float64), type=2, norm="ortho", axis=1)[:, :MFCCS].astype(np.float32)


class Block(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm1, self.conv1 = nn.LayerNorm(channels, eps=1e-6), Conv(channels, channels, 5)
        self.norm2, self.conv2 = nn.LayerNorm(channels, eps=1e-6), Conv(channels, channels, 5)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(F.silu(self.norm2(self.conv1(F.silu(self.norm1(x))))))


class ConditionEncoder(nn.Module):
    """(B, T, inputs) standardised -> (B, T / down, latent)."""

    def __init__(self, inputs: int, channels: int, down: int, latent: int) -> None:
        super().__init__()
        halvings = down.bit_length() - 1
        self.conv_in = Conv(inputs, channels, 5)
        self.blocks = nn.ModuleList(Block(channels) for _ in range(halvings + 1))
        self.down = nn.ModuleList(Conv(channels, channels, 3, 2, (0, 1)) for _ in range(halvings))
        self.norm_out, self.conv_out = nn.LayerNorm(channels, eps=1e-6), Conv(channels, latent, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv_in(x)
        for block, down in zip(self.blocks, self.down):
            x = down(block(x))
        return self.conv_out(F.silu(self.norm_out(self.blocks[-1](x))))
