"""Philox 4x32-10 (Salmon et al. 2011) and the normals of docs/diffusion.md."""
from __future__ import annotations

import numpy as np

MASK = np.uint64(0xFFFFFFFF)
MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
WEYL = (0x9E3779B9, 0xBB67AE85)


def philox(key: int, stream: int, blocks: np.ndarray) -> np.ndarray:
    """The words of counters (stream, block): (len(blocks), 4), 32 bits each."""
    b = blocks.astype(np.uint64)
    c = [b & MASK, b >> np.uint64(32), np.full_like(b, stream & 0xFFFFFFFF),
         np.full_like(b, stream >> 32)]
    k = [key & 0xFFFFFFFF, key >> 32]
    for _ in range(10):
        p, q = MULTIPLIERS[0] * c[0], MULTIPLIERS[1] * c[2]
        c = [(q >> np.uint64(32)) ^ c[1] ^ np.uint64(k[0]), q & MASK,
             (p >> np.uint64(32)) ^ c[3] ^ np.uint64(k[1]), p & MASK]
        k = [(x + w) & 0xFFFFFFFF for x, w in zip(k, WEYL)]
    return np.stack(c, 1)


def normals(count: int, seed: int, stream: int) -> np.ndarray:
    """Standard normals 0..count-1 of a stream, float32."""
    words = philox(seed, stream, np.arange((count + 3) // 4)).astype(np.float64)
    u, v = (words[:, 0::2] + 1) / 2.0 ** 32, words[:, 1::2] / 2.0 ** 32
    radius = np.sqrt(-2 * np.log(u))
    pairs = np.stack([radius * np.cos(2 * np.pi * v), radius * np.sin(2 * np.pi * v)], 2)
    return pairs.reshape(-1)[:count].astype(np.float32)
