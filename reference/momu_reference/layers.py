"""Layers on (batch, frames, channels), with weights in the model file's order
(docs/networks.md)."""
from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def linear(inputs: int, outputs: int, bias: bool = True) -> nn.Linear:
    layer = nn.Linear(inputs, outputs, bias)
    bound = inputs ** -0.5
    for parameter in layer.parameters():
        nn.init.uniform_(parameter, -bound, bound)
    return layer


class Conv(nn.Module):
    """weight (out, kernel, in); "same" zero padding unless said otherwise."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1,
                 padding: tuple[int, int] | None = None) -> None:
        super().__init__()
        bound = (inputs * kernel) ** -0.5
        self.weight = nn.Parameter(torch.empty(outputs, kernel, inputs).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(outputs).uniform_(-bound, bound))
        self.stride = stride
        self.padding = padding or ((kernel - 1) // 2, (kernel - 1) // 2)

    def forward(self, x: Tensor) -> Tensor:
        x = F.pad(x.transpose(1, 2), self.padding)
        return F.conv1d(x, self.weight.transpose(1, 2), self.bias, self.stride).transpose(1, 2)


class Depthwise(nn.Module):
    """weight (channels, kernel)."""

    def __init__(self, channels: int, kernel: int) -> None:
        super().__init__()
        bound = kernel ** -0.5
        self.weight = nn.Parameter(torch.empty(channels, kernel).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(channels).uniform_(-bound, bound))

    def forward(self, x: Tensor) -> Tensor:
        channels, kernel = self.weight.shape
        y = F.conv1d(x.transpose(1, 2), self.weight[:, None], self.bias, padding=kernel // 2,
                     groups=channels)
        return y.transpose(1, 2)


class GroupNorm(nn.Module):
    """Statistics over the frames that count and the channels of each group."""

    def __init__(self, channels: int, groups: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.groups, self.epsilon = groups, epsilon

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        batch, frames, channels = x.shape
        grouped = x.reshape(batch, frames, self.groups, -1)
        counts = torch.ones_like(grouped[..., :1]) if mask is None else \
            mask.to(x.dtype)[:, :, None, None]
        total = counts.sum((1, 3), keepdim=True) * grouped.shape[3]
        mean = (grouped * counts).sum((1, 3), keepdim=True) / total if mask is not None else \
            grouped.mean((1, 3), keepdim=True)
        centred = grouped - mean
        variance = (centred.square() * counts).sum((1, 3), keepdim=True) / total \
            if mask is not None else centred.square().mean((1, 3), keepdim=True)
        y = centred * (variance + self.epsilon).rsqrt()
        return y.reshape(batch, frames, channels) * self.weight + self.bias


class Attention(nn.Module):
    """query, key, value without a bias; out with one."""

    def __init__(self, hidden: int, heads: int) -> None:
        super().__init__()
        self.query, self.key, self.value = (linear(hidden, hidden, False) for _ in range(3))
        self.out = linear(hidden, hidden)
        self.heads = heads

    def forward(self, x: Tensor, key_mask: Tensor | None = None) -> Tensor:
        return self.out(attention(self.query(x), self.key(x), self.value(x), self.heads, key_mask))


def attention(query: Tensor, key: Tensor, value: Tensor, heads: int,
              key_mask: Tensor | None = None) -> Tensor:
    """softmax(q k^T / sqrt(D)) v for each head; key_mask (B, Tk) true: may be looked at."""
    def split(x: Tensor) -> Tensor:
        return x.unflatten(-1, (heads, -1)).transpose(1, 2)

    q, k, v = split(query), split(key), split(value)
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if key_mask is not None:
        scores = scores.masked_fill(~key_mask.bool()[:, None, None], -torch.inf)
    return (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)


def rotary(x: Tensor, heads: int, positions: Tensor) -> Tensor:
    """Rotates the pairs (i, i + D/2) of each head by positions * 10000^(-2i/D)."""
    y = x.unflatten(-1, (heads, -1))
    size = y.shape[-1]
    i = torch.arange(size // 2, dtype=torch.float64, device=x.device)
    angle = positions.to(torch.float64)[:, None] * 10000.0 ** (-2 * i / size)
    cos, sin = (f(angle)[:, None].to(x.dtype) for f in (torch.cos, torch.sin))
    u, v = y.chunk(2, -1)
    return torch.cat([u * cos - v * sin, u * sin + v * cos], -1).flatten(-2)


def geglu(x: Tensor) -> Tensor:
    a, b = x.chunk(2, -1)
    return a * F.gelu(b)


def time_feature(t: Tensor, dtype: torch.dtype) -> Tensor:
    """(B) numbers -> (B, 256): cosines, then sines."""
    i = torch.arange(128, dtype=torch.float64, device=t.device)
    angle = t.to(torch.float64)[:, None] * torch.exp(-math.log(10000.0) * i / 128)
    return torch.cat([angle.cos(), angle.sin()], 1).to(dtype)


class TimeEmbedding(nn.Module):
    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.add_module("in", linear(256, hidden))
        self.out = linear(hidden, hidden)

    def forward(self, t: Tensor) -> Tensor:
        first = self.get_submodule("in")
        return self.out(F.silu(first(time_feature(t, self.out.weight.dtype))))
