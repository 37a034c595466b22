"""The vocoder of docs/networks.md."""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .config import Config
from .layers import Conv, Depthwise, linear


class Block(nn.Module):
    def __init__(self, dim: int, ffn: int, layers: int) -> None:
        super().__init__()
        self.depthwise, self.norm = Depthwise(dim, 7), nn.LayerNorm(dim, eps=1e-6)
        self.add_module("in", linear(dim, ffn))
        self.out = linear(ffn, dim)
        self.scale = nn.Parameter(torch.full((dim,), 1 / layers))

    def forward(self, x: Tensor) -> Tensor:
        y = self.get_submodule("in")(self.norm(self.depthwise(x)))
        return x + self.scale * self.out(F.gelu(y))


class Vocoder(nn.Module):
    def __init__(self, config: Config, mel_bands: int = 80, n_fft: int = 1024) -> None:
        super().__init__()
        dim, layers = config["dim"], config["layers"]
        self.conv_in, self.norm_in = Conv(mel_bands, dim, 7), nn.LayerNorm(dim, eps=1e-6)
        self.blocks = nn.ModuleList(Block(dim, config["ffn"], layers) for _ in range(layers))
        self.norm_out, self.head = nn.LayerNorm(dim, eps=1e-6), linear(dim, n_fft + 2)

    def forward(self, mel: Tensor) -> Tensor:
        """mel (B, T, bands) standardised -> (B, T, n_fft + 2): log magnitudes, then phases."""
        x = self.norm_in(self.conv_in(mel))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm_out(x))


def synthesis(head: Tensor, n_fft: int = 1024, hop: int = 256) -> Tensor:
    """head (B, T, n_fft + 2) -> (B, T * hop): inverse STFT, overlap-add, trimmed."""
    magnitude, phase = head.chunk(2, -1)
    spectrum = torch.polar(magnitude.exp().clamp(max=100.0), phase)
    window = torch.hann_window(n_fft, dtype=head.dtype, device=head.device)
    frames = torch.fft.irfft(spectrum, n_fft) * window
    length = (head.shape[1] - 1) * hop + n_fft

    def overlap_add(x: Tensor) -> Tensor:
        return F.fold(x.transpose(1, 2), (1, length), (1, n_fft), stride=(1, hop))[:, 0, 0]

    weight = overlap_add(window.square().expand(1, head.shape[1], -1))
    trim = (n_fft - hop) // 2
    return (overlap_add(frames)[:, trim:length - trim] / weight[:, trim:length - trim])
