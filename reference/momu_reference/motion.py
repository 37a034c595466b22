"""The canonical body, its features and its rhythm (docs/features.md).

Motion is read from NPZ files of the canonical body, as `momu corpus` writes them."""
from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d, median_filter

RATE = 62.5
NAMES = ["pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2",
         "left_ankle", "right_ankle", "spine3", "left_foot", "right_foot", "neck", "left_collar",
         "right_collar", "head", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow",
         "left_wrist", "right_wrist"]
PARENTS = [-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19]
JOINT = {name: i for i, name in enumerate(NAMES)}
LEFT_OFFSETS = {"left_hip": (.09, -.08, 0), "spine1": (0, .11, 0), "left_knee": (.01, -.41, 0),
                "spine2": (0, .13, 0), "left_ankle": (0, -.41, -.01), "spine3": (0, .06, 0),
                "left_foot": (.01, -.06, .13), "neck": (0, .21, 0), "left_collar": (.07, .12, 0),
                "head": (0, .11, .02), "left_shoulder": (.11, 0, 0), "left_elbow": (.26, 0, 0),
                "left_wrist": (.25, 0, 0)}
FEET = ["left_ankle", "left_foot", "right_ankle", "right_foot"]
KEYPOINTS = ["head", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder",
             "left_elbow", "left_wrist", "right_hip", "right_knee", "right_ankle", "left_hip",
             "left_knee", "left_ankle"]

BONES2D = [(1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10), (1, 11),
           (11, 12), (12, 13), (1, 0)]


def rest_offsets() -> np.ndarray:
    offsets = np.zeros((len(NAMES), 3))
    for name, place in LEFT_OFFSETS.items():
        offsets[JOINT[name]] = place
        if name.startswith("left"):
            offsets[JOINT[name.replace("left", "right")]] = np.multiply(place, (-1, 1, 1))
    return offsets


def matrices(q: np.ndarray) -> np.ndarray:
    """Unit quaternions (..., 4), w first -> (..., 3, 3)."""
    w, x, y, z = np.moveaxis(q, -1, 0)
    rows = [[1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)]]
    return np.moveaxis(np.array(rows), (0, 1), (-2, -1))


def slerp(a: np.ndarray, b: np.ndarray, part: np.ndarray) -> np.ndarray:
    dot = (a * b).sum(-1, keepdims=True)
    b, dot = np.where(dot < 0, -b, b), np.abs(dot)
    angle = np.arccos(np.clip(dot, -1, 1))
    near = angle < 1e-6
    sine = np.where(near, 1, np.sin(angle))
    u = np.where(near, 1 - part, np.sin((1 - part) * angle) / sine)
    v = np.where(near, part, np.sin(part * angle) / sine)
    mixed = u * a + v * b
    return mixed / np.linalg.norm(mixed, axis=-1, keepdims=True)


def positions(rotations: np.ndarray, root: np.ndarray) -> np.ndarray:
    """Local rotations (T, 22, 3, 3) and the pelvis' place (T, 3) -> (T, 22, 3)."""
    offsets, world, places = rest_offsets(), [rotations[:, 0]], [root]
    for joint in range(1, len(NAMES)):
        parent = PARENTS[joint]
        places.append(places[parent] + world[parent] @ offsets[joint])
        world.append(world[parent] @ rotations[:, joint])
    return np.stack(places, 1)


def ground_of(places: np.ndarray) -> float:
    lowest = np.sort(places[:, [JOINT["left_foot"], JOINT["right_foot"]], 1].min(1))
    return float(lowest[(len(lowest) - 1) // 20]) - 0.020


def leg_length(offsets: np.ndarray) -> float:
    return float(sum(np.linalg.norm(offsets[JOINT[j]]) for j in ("left_knee", "left_ankle")))


def read_body(path: str) -> tuple[np.ndarray, np.ndarray, float]:
    """Local quaternions (T, 22, 4), the pelvis' place (T, 3) on the ground, frames a second."""
    with np.load(path) as file:
        names = [str(n) for n in file["joint_names"]] if "joint_names" in file else []
        if names != NAMES or "rotations" not in file:
            raise ValueError(f"{path}: not the canonical body of 22 joints; bring it there with "
                             "momu first")
        quaternions = file["rotations"].astype(np.float64)
        root = file["root"].astype(np.float64) * leg_length(rest_offsets()) / \
            leg_length(file["offsets"])
        fps = float(file["fps"])
    root[:, 1] -= ground_of(positions(matrices(quaternions), root))
    return quaternions, root, fps


def on_clock(quaternions: np.ndarray, root: np.ndarray, fps: float) \
        -> tuple[np.ndarray, np.ndarray]:
    """The motion at (k + 0.5) x 16 ms."""
    count, last = int(len(root) / fps * RATE + 1e-9), len(root) - 1
    place = np.clip((np.arange(count) + 0.5) / RATE * fps, 0, last)
    before = np.minimum(place.astype(int), max(last - 1, 0))
    after, part = np.minimum(before + 1, last), (place - before)[:, None]
    return (slerp(quaternions[before], quaternions[after], part[..., None]),
            root[before] * (1 - part) + root[after] * part)


def smooth(x: np.ndarray, sigma: float) -> np.ndarray:
    return gaussian_filter1d(x, sigma, mode="nearest", radius=int(np.ceil(4 * sigma)))


def heading(places: np.ndarray) -> np.ndarray:
    across = places[:, JOINT["left_hip"]] - places[:, JOINT["right_hip"]] + \
        places[:, JOINT["left_shoulder"]] - places[:, JOINT["right_shoulder"]]
    forward = np.stack([-across[:, 2], across[:, 0]], 1)
    yaw = np.arctan2(forward[:, 0], forward[:, 1])
    moving = np.flatnonzero(np.hypot(*forward.T) >= 1e-4)
    if len(moving):
        latest = np.searchsorted(moving, np.arange(len(yaw)), side="right") - 1
        yaw = yaw[moving[np.maximum(latest, 0)]]
    return smooth(np.unwrap(yaw), 0.1 * RATE)


def contacts(places: np.ndarray) -> np.ndarray:
    ground = ground_of(places)
    feet = places[:, [JOINT[name] for name in FEET]]
    if len(feet) < 2:
        speed = np.zeros(feet.shape[:2])
    else:
        speed = np.linalg.norm(np.gradient(feet, 1 / RATE, axis=0), axis=-1)
    touch = (feet[..., 1] - ground < [0.12, 0.05, 0.12, 0.05]) & (speed < 0.15)
    return median_filter(touch.astype(np.uint8), (5, 1), mode="nearest")


def into_heading(yaw: np.ndarray, x: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    cos, sin = np.cos(yaw), np.sin(yaw)
    return cos * x - sin * z, sin * x + cos * z


def body3d(quaternions: np.ndarray, root: np.ndarray) -> np.ndarray:
    """(T, 206)"""
    local = matrices(quaternions)
    places = positions(local, root)
    yaw = heading(places)
    away = places - places[:, :1]
    x, z = into_heading(yaw[:, None], away[..., 0], away[..., 2])
    step = np.diff(root, axis=0, append=root[-1:]) * RATE
    velocity = np.stack([*into_heading(yaw, step[:, 0], step[:, 2]),
                         np.diff(yaw, append=yaw[-1]) * RATE], 1)
    velocity[-1:] = velocity[-2:-1]
    cos, sin, zero = np.cos(yaw), np.sin(yaw), np.zeros_like(yaw)
    back = np.stack([cos, zero, -sin, zero, zero + 1, zero, sin, zero, cos], 1).reshape(-1, 3, 3)
    local[:, 0] = back @ local[:, 0]
    columns = np.swapaxes(local[..., :2], 2, 3).reshape(len(root), -1)
    in_heading = np.stack([x, places[..., 1], z], 2).reshape(len(root), -1)
    return np.concatenate([root[:, 1:2], velocity, in_heading, columns, contacts(places)], 1,
                          dtype=np.float32)


def across(places: np.ndarray) -> np.ndarray:
    """The ground direction (x, z) that the dancer's left points to on the whole."""
    pairs = [(JOINT[f"left_{part}"], JOINT[f"right_{part}"]) for part in ("hip", "shoulder")]
    total = sum((places[:, left] - places[:, right]).sum(0) for left, right in pairs)[[0, 2]]
    length = np.linalg.norm(total)
    return total / length if length > 1e-3 * len(places) else np.array([1.0, 0.0])


def positions2d(quaternions: np.ndarray, root: np.ndarray) -> np.ndarray:
    """(T, 28): the body's keypoints projected on the plane of a camera in front of it."""
    places = positions(matrices(quaternions), root)
    chosen = places[:, [JOINT[n] for n in KEYPOINTS]]
    points = np.stack([chosen[..., [0, 2]] @ across(places), chosen[..., 1]], -1)
    hips = (points[:, 8] + points[:, 11]) / 2
    torso = np.median(np.linalg.norm(points[:, 1] - hips, axis=1))
    return ((points - hips.mean(0)) / torso).reshape(len(root), -1).astype(np.float32)


def directions2d(points: np.ndarray) -> np.ndarray:
    """positions2d (T, 28) -> unit bones and the middle of the hips, (T, 28)."""
    points = points.reshape(-1, 14, 2)
    rows = []
    for frame in points:
        bones = np.array([frame[b] - frame[a] for a, b in BONES2D])
        length = np.linalg.norm(bones, axis=1, keepdims=True)
        before = rows[-1][:-1] if rows else np.tile([0.0, -1.0], (len(BONES2D), 1))
        unit = np.where(length > 1e-6, bones / np.maximum(length, 1e-6), before)
        rows.append(np.concatenate([unit, (frame[8] + frame[11])[None] / 2]))
    return np.stack(rows).reshape(len(points), -1).astype(np.float32)


def directogram(points: np.ndarray) -> np.ndarray:
    """Of joints in a plane (T, J, 2): (T, 8)."""
    flux = np.diff(points, axis=0)
    bins = np.floor((np.arctan2(flux[..., 1], flux[..., 0]) + np.pi) / (2 * np.pi) * 8)
    bins = bins.astype(int) % 8
    length = np.linalg.norm(flux, axis=2)
    sums = np.stack([(length * (bins == k)).sum(1) for k in range(8)], 1)
    return np.concatenate([np.zeros((1, 8)), sums])


def envelope(flux: np.ndarray, sign: int) -> np.ndarray:
    """What a directogram (T, 8) gains (sign 1: Q) or loses (-1: R) from frame to frame: (T),
    0..1."""
    q = np.maximum(sign * np.diff(flux, axis=0, prepend=flux[:1]), 0).sum(1)
    top = np.percentile(q, 99) or q.max()
    return np.minimum(q / top, 1) if top > 0 else q


RHYTHM_ROWS = 10


def rhythm_rows(points: np.ndarray) -> np.ndarray:
    """(T, 10): a directogram over the 99th percentile of its sums, at most 1.5, then Q and R."""
    flux = directogram(points)
    top = np.percentile(flux.sum(1), 99)
    scaled = np.minimum(flux / top, 1.5) if top > 0 else 0 * flux
    return np.concatenate([scaled, np.stack([envelope(flux, 1), envelope(flux, -1)], 1)], 1,
                          dtype=np.float32)


def features_of(path: str, layout: str) -> tuple[np.ndarray, np.ndarray]:
    """A file's features (T, F) and rhythm (T, 10); Q is column 8 of that."""
    return features_on_clock(*on_clock(*read_body(path)), layout)


def features_on_clock(quaternions: np.ndarray, root: np.ndarray, layout: str) \
        -> tuple[np.ndarray, np.ndarray]:
    if layout == "body3d":
        features = body3d(quaternions, root)
        return features, rhythm_rows(features[:, 4:70].reshape(-1, 22, 3)[..., :2].astype(float))
    if layout in ("positions2d", "directions2d"):
        points = positions2d(quaternions, root)
        rhythm = rhythm_rows(points.reshape(-1, 14, 2).astype(float))
        return points if layout == "positions2d" else directions2d(points), rhythm
    raise ValueError(f"layout {layout!r}: expected body3d, positions2d or directions2d")
