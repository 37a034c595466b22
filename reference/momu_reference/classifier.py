"""What tells a dance's genre by its latents, and what judges are (docs/MODEL.md, section 6f)."""
from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from .layers import Conv, linear

GENRES = 16


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
