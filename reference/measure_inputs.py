"""Measures what momu eval does not: 2-D keypoints of a camera, a published clip, whole tracks.

keypoints  25 s of test samples as 2-D keypoints of cameras anywhere around the dancer, with joints
           dropped and 1.5 pixels of noise: the music's tracked beats against the annotated ones,
           and the same for the dances in space.
clip       a motion file (AIST++, by python -m momu.convert): the tempo of its music with four
           seeds.
tracks     sound files: dances to four clips of 20 s of each, their beats against the clip's tracked
           ones and at random offsets.
tempo      the same test samples conditioned on another tempo (0.8 to 1.25 of theirs): how many
           results have it within 2 %, in both directions.

    MOMU_LIBRARY=build/lib/libmomu.so python reference/measure_inputs.py CORPUS MODEL \
        [--samples N] [--clip FILE] [--tracks FILE ...]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "bindings" / "python"))
sys.path.insert(0, str(Path(__file__).parent))
import momu  # noqa: E402
from momu_reference.motion import JOINT, KEYPOINTS  # noqa: E402

SECONDS, TRACK, WINDOW = 25.0, 20.0, 0.07


def f1(tracked: np.ndarray, true: np.ndarray) -> float:
    """Beats matched one to one within 70 ms, both ascending."""
    i = j = matched = 0
    while i < len(tracked) and j < len(true):
        if abs(tracked[i] - true[j]) <= WINDOW:
            matched, i, j = matched + 1, i + 1, j + 1
        elif tracked[i] < true[j]:
            i += 1
        else:
            j += 1
    return 2 * matched / max(1, len(tracked) + len(true))


def camera_view(places: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """positions (T, 22, 3) -> pixels (T, 14, 2), x right, y down, and which of them the pose
    estimation has (T, 14)."""
    joints = places[:, [JOINT[name] for name in KEYPOINTS]].astype(float)
    middle = np.array([places[..., 0].mean(), 0.9, places[..., 2].mean()])
    angle, away, height = (
        random.uniform(-np.pi, np.pi),
        random.uniform(3, 7),
        random.uniform(0.5, 2.2),
    )
    at = middle + [away * np.sin(angle), height - middle[1], away * np.cos(angle)]
    ahead = (middle - at) / np.linalg.norm(middle - at)
    right = np.cross(ahead, [0, 1, 0])
    right /= np.linalg.norm(right)
    relative, focal = joints - at, 1000.0
    depth = np.maximum(0.3, relative @ ahead)
    pixels = 960 + focal * np.stack(
        [relative @ right / depth, -(relative @ np.cross(right, ahead)) / depth], -1
    )
    pixels += 1.5 * random.normal(size=pixels.shape)
    visible = random.random(pixels.shape[:2]) >= 0.03
    for _ in range(4):  # an arm behind the body
        begin = random.integers(len(visible))
        visible[begin : begin + 60, random.integers(14)] = False
    return pixels.astype(np.float32), visible.astype(np.float32)


def keypoints(model: "momu.Model", folder: Path, samples: int, seed: int) -> None:
    scores = []
    for path in sorted(folder.glob("*.npz"))[:samples]:
        beats = np.array(json.loads(path.with_suffix(".json").read_text())["beats"])
        dance = momu.Motion.read(path)
        places = dance.positions[: int(SECONDS * dance.fps)]
        pixels, visible = camera_view(places, np.random.default_rng([seed, len(scores)]))
        inputs = (
            momu.Motion(pixels, dance.fps, confidence=visible),
            momu.Motion(places, dance.fps, names=list(dance.joint_names)),
        )
        scores.append(
            [
                f1(model.motion_to_music(m, seed=seed).beats().times, beats[beats < SECONDS])
                for m in inputs
            ]
        )
    camera, space = np.mean(scores, 0)
    print(
        f"{len(scores)} test samples of {SECONDS:g} s: beat F1 from keypoints {camera:.3f}, "
        f"from the same dances in space {space:.3f}, "
        f"ratio {camera / space:.2f}"
    )


def tempo_condition(model: "momu.Model", folder: Path, samples: int, seed: int) -> None:
    followed: dict[str, list[bool]] = {"music": [], "dances": []}
    for path in sorted(folder.glob("*.npz"))[:samples]:
        dance, song = momu.Motion.read(path), momu.Audio.read(path.with_suffix(".flac"))
        random = np.random.default_rng([seed, len(followed["music"])])
        tempo = json.loads(path.with_suffix(".json").read_text())["tempo"] * float(
            random.choice([0.8, 0.87, 0.93, 1.07, 1.15, 1.25])
        )
        results = {
            "music": model.motion_to_music(dance, seed=seed, tempo=tempo, seconds=SECONDS),
            "dances": model.music_to_motion(song, seed=seed, tempo=tempo, seconds=SECONDS),
        }
        for name, result in results.items():
            followed[name].append(abs(result.beats().tempo / tempo - 1) <= 0.02)
    print(
        f"{samples} test samples, conditioned on another tempo: within 2 % of it, no octaves: "
        + ", ".join(f"{100 * np.mean(values):.0f} % of {name}" for name, values in followed.items())
    )


def clip(model: "momu.Model", path: Path) -> None:
    dance = momu.Motion.read(path)
    tempos = [model.motion_to_music(dance, seed=seed).beats().tempo for seed in (1, 2, 3, 4)]
    print(
        f"{path.name}: {dance.seconds:.1f} s, tempo of its music with seeds 1 to 4: "
        + ", ".join(f"{t:.1f}" for t in tempos)
    )


def tracks(model: "momu.Model", paths: list[Path], seed: int) -> None:
    scores, offsets = [], []
    for path in paths:
        track = momu.Audio.read(path)
        length = int(TRACK * track.rate)
        for k in range(4):
            begin = int((len(track.samples) - length) * (k + 0.5) / 4)
            song = momu.Audio(track.samples[begin : begin + length], track.rate)
            tracked, true = (
                model.music_to_motion(song, seed=seed + k).beats().times,
                song.beats().times,
            )
            random = np.random.default_rng([seed, len(scores)])
            scores.append(f1(tracked, true))
            offsets.append(
                np.mean(
                    [
                        f1(np.sort((tracked + random.uniform(0, TRACK)) % TRACK), true)
                        for _ in range(500)
                    ]
                )
            )
        print(f"{path.name}: beat F1 of four clips " + ", ".join(f"{v:.2f}" for v in scores[-4:]))
    print(
        f"{len(scores)} clips: beat F1 {np.mean(scores):.3f}, "
        f"at random offsets {np.mean(offsets):.3f}, "
        f"ratio {np.mean(scores) / np.mean(offsets):.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("model")
    parser.add_argument("--samples", type=int, default=24)
    parser.add_argument("--clip", type=Path)
    parser.add_argument("--tracks", type=Path, nargs="+", default=[])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    model = momu.load(options.model)
    if options.samples:
        keypoints(model, options.corpus / "test", options.samples, options.seed)
        tempo_condition(model, options.corpus / "test", options.samples, options.seed)
    if options.clip:
        clip(model, options.clip)
    if options.tracks:
        tracks(model, options.tracks, options.seed)


main()
