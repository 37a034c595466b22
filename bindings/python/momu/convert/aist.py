"""AIST++: dances as SMPL angles, keypoints in space, or keypoints of nine cameras, 60 frames a second.

https://google.github.io/aistplusplus_dataset describes the files.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..motion import Motion
from .checkpoints import ConvertError
from .pickles import read_pickle

FPS = 60.0
CENTIMETRES = 0.01
COCO = ("nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow",
        "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle")

# SMPL's 24 joints. Its body is not free: the bones are the canonical body's of the library, the hands beyond them 8 cm.
SMPL = ("pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2", "left_ankle", "right_ankle", "spine3",
        "left_foot", "right_foot", "neck", "left_collar", "right_collar", "head", "left_shoulder", "right_shoulder", "left_elbow",
        "right_elbow", "left_wrist", "right_wrist", "left_hand", "right_hand")
PARENTS = (-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21)
OFFSETS = ((0, 0, 0), (.09, -.08, 0), (-.09, -.08, 0), (0, .11, 0), (.01, -.41, 0), (-.01, -.41, 0), (0, .13, 0), (0, -.41, -.01),
           (0, -.41, -.01), (0, .06, 0), (.01, -.06, .13), (-.01, -.06, .13), (0, .21, 0), (.07, .12, 0), (-.07, .12, 0), (0, .11, .02),
           (.11, 0, 0), (-.11, 0, 0), (.26, 0, 0), (-.26, 0, 0), (.25, 0, 0), (-.25, 0, 0), (.08, 0, 0), (-.08, 0, 0))
# SMPL's translation is of its mesh's origin, from which the pelvis lies here (measured on keypoints of AIST++: mid-hip, less the canonical
# hips).
PELVIS = np.array([0.0, -0.217, 0.027])


def _array(path: Any, found: dict[str, Any], name: str, shape: tuple[int | None, ...], expected: str) -> np.ndarray:
    value = found.get(name)
    if not isinstance(value, np.ndarray):
        raise ConvertError(f"{path}: {name} is missing or no array; expected {expected}")
    if value.ndim != len(shape) or any(want is not None and have != want for have, want in zip(value.shape, shape)):
        raise ConvertError(f"{path}: {name} has the shape {value.shape}; expected {expected}")
    if value.size == 0:
        raise ConvertError(f"{path}: {name} is empty; expected {expected}")
    return value.astype(np.float64)


def _quaternions(turns: np.ndarray) -> np.ndarray:
    """(..., 3) axis-angles, radians, to (..., 4) w x y z"""
    angle = np.linalg.norm(turns, axis=-1, keepdims=True)
    return np.concatenate([np.cos(angle / 2), turns * 0.5 * np.sinc(angle / (2 * np.pi))], axis=-1)


def _smpl(path: Any, found: dict[str, Any]) -> Motion:
    poses = _array(path, found, "smpl_poses", (None, 72), "(frames, 72)")
    places = _array(path, found, "smpl_trans", (len(poses), 3), f"({len(poses)}, 3), one a frame of smpl_poses")
    scaling = np.asarray(found.get("smpl_scaling", 0.0))
    if scaling.size != 1 or scaling.dtype.kind not in "fiu" or not np.isfinite(scaling).all() or scaling.item() <= 0:
        raise ConvertError(f"{path}: smpl_scaling is {found.get('smpl_scaling')!s:.60}; expected one number above 0")
    for name, values in (("smpl_poses", poses), ("smpl_trans", places)):
        if not np.isfinite(values).all():
            raise ConvertError(f"{path}: {name} has a NaN or an infinity in frame {np.flatnonzero(~np.isfinite(values).all(1))[0]}")
    return Motion.from_rotations(_quaternions(poses.reshape(-1, 24, 3)), places / scaling.item() + PELVIS, OFFSETS, PARENTS, FPS, SMPL)


def _sure(points: np.ndarray, confidence: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is not finite is missing: (frames, joints, 2 or 3) and (frames, joints)."""
    seen = np.isfinite(points).all(-1) & np.isfinite(confidence)
    return np.where(seen[..., None], points, 0.0), np.where(seen, np.clip(confidence, 0, 1), 0.0)


def read_aist(path: Any, camera: int = 0) -> Motion:
    """The motion in an AIST++ pickle. Files of `motions` become a skeleton of SMPL's 24 joints, metres; of `keypoints3d` 17 COCO points in
    metres (keypoints3d_optim where it is there); of `keypoints2d` the 17 that camera 0..8 sees. Nothing that the file names is run."""
    found = read_pickle(path)
    if "smpl_poses" in found:
        return _smpl(path, found)
    for name in ("keypoints3d_optim", "keypoints3d"):
        if name in found:
            points = _array(path, found, name, (None, 17, 3), "(frames, 17, 3)") * CENTIMETRES
            points, confidence = _sure(points, np.ones(points.shape[:2]))
            return Motion(points, FPS, COCO, confidence)
    if "keypoints2d" in found:
        views = _array(path, found, "keypoints2d", (None, None, 17, 3), "(cameras, frames, 17, 3)")
        if not 0 <= camera < len(views):
            raise ConvertError(f"{path}: there is no camera {camera}; expected 0 to {len(views) - 1}")
        points, confidence = _sure(views[camera, ..., :2], views[camera, ..., 2])
        return Motion(points, FPS, COCO, confidence)
    names = ", ".join(sorted(found))[:120] or "nothing"
    raise ConvertError(f"{path}: no AIST++ file: it has {names}; expected smpl_poses, keypoints3d or keypoints2d")
