"""Camera augmentation: projections of dances, with the mistakes of pose estimation
(docs/losses.md, keypoint encoder)."""
from __future__ import annotations

import numpy as np

from .motion import JOINT, KEYPOINTS, RATE

SOURCES = [JOINT[name] for name in KEYPOINTS]
Random = np.random.Generator


def walked(features: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, z and yaw of each frame, from (0, 0) and 0."""
    before = np.concatenate([np.zeros((1, 3)), features[:-1, 1:4].astype(float)]) / RATE
    yaw = np.cumsum(before[:, 2])
    turned = np.concatenate([[0.0], yaw[:-1]])
    cos, sin = np.cos(turned), np.sin(turned)
    return (np.cumsum(cos * before[:, 0] + sin * before[:, 1]),
            np.cumsum(-sin * before[:, 0] + cos * before[:, 1]), yaw)


def unit(v: np.ndarray) -> np.ndarray:
    return v / np.linalg.norm(v)


def project(features: np.ndarray, random: Random) -> np.ndarray:
    """features (T, 206) as measured -> (T, 14, 2), y up."""
    x, z, yaw = walked(features)
    angle = np.arctan2(np.sin(yaw).sum(), np.cos(yaw).sum())
    angle += random.uniform(-np.pi, np.pi) if random.random() < 0.2 else 0.5 * random.normal()
    away, height = random.uniform(2.5, 8), random.uniform(0.3, 2.3)
    middle = np.array([x.mean(), 0.9, z.mean()])
    at = np.array([middle[0] + away * np.sin(angle), height, middle[2] + away * np.cos(angle)])
    ahead = unit(middle - at)
    level = unit(np.cross(ahead, [0, 1, 0]))
    upright, roll = np.cross(level, ahead), 0.04 * random.normal()
    right = level * np.cos(roll) + upright * np.sin(roll)
    up = upright * np.cos(roll) - level * np.sin(roll)
    joints = features[:, 4:70].reshape(-1, 22, 3)[:, SOURCES].astype(float)
    joints[:, 0, 2] += random.uniform(0, 0.12)  # the nose is before the head's joint
    cos, sin = np.cos(yaw)[:, None], np.sin(yaw)[:, None]
    world = np.stack([x[:, None] + cos * joints[..., 0] + sin * joints[..., 2], joints[..., 1],
                      z[:, None] - sin * joints[..., 0] + cos * joints[..., 2]], -1) - at
    depth = np.maximum(0.3, world @ ahead)
    return np.stack([world @ right / depth, world @ up / depth], -1)


def hide(frames: int, random: Random) -> np.ndarray:
    few = random.uniform(0, 0.06) if random.random() < 0.5 else 0.0
    visible = random.random((frames, 14)) >= few
    for _ in range(random.integers(5)):
        begin = random.integers(frames)
        visible[begin:begin + 6 + random.integers(120), random.integers(14)] = False
    return visible


def shake(points: np.ndarray, torso: float, random: Random) -> np.ndarray:
    white, slow = random.uniform(0, 0.025) * torso, random.uniform(0, 0.04) * torso
    drift, rows = np.zeros(points.shape[1:]), np.empty_like(points)
    for t, step in enumerate(random.normal(size=points.shape)):
        drift = 0.95 * drift + 0.31 * slow * step
        rows[t] = drift
    return points + rows + white * random.normal(size=points.shape)


def camera_view(features: np.ndarray, random: Random) -> np.ndarray:
    """features (T, 206) -> what the keypoint encoder reads, (T, 42)."""
    points, frames = project(features, random), len(features)
    visible = hide(frames, random)
    points = shake(points, 0.1, random)  # a torso of half a metre, five metres away
    for joint in range(14):
        frames_there = np.flatnonzero(visible[:, joint])
        for axis in range(2):
            points[:, joint, axis] = (
                np.interp(np.arange(frames), frames_there, points[frames_there, joint, axis])
                if len(frames_there)
                else 0
            )
    hips = (points[:, 8] + points[:, 11]) / 2
    torso = max(float(np.median(np.linalg.norm(points[:, 1] - hips, axis=1))), 1e-6)
    placed = ((points - hips.mean(0)) / torso).reshape(frames, 28)
    return np.concatenate([placed, visible], 1, dtype=np.float32)
