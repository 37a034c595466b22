"""The beat tracker of a dance, by its rhythm, and of a song, by its latents (docs/networks.md,
"Beat tracker")."""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .config import Config
from .layers import Conv, linear
from .transformer import BaseBlock

HEADS, FFN_MULTIPLE = 4, 2


class BeatTracker(nn.Module):
    """(B, L, inputs) -> (B, L * down): the logit of a beat in each frame."""

    def __init__(self, config: Config, inputs: int, down: int) -> None:
        super().__init__()
        c, blocks = config["channels"], config["blocks"]
        self.first, self.second = Conv(inputs, c, 5), Conv(c, c, 5)
        block = {"hidden": c, "ffn_multiple": FFN_MULTIPLE, "heads": HEADS, "blocks": blocks}
        self.blocks = nn.ModuleList(BaseBlock(block, False) for _ in range(blocks))
        self.norm, self.head = nn.LayerNorm(c), linear(c, down)

    def forward(self, x: Tensor) -> Tensor:
        s = self.second(F.gelu(self.first(x)))
        places = torch.arange(x.shape[1], device=x.device)
        everywhere = torch.ones(x.shape[:2], dtype=torch.bool, device=x.device)
        for block in self.blocks:
            s = block(s, places, *block.keys(s, places), everywhere)
        return self.head(self.norm(s)).flatten(1)
