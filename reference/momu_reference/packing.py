"""Data in few bytes, for a machine to which little can be sent: what pack.py writes and data.py
reads."""
from __future__ import annotations

import numpy as np

MEL_LOW, MEL_STEP = -5.0, 0.026  # log10 magnitudes in 8 bits, -5..1.6
ROOT_STEP = 1 / 4000  # metres in 16 bits
DEVIATIONS = 4.5  # latents in 8 bits, cut there


def mel_packed(mel: np.ndarray) -> np.ndarray:
    return np.clip(np.round((mel - MEL_LOW) / MEL_STEP), 0, 255).astype(np.uint8)


def mel_from(packed: np.ndarray) -> np.ndarray:
    return (packed * np.float32(MEL_STEP) + np.float32(MEL_LOW)).astype(np.float32)


def differences(values: np.ndarray) -> np.ndarray:
    """What compresses: 16-bit steps from frame to frame (they wrap, and so does their sum)."""
    return np.diff(values, axis=0, prepend=np.zeros_like(values[:1]))


def motion_packed(quaternions: np.ndarray, root: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """On the clock: x, y, z of each rotation with w >= 0 (T, 22, 3) and the root (T, 3)."""
    upright = quaternions * np.where(quaternions[..., :1] < 0, -1, 1)
    parts = np.round(upright[..., 1:] * 32767).astype(np.int16)
    return differences(parts), differences(np.round(root / ROOT_STEP).astype(np.int16))


def motion_from(parts: np.ndarray, root: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    xyz = np.cumsum(parts, axis=0, dtype=np.int16) / 32767
    w = np.sqrt(np.maximum(0, 1 - np.square(xyz).sum(-1, keepdims=True)))
    quaternions = np.concatenate([w, xyz], -1)
    quaternions /= np.linalg.norm(quaternions, axis=-1, keepdims=True)
    return quaternions, np.cumsum(root, axis=0, dtype=np.int16) * ROOT_STEP


def latent_packed(latent: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """scale (2, d): mean and deviation of all."""
    standard = (latent - scale[0]) / scale[1]
    return np.round(np.clip(standard / DEVIATIONS, -1, 1) * 127).astype(np.int8)


def latent_from(packed: np.ndarray, scale: np.ndarray) -> np.ndarray:
    return (packed * np.float32(DEVIATIONS / 127) * scale[1] + scale[0]).astype(np.float32)
