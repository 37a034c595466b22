"""The denoisers of docs/networks.md: architectures `base` and `paper`; `unet` is in unet.py."""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .config import CONTROL_FEATURES, Config
from .layers import Attention, Conv, GroupNorm, TimeEmbedding, attention, geglu, linear, rotary
from .unet import UNet


def small_normal(layer: nn.Module, deviation: float) -> nn.Module:
    """Normal weights, no bias to begin with."""
    nn.init.normal_(layer.weight, std=deviation)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def normal_parameter(*shape: int) -> nn.Parameter:
    return nn.Parameter(torch.randn(*shape) * 0.02)


def zero(layer: nn.Module) -> nn.Module:
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)
    return layer


def input_layer(inputs: int, outputs: int, bias: bool = True) -> nn.Module:
    return small_normal(linear(inputs, outputs, bias), 0.02)


class BaseBlock(nn.Module):
    def __init__(self, config: Config, fusion: bool) -> None:
        super().__init__()
        h, multiple = config["hidden"], config["ffn_multiple"]
        deviation = 0.02 * (2 * config["blocks"]) ** -0.5
        self.heads = config["heads"]
        self.norm1, self.norm2 = nn.LayerNorm(h, eps=1e-5), nn.LayerNorm(h, eps=1e-5)
        self.query, self.key, self.value = (input_layer(h, h, False) for _ in range(3))
        self.out = small_normal(linear(h, h), deviation)
        self.fuse = input_layer(h, h, False) if fusion else None
        self.ffn_in = input_layer(h, 2 * multiple * h)
        self.ffn_out = small_normal(linear(multiple * h, h), deviation)

    def keys(self, s: Tensor, positions: Tensor) -> tuple[Tensor, Tensor]:
        y = self.norm1(s)
        return rotary(self.key(y), self.heads, positions), self.value(y)

    def forward(self, s: Tensor, positions: Tensor, keys: Tensor, values: Tensor,
                key_mask: Tensor | None) -> Tensor:
        query = rotary(self.query(self.norm1(s)), self.heads, positions)
        s = s + self.out(attention(query, keys, values, self.heads, key_mask))
        return s + self.ffn_out(geglu(self.ffn_in(self.norm2(s))))


class BaseTransformer(nn.Module):
    def __init__(self, config: Config, latent: int) -> None:
        super().__init__()
        h = config["hidden"]
        self.inpainting = config["inpainting"]
        self.time, self.condition_time = TimeEmbedding(h), TimeEmbedding(h)
        self.input = input_layer(latent + self.inpainting, h)
        self.condition = input_layer(latent, h)
        self.controls = zero(linear(CONTROL_FEATURES, h, False)) if config["controls"] else None
        self.null, self.modality = normal_parameter(h), normal_parameter(3, h)
        fusion = config.get("fusion", False)
        self.blocks = nn.ModuleList(BaseBlock(config, fusion and i % 2 == 0)
                                    for i in range(config["blocks"]))
        self.norm_out = nn.LayerNorm(h, eps=1e-5)
        self.output = zero(linear(h, latent))

    def condition_tokens(self, condition: Tensor, keep: Tensor, noise_level: Tensor) -> Tensor:
        tokens = torch.where(keep.bool()[:, None, None], self.condition(condition), self.null)
        return tokens + self.condition_time(noise_level)[:, None] + self.modality[1]

    def target_tokens(self, x: Tensor, t: Tensor, inpainting_mask: Tensor | None,
                      controls: Tensor | None) -> Tensor:
        embedding = self.time(t)[:, None]
        if self.inpainting:
            flag = (
                torch.zeros_like(x[..., :1])
                if inpainting_mask is None
                else inpainting_mask.to(x.dtype)[..., None]
            )
            x = torch.cat([x, flag], -1)
        tokens = self.input(x)
        if self.controls is not None and controls is not None:
            tokens = tokens + self.controls(controls)
        return torch.cat([embedding + self.modality[0], tokens + embedding + self.modality[2]], 1)

    def forward(self, x: Tensor, t: Tensor, condition: Tensor, keep: Tensor, noise_level: Tensor,
                inpainting_mask: Tensor | None = None, controls: Tensor | None = None,
                mask: Tensor | None = None, condition_mask: Tensor | None = None) -> Tensor:
        """x (B, L, d), t (B), condition (B, Lc, d), keep and noise_level (B) -> (B, L, d)."""
        batch, frames = x.shape[:2]
        c = self.condition_tokens(condition, keep, noise_level)
        s = self.target_tokens(x, t, inpainting_mask, controls)
        c_positions = torch.arange(c.shape[1], device=x.device)
        s_positions = torch.cat([c_positions.new_zeros(1),
                                 torch.arange(frames, device=x.device)])
        one = torch.ones(batch, 1, dtype=torch.bool, device=x.device)
        x_mask = one.expand(-1, frames) if mask is None else mask.bool()
        c_mask = one.expand(-1, c.shape[1]) if condition_mask is None else condition_mask.bool()
        all_mask = torch.cat([one, x_mask, c_mask], 1)
        for block in self.blocks:
            c_keys, c_values = block.keys(c, c_positions)
            if block.fuse is not None:  # each frame gets its own frame of the condition
                s = torch.cat([s[:, :1], s[:, 1:] + block.fuse(block.norm1(c))], 1)
            s_keys, s_values = block.keys(s, s_positions)
            s = block(s, s_positions, torch.cat([s_keys, c_keys], 1),
                      torch.cat([s_values, c_values], 1), all_mask)
            c = block(c, c_positions, c_keys, c_values, c_mask)
        return self.output(self.norm_out(s[:, 1:]))


class PaperBlock(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        h, multiple, kernel = config["hidden"], config["ffn_multiple"], config["ffn_kernel"]
        self.norm_in, self.proj_in = GroupNorm(h, 32, 1e-6), linear(h, h)
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(h, eps=1e-5) for _ in range(3))
        self.attention1, self.attention2 = (Attention(h, config["heads"]) for _ in range(2))
        self.ffn_in = Conv(h, 2 * multiple * h, kernel)
        self.ffn_out = Conv(multiple * h, h, kernel)
        self.proj_out = zero(linear(h, h))

    def ffn(self, s: Tensor, mask: Tensor, segments: list[int]) -> Tensor:
        outputs = []
        for part, valid in zip(s.split(segments, 1), mask.split(segments, 1)):
            valid = valid[..., None].to(s.dtype)
            outputs.append(self.ffn_out(geglu(self.ffn_in(part * valid)) * valid))
        return torch.cat(outputs, 1)

    def forward(self, s: Tensor, mask: Tensor, segments: list[int]) -> Tensor:
        rest = s
        s = self.proj_in(self.norm_in(s, mask))
        s = s + self.attention1(self.norm1(s), mask)
        s = s + self.attention2(self.norm2(s), mask)
        s = s + self.ffn(self.norm3(s), mask, segments)
        return rest + self.proj_out(s)


class PaperCondition(nn.Module):
    def __init__(self, latent: int, hidden: int) -> None:
        super().__init__()
        self.add_module("in", linear(latent, hidden))
        self.out, self.norm = linear(hidden, hidden), nn.LayerNorm(hidden, eps=1e-5)

    def forward(self, c: Tensor) -> Tensor:
        first = self.get_submodule("in")
        return self.norm(self.out(F.gelu(first(c), approximate="tanh")))


class PaperTransformer(nn.Module):
    def __init__(self, config: Config, latent: int) -> None:
        super().__init__()
        h = config["hidden"]
        self.time = TimeEmbedding(h)
        self.input = Conv(latent, h, 5)
        self.condition = PaperCondition(latent, h)
        self.null = normal_parameter(h)
        self.positions = normal_parameter(config["max_tokens"], h)
        self.blocks = nn.ModuleList(PaperBlock(config) for _ in range(config["blocks"]))
        self.norm_out = GroupNorm(h, 16, 1e-6)
        self.output = linear(h, latent)

    def forward(self, x: Tensor, t: Tensor, condition: Tensor, keep: Tensor, noise_level: Tensor,
                inpainting_mask: Tensor | None = None, controls: Tensor | None = None,
                mask: Tensor | None = None, condition_mask: Tensor | None = None) -> Tensor:
        """As BaseTransformer; noise_level, inpainting_mask and controls have no part in it."""
        batch, frames = x.shape[:2]
        one = torch.ones(batch, 1, dtype=torch.bool, device=x.device)
        x_mask = one.expand(-1, frames) if mask is None else mask.bool()
        c_mask = one.expand(-1, condition.shape[1]) if condition_mask is None \
            else condition_mask.bool()
        c = torch.where(keep.bool()[:, None, None], self.condition(condition), self.null)
        target = self.input(x * x_mask[..., None].to(x.dtype))
        s = torch.cat([self.time(t)[:, None], c, target], 1)
        s = s + self.positions[:s.shape[1]]
        all_mask = torch.cat([one, c_mask, x_mask], 1)
        for block in self.blocks:
            s = block(s, all_mask, [1, c.shape[1], frames])
        return self.output(self.norm_out(s, all_mask)[:, -frames:])


def transformer(config: Config, latent: int) -> nn.Module:
    architectures = {"base": BaseTransformer, "paper": PaperTransformer, "unet": UNet}
    return architectures[config["architecture"]](config, latent)
