"""The U-Net of docs/networks.md, "Architecture unet", in the transformer's place."""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .config import CONTROL_FEATURES, Config
from .layers import Conv, TimeEmbedding, attention, linear, rotary

Mask = Tensor | None


def counted(x: Tensor, mask: Mask) -> Tensor:
    """Zeros in the frames that do not count."""
    return x if mask is None else x * mask[..., None].to(x.dtype)


class Residual(nn.Module):
    def __init__(self, hidden: int, inputs: int, outputs: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(inputs, eps=1e-5), nn.LayerNorm(outputs, eps=1e-5)
        self.conv1, self.conv2 = Conv(inputs, outputs, 3), Conv(outputs, outputs, 3)
        self.time = linear(hidden, 2 * outputs)
        self.shortcut = Conv(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x: Tensor, time: Tensor, mask: Mask) -> Tensor:
        scale, shift = self.time(F.silu(time)).chunk(2, -1)
        y = self.conv1(counted(F.silu(self.norm1(x)), mask))
        y = self.norm2(y) * (1 + scale) + shift
        return self.shortcut(x) + self.conv2(counted(F.silu(y), mask))


class Attention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm, self.heads = nn.LayerNorm(width, eps=1e-5), heads
        self.query, self.key, self.value = (linear(width, width, False) for _ in range(3))
        for layer in (self.query, self.key, self.value):
            nn.init.normal_(layer.weight, std=0.02)
        self.out = linear(width, width)

    def forward(self, x: Tensor, mask: Mask) -> Tensor:
        y, places = self.norm(x), torch.arange(x.shape[1], device=x.device)
        query, key = (rotary(layer(y), self.heads, places) for layer in (self.query, self.key))
        return x + self.out(attention(query, key, self.value(y), self.heads, mask))


class Level(nn.Module):
    """Blocks, and what changes the number of frames behind them: `down` or `up`."""

    def __init__(
        self, hidden: int, inputs: int, outputs: int, blocks: int, change: str | None
    ) -> None:
        super().__init__()
        widths = [inputs] + [outputs] * blocks
        self.blocks = nn.ModuleList(Residual(hidden, a, b) for a, b in zip(widths, widths[1:]))
        if change == "down":
            self.down = Conv(outputs, outputs, 3, 2, (0, 1))
        if change == "up":
            self.up = Conv(outputs, outputs, 3)

    def forward(self, x: Tensor, time: Tensor, mask: Mask) -> Tensor:
        for block in self.blocks:
            x = block(x, time, mask)
        return x


class UNet(nn.Module):
    def __init__(self, config: Config, latent: int) -> None:
        super().__init__()
        h = config["hidden"]
        widths = [h * multiplier for multiplier in config["multipliers"]]
        last = len(widths) - 1
        self.inpainting = config["inpainting"]
        self.step = 2 ** last
        self.null = nn.Parameter(torch.randn(h) * 0.02)
        self.time, self.condition_time = TimeEmbedding(h), TimeEmbedding(h)
        self.condition = linear(latent, h)
        self.input = Conv(latent + self.inpainting + h, h, 3)
        self.controls = None
        if config["controls"]:
            self.controls = linear(CONTROL_FEATURES, h, False)
            nn.init.zeros_(self.controls.weight)
        self.down = nn.ModuleList(
            Level(h, before, width, config["blocks"], "down" if i < last else None)
            for i, (before, width) in enumerate(zip([h] + widths, widths)))
        self.middle = nn.ModuleDict({"block1": Residual(h, widths[-1], widths[-1]),
                                     "attention": Attention(widths[-1], config["heads"]),
                                     "block2": Residual(h, widths[-1], widths[-1])})
        behind = widths[1:] + widths[-1:]
        self.up = nn.ModuleList(
            Level(h, behind[i] + width, width, config["blocks"], "up" if i > 0 else None)
            for i, width in enumerate(widths))
        self.norm_out = nn.LayerNorm(widths[0], eps=1e-5)
        self.output = Conv(widths[0], latent, 3)
        for parameter in self.output.parameters():
            nn.init.zeros_(parameter)

    def entry(
        self,
        x: Tensor,
        condition: Tensor,
        keep: Tensor,
        noise_level: Tensor,
        inpainting_mask: Tensor | None,
        condition_mask: Mask,
    ) -> Tensor:
        """Input of the first convolution, (B, L, channels)."""
        tokens = torch.where(keep.bool()[:, None, None], self.condition(condition), self.null)
        tokens = counted(tokens + self.condition_time(noise_level)[:, None], condition_mask)
        flag = (
            torch.zeros_like(x[..., :1])
            if inpainting_mask is None
            else inpainting_mask[..., None].to(x.dtype)
        )
        return torch.cat([x, flag, tokens] if self.inpainting else [x, tokens], -1)

    def masks(self, frames: int, extra: int, like: Tensor, mask: Mask) -> list[Mask]:
        """For each level; a coarse frame counts when one of its two does."""
        if mask is None and extra == 0:
            return [None] * len(self.down)
        valid = torch.ones(like.shape[:2], device=like.device) if mask is None else mask.float()
        masks = [F.pad(valid, (0, extra)) > 0]
        while len(masks) < len(self.down):
            masks.append(masks[-1].unflatten(1, (-1, 2)).any(2))
        return masks

    def levels(self, s: Tensor, time: Tensor, masks: list[Mask]) -> Tensor:
        skips = []
        for i, level in enumerate(self.down):
            s = level(s, time, masks[i])
            skips.append(s)
            if i + 1 < len(masks):
                s = level.down(counted(s, masks[i]))
        s = self.middle["block1"](s, time, masks[-1])
        s = self.middle["block2"](self.middle["attention"](s, masks[-1]), time, masks[-1])
        for i in reversed(range(len(masks))):
            s = self.up[i](torch.cat([s, skips[i]], -1), time, masks[i])
            if i > 0:
                s = self.up[i].up(counted(s.repeat_interleave(2, 1), masks[i - 1]))
        return s

    def forward(self, x: Tensor, t: Tensor, condition: Tensor, keep: Tensor, noise_level: Tensor,
                inpainting_mask: Tensor | None = None, controls: Tensor | None = None,
                mask: Mask = None, condition_mask: Mask = None) -> Tensor:
        """As BaseTransformer: x (B, L, d) -> (B, L, d)."""
        frames = x.shape[1]
        extra = -frames % self.step
        masks = self.masks(frames, extra, x, mask)
        s = self.entry(x, condition, keep, noise_level, inpainting_mask, condition_mask)
        s = self.input(counted(F.pad(s, (0, 0, 0, extra)), masks[0]))
        if self.controls is not None and controls is not None:
            s = s + F.pad(self.controls(controls), (0, 0, 0, extra))
        s = F.silu(self.norm_out(self.levels(s, self.time(t)[:, None], masks)))
        return self.output(counted(s, masks[0]))[:, :frames]
