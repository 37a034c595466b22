"""HiFi-GAN's and BigVGAN's generators under their public names (weight norm included), written
from docs/networks.md to hold the converter and the C code against: random weights, never trained
here."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import weight_norm


def kaiser_sinc() -> Tensor:
    """12 taps, cutoff 0.25, half width 0.3, sum 1."""
    attenuation = 2.285 * 5 * np.pi * 1.2 + 7.95
    window = np.kaiser(12, 0.1102 * (attenuation - 8.7))
    taps = 0.5 * window * np.sinc(0.5 * (np.arange(12) - 5.5))
    return torch.from_numpy(taps / taps.sum())


class SnakeBeta(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.alpha, self.beta = nn.Parameter(torch.zeros(channels)), nn.Parameter(
            torch.zeros(channels)
        )

    def forward(self, x: Tensor) -> Tensor:
        a, b = self.alpha.exp()[:, None], self.beta.exp()[:, None]
        return x + torch.sin(x * a) ** 2 / (b + 1e-9)


class Unaliased(nn.Module):
    """x (B, C, T): twice the samples, the curve, half of them."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.act = SnakeBeta(channels)
        self.register_buffer("filter", kaiser_sinc())

    def forward(self, x: Tensor) -> Tensor:
        channels = x.shape[1]
        taps = self.filter.to(x.dtype).expand(channels, 1, 12)
        x = F.pad(x, (5, 5), "replicate")
        x = 2 * F.conv_transpose1d(x, taps, stride=2, groups=channels)[..., 15:-15]
        x = F.pad(self.act(x), (5, 6), "replicate")
        return F.conv1d(x, taps, stride=2, groups=channels)


class Leaky(nn.Module):
    def __init__(self, _: int, slope: float = 0.1) -> None:
        super().__init__()
        self.slope = slope

    def forward(self, x: Tensor) -> Tensor:
        return F.leaky_relu(x, self.slope)


def conv(channels: int, kernel: int, dilation: int) -> nn.Module:
    return weight_norm(
        nn.Conv1d(
            channels, channels, kernel, dilation=dilation, padding=(kernel - 1) * dilation // 2
        )
    )


class Block(nn.Module):
    def __init__(
        self, channels: int, kernel: int, dilations: list[int], short: bool, snake: bool
    ) -> None:
        super().__init__()
        first = nn.ModuleList(conv(channels, kernel, d) for d in dilations)
        if short:
            self.convs = first
        else:
            self.convs1, self.convs2 = first, nn.ModuleList(
                conv(channels, kernel, 1) for _ in dilations
            )
        count = len(dilations) * (1 if short else 2)
        acts = nn.ModuleList((Unaliased if snake else Leaky)(channels) for _ in range(count))
        if snake:
            self.activations = acts
        self.plan = [acts, short]

    def forward(self, x: Tensor) -> Tensor:
        acts, short = self.plan
        if short:
            for act, c in zip(acts, self.convs):
                x = x + c(act(x))
            return x
        for i, (one, two) in enumerate(zip(self.convs1, self.convs2)):
            x = x + two(acts[2 * i + 1](one(acts[2 * i](x))))
        return x


class Generator(nn.Module):
    """config: the keys of the public JSON files. mel (B, bands, T) -> (B, 1, T * hop)."""

    def __init__(self, config: dict, bigvgan: bool) -> None:
        super().__init__()
        self.bigvgan, self.tanh = bigvgan, config.get("use_tanh_at_final", True)
        width, kernels = config["upsample_initial_channel"], config["resblock_kernel_sizes"]
        self.conv_pre = weight_norm(nn.Conv1d(config["num_mels"], width, 7, padding=3))
        self.ups, self.resblocks = nn.ModuleList(), nn.ModuleList()
        for rate, kernel in zip(config["upsample_rates"], config["upsample_kernel_sizes"]):
            up = weight_norm(
                nn.ConvTranspose1d(width, width // 2, kernel, rate, padding=(kernel - rate) // 2)
            )
            self.ups.append(nn.ModuleList([up]) if bigvgan else up)
            width //= 2
            for k, dilations in zip(kernels, config["resblock_dilation_sizes"]):
                self.resblocks.append(
                    Block(width, k, dilations, config["resblock"] == "2", bigvgan)
                )
        if bigvgan:
            self.activation_post = Unaliased(width)
        self.conv_post = weight_norm(
            nn.Conv1d(width, 1, 7, padding=3, bias=config.get("use_bias_at_final", True))
        )
        self.blocks = len(kernels)

    def forward(self, mel: Tensor) -> Tensor:
        x = self.conv_pre(mel)
        for i, up in enumerate(self.ups):
            x = up[0](x) if self.bigvgan else up(F.leaky_relu(x, 0.1))
            x = (
                sum(b(x) for b in self.resblocks[i * self.blocks : (i + 1) * self.blocks])
                / self.blocks
            )
        x = self.conv_post(self.activation_post(x) if self.bigvgan else F.leaky_relu(x, 0.01))
        return torch.tanh(x) if self.tanh else x.clamp(-1, 1)
