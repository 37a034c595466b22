"""What momu eval does not score: dances as a camera sees them, a published clip, whole tracks.

keypoints  25 s of test pieces as 2-D keypoints of cameras that stand anywhere around, with joints dropped and 1.5 pixels of noise: the
           music's tracked beats against the true ones, beside the same dances in space.
clip       a motion file (AIST++, by python -m momu.convert): the tempo of its music with four seeds.
tracks     sound files: dances to four excerpts of 20 s of each, their beats against the excerpt's tracked ones and at random offsets.
told       the same test pieces with a tempo told that is not theirs (0.8 to 1.25 of it): how many results have it within 2 %, in both directions.

    MOMU_LIBRARY=build/lib/libmomu.so python reference/measure_inputs.py CORPUS MODEL [--pieces N] [--clip FILE] [--tracks FILE ...]
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


def f1(found: np.ndarray, true: np.ndarray) -> float:
    """Beats matched one to one within 70 ms, both ascending."""
    i = j = matched = 0
    while i < len(found) and j < len(true):
        if abs(found[i] - true[j]) <= WINDOW:
            matched, i, j = matched + 1, i + 1, j + 1
        elif found[i] < true[j]:
            i += 1
        else:
            j += 1
    return 2 * matched / max(1, len(found) + len(true))


def filmed(places: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """positions (T, 22, 3) -> pixels (T, 14, 2), x right, y down, and which of them the camera's tracker found (T, 14)."""
    joints = places[:, [JOINT[name] for name in KEYPOINTS]].astype(float)
    middle = np.array([places[..., 0].mean(), 0.9, places[..., 2].mean()])
    angle, away, height = random.uniform(-np.pi, np.pi), random.uniform(3, 7), random.uniform(0.5, 2.2)
    at = middle + [away * np.sin(angle), height - middle[1], away * np.cos(angle)]
    ahead = (middle - at) / np.linalg.norm(middle - at)
    right = np.cross(ahead, [0, 1, 0])
    right /= np.linalg.norm(right)
    seen, focal = joints - at, 1000.0
    depth = np.maximum(0.3, seen @ ahead)
    pixels = 960 + focal * np.stack([seen @ right / depth, -(seen @ np.cross(right, ahead)) / depth], -1)
    pixels += 1.5 * random.normal(size=pixels.shape)
    found = random.random(pixels.shape[:2]) >= 0.03
    for _ in range(4):  # an arm behind the body
        begin = random.integers(len(found))
        found[begin:begin + 60, random.integers(14)] = False
    return pixels.astype(np.float32), found.astype(np.float32)


def keypoints(model: "momu.Model", folder: Path, pieces: int, seed: int) -> None:
    scores = []
    for path in sorted(folder.glob("*.npz"))[:pieces]:
        beats = np.array(json.loads(path.with_suffix(".json").read_text())["beats"])
        dance = momu.Motion.read(path)
        places = dance.positions[:int(SECONDS * dance.fps)]
        pixels, found = filmed(places, np.random.default_rng([seed, len(scores)]))
        inputs = (momu.Motion(pixels, dance.fps, confidence=found), momu.Motion(places, dance.fps, names=list(dance.joint_names)))
        scores.append([f1(model.motion_to_music(m, seed=seed).beats().times, beats[beats < SECONDS]) for m in inputs])
    camera, space = np.mean(scores, 0)
    print(f"{len(scores)} test pieces of {SECONDS:g} s: strict F1 from keypoints {camera:.3f}, from the same dances in space {space:.3f}, "
          f"ratio {camera / space:.2f}")


def told(model: "momu.Model", folder: Path, pieces: int, seed: int) -> None:
    obeyed: dict[str, list[bool]] = {"music": [], "dances": []}
    for path in sorted(folder.glob("*.npz"))[:pieces]:
        dance, song = momu.Motion.read(path), momu.Audio.read(path.with_suffix(".flac"))
        random = np.random.default_rng([seed, len(obeyed["music"])])
        tempo = json.loads(path.with_suffix(".json").read_text())["tempo"] * float(random.choice([0.8, 0.87, 0.93, 1.07, 1.15, 1.25]))
        made = {"music": model.motion_to_music(dance, seed=seed, tempo=tempo, seconds=SECONDS),
                "dances": model.music_to_motion(song, seed=seed, tempo=tempo, seconds=SECONDS)}
        for name, result in made.items():
            obeyed[name].append(abs(result.beats().tempo / tempo - 1) <= 0.02)
    print(f"{pieces} test pieces, another tempo told: within 2 % of it, no octaves: "
          + ", ".join(f"{100 * np.mean(values):.0f} % of {name}" for name, values in obeyed.items()))


def clip(model: "momu.Model", path: Path) -> None:
    dance = momu.Motion.read(path)
    tempos = [model.motion_to_music(dance, seed=seed).beats().tempo for seed in (1, 2, 3, 4)]
    print(f"{path.name}: {dance.seconds:.1f} s, tempo of its music with seeds 1 to 4: " + ", ".join(f"{t:.1f}" for t in tempos))


def tracks(model: "momu.Model", paths: list[Path], seed: int) -> None:
    found, offsets = [], []
    for path in paths:
        track = momu.Audio.read(path)
        length = int(TRACK * track.rate)
        for k in range(4):
            begin = int((len(track.samples) - length) * (k + 0.5) / 4)
            song = momu.Audio(track.samples[begin:begin + length], track.rate)
            made, true = model.music_to_motion(song, seed=seed + k).beats().times, song.beats().times
            random = np.random.default_rng([seed, len(found)])
            found.append(f1(made, true))
            offsets.append(np.mean([f1(np.sort((made + random.uniform(0, TRACK)) % TRACK), true) for _ in range(500)]))
        print(f"{path.name}: strict F1 of four excerpts " + ", ".join(f"{v:.2f}" for v in found[-4:]))
    print(f"{len(found)} excerpts: strict F1 {np.mean(found):.3f}, at random offsets {np.mean(offsets):.3f}, "
          f"ratio {np.mean(found) / np.mean(offsets):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("model")
    parser.add_argument("--pieces", type=int, default=24)
    parser.add_argument("--clip", type=Path)
    parser.add_argument("--tracks", type=Path, nargs="+", default=[])
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    model = momu.load(given.model)
    if given.pieces:
        keypoints(model, given.corpus / "test", given.pieces, given.seed)
        told(model, given.corpus / "test", given.pieces, given.seed)
    if given.clip:
        clip(model, given.clip)
    if given.tracks:
        tracks(model, given.tracks, given.seed)


main()
