"""The autoencoder of docs/networks.md; music and motion are the same network."""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .config import Config
from .layers import Conv, GroupNorm, attention, linear


def norm(channels: int, groups: int) -> nn.Module:
    if groups > 0:
        return GroupNorm(channels, min(groups, channels), 1e-6)
    return nn.LayerNorm(channels, eps=1e-6)


class Residual(nn.Module):
    def __init__(self, inputs: int, outputs: int, kernel: int, groups: int) -> None:
        super().__init__()
        self.norm1, self.conv1 = norm(inputs, groups), Conv(inputs, outputs, kernel)
        self.norm2, self.conv2 = norm(outputs, groups), Conv(outputs, outputs, kernel)
        self.shortcut = Conv(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(F.silu(self.norm1(x)))
        return self.shortcut(x) + self.conv2(F.silu(self.norm2(y)))


class FrameAttention(nn.Module):
    """One head over all frames."""

    def __init__(self, channels: int, groups: int) -> None:
        super().__init__()
        self.norm = norm(channels, groups)
        self.query, self.key, self.value, self.out = (linear(channels, channels) for _ in range(4))

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm(x)
        return x + self.out(attention(self.query(y), self.key(y), self.value(y), 1))


class Middle(nn.Module):
    def __init__(self, channels: int, kernel: int, config: Config) -> None:
        super().__init__()
        self.block1 = Residual(channels, channels, kernel, config["groups"])
        self.attention = FrameAttention(channels, config["groups"]) if config["attention"] \
            else nn.Identity()
        self.block2 = Residual(channels, channels, kernel, config["groups"])

    def forward(self, x: Tensor) -> Tensor:
        return self.block2(self.attention(self.block1(x)))


class Upsample(Conv):
    """Each frame twice, then a convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels, channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.repeat_interleave(2, dim=1))


def blocks(inputs: int, outputs: int, count: int, kernel: int, groups: int) -> nn.ModuleList:
    widths = [inputs] + [outputs] * count
    return nn.ModuleList(Residual(a, b, kernel, groups) for a, b in zip(widths, widths[1:]))


class Encoder(nn.Module):
    def __init__(self, config: Config, inputs: int, latent: int) -> None:
        super().__init__()
        groups, kernel = config["groups"], config["kernel"]
        widths = [config["channels"] * m for m in config["multipliers"]]
        self.conv_in = Conv(inputs, widths[0], kernel)
        self.levels = nn.ModuleList()
        for before, width, down in zip(widths[:1] + widths, widths, config["down"]):
            level = nn.Module()
            level.blocks = blocks(before, width, config["blocks"], kernel, groups)
            level.down = Conv(width, width, 3, 2, (0, 1)) if down else nn.Identity()
            self.levels.append(level)
        self.middle = Middle(widths[-1], kernel, config)
        self.norm_out = norm(widths[-1], groups)
        self.conv_out = Conv(widths[-1], 2 * latent, kernel)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv_in(x)
        for level in self.levels:
            for block in level.blocks:
                x = block(x)
            x = level.down(x)
        return self.conv_out(F.silu(self.norm_out(self.middle(x))))


class Decoder(nn.Module):
    def __init__(self, config: Config, outputs: int, latent: int) -> None:
        super().__init__()
        groups, kernel, down = config["groups"], config["decoder_kernel"], config["down"]
        widths = [config["channels"] * m for m in config["multipliers"]]
        self.conv_in = Conv(latent, widths[-1], config["kernel"])
        self.middle = Middle(widths[-1], kernel, config)
        self.up_in = Upsample(widths[-1]) if down[-1] else nn.Identity()
        self.levels = nn.ModuleList()
        for i, width in enumerate(widths):
            level = nn.Module()
            before = widths[min(i + 1, len(widths) - 1)]
            level.blocks = blocks(before, width, config["blocks"] + 1, kernel, groups)
            level.up = Upsample(width) if i > 0 and down[i - 1] else nn.Identity()
            self.levels.append(level)
        self.norm_out = norm(widths[0], groups)
        self.conv_out = Conv(widths[0], outputs, config["kernel"])

    def forward(self, z: Tensor) -> Tensor:
        x = self.up_in(self.middle(self.conv_in(z)))
        for level in reversed(self.levels):
            for block in level.blocks:
                x = block(x)
            x = level.up(x)
        return self.conv_out(F.silu(self.norm_out(x)))


class Autoencoder(nn.Module):
    def __init__(self, config: Config, inputs: int, latent: int) -> None:
        super().__init__()
        self.encoder = Encoder(config, inputs, latent)
        self.quant = Conv(2 * latent, 2 * latent, 1)
        self.post_quant = Conv(latent, latent, 1)
        self.decoder = Decoder(config, inputs, latent)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(B, T, in) standardised -> mean, logvar (B, T/down, latent)."""
        mean, logvar = self.quant(self.encoder(x)).chunk(2, -1)
        return mean, logvar.clamp(-30, 20)

    def decode(self, z: Tensor) -> Tensor:
        return self.decoder(self.post_quant(z))


class KeypointEncoder(nn.Module):
    """The encoder's half alone: (B, T, 42) -> mean (B, T/down, latent)."""

    def __init__(self, config: Config, inputs: int, latent: int) -> None:
        super().__init__()
        self.encoder = Encoder(config, inputs, latent)
        self.quant = Conv(2 * latent, 2 * latent, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.quant(self.encoder(x)).chunk(2, -1)[0]


def sample_posterior(mean: Tensor, logvar: Tensor, noise: Tensor) -> Tensor:
    return mean + torch.exp(logvar / 2) * noise
