"""Makes the transformers of a trained model deeper, without changing what they do.

    python grow.py MODEL BLOCKS OUT [SEED]

New blocks follow the old ones. Their output layers (attention's out, the feed-forward's second
matrix, the fusion) are zero, so each returns its input until it is trained (Chen et al. 2016,
Net2Net): momu train --init OUT continues from MODEL. For models of architecture base; vocoder,
autoencoders and statistics stay as they are."""

from __future__ import annotations

import json
import sys

import numpy as np
from safetensors.numpy import save_file

from graft import read


def new_block(
    prefix: str, number: int, config: dict, random: np.random.Generator
) -> dict[str, np.ndarray]:
    h, wide = config["hidden"], config["hidden"] * config["ffn_multiple"]
    zeros, ones = (lambda *shape: np.zeros(shape, np.float32)), (
        lambda *shape: np.ones(shape, np.float32)
    )
    normal = lambda *shape: random.normal(0, 0.02, shape).astype(np.float32)
    block = {
        "norm1.weight": ones(h),
        "norm1.bias": zeros(h),
        "query.weight": normal(h, h),
        "key.weight": normal(h, h),
        "value.weight": normal(h, h),
        "out.weight": zeros(h, h),
        "out.bias": zeros(h),
        "norm2.weight": ones(h),
        "norm2.bias": zeros(h),
        "ffn_in.weight": normal(2 * wide, h),
        "ffn_in.bias": zeros(2 * wide),
        "ffn_out.weight": zeros(h, wide),
        "ffn_out.bias": zeros(h),
    }
    if config.get("fusion") and number % 2 == 0:
        block["fuse.weight"] = zeros(h, h)
    return {f"{prefix}.blocks.{number}.{name}": tensor for name, tensor in block.items()}


def main() -> None:
    if len(sys.argv) not in (4, 5):
        raise SystemExit(__doc__)
    source, blocks, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    random = np.random.default_rng(int(sys.argv[4]) if len(sys.argv) == 5 else 1)
    tensors, about = read(source)
    config = json.loads(about["momu.config"])
    transformer = config["transformer"]
    if transformer["architecture"] != "base" or blocks <= transformer["blocks"]:
        raise SystemExit(
            f"{source}: architecture {transformer['architecture']} "
            f"of {transformer.get('blocks')} blocks does not grow to {blocks}"
        )
    for prefix in ("motion_to_music", "music_to_motion"):
        for number in range(transformer["blocks"], blocks):
            tensors |= new_block(prefix, number, transformer, random)
    transformer["blocks"] = blocks
    about["momu.config"] = json.dumps(config, separators=(",", ":"))
    save_file(tensors, out, about)
    print(f"{out}: {blocks} blocks")


if __name__ == "__main__":
    main()
