"""A folder of pairs: STEM.flac, .wav or .ogg with STEM.npz, with an optional STEM.json
(docs/training.md); or a corpus of them in train/ and validation/."""
from __future__ import annotations

import io
import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
from scipy.signal import resample_poly

from . import packing
from .config import CONTROL_FEATURES, Config, is_wave, learned
from .encoder import mfcc
from .mel import log_mel
from .motion import RATE, features_of, features_on_clock


@dataclass
class Pair:
    stem: str
    mel: np.ndarray | None = None  # (frames, 80), or in a model of waves (frames, hop) samples
    mfcc: np.ndarray | None = None  # (frames, 40), where the config conditions on them
    features: np.ndarray | None = None  # (frames, features)
    rhythm: np.ndarray | None = None  # (frames, 10), Q the ninth
    wave: np.ndarray | None = None  # (frames, hop) 16-bit samples, where the vocoder is trained
    annotations: dict = field(default_factory=dict)
    validation: bool = False
    music_latent: np.ndarray | None = None  # (latents, d), once they are encoded
    motion_latent: np.ndarray | None = None
    down: int = 4

    @property
    def frames(self) -> int:
        for rows in (self.mel, self.features):
            if rows is not None:
                return len(rows)
        return len(self.music_latent) * self.down

    @property
    def whole(self) -> bool:
        music = self.mel is not None or self.music_latent is not None
        return music and (self.features is not None or self.motion_latent is not None)


def read_samples(path: Path | BinaryIO, clock: Config) -> np.ndarray:
    samples, rate = soundfile.read(path, dtype="float64", always_2d=True)
    common = math.gcd(int(rate), clock["sample_rate"])
    mono = samples.mean(1)
    if rate != clock["sample_rate"]:
        mono = resample_poly(mono, clock["sample_rate"] // common, int(rate) // common)
    return mono


def first_of(folder: Path, stem: str, extensions: tuple[str, ...]) -> Path | None:
    return next((path for e in extensions if (path := folder / (stem + e)).exists()), None)


def add_music(pair: Pair, source: Path | BinaryIO, config: Config, waves: bool) -> None:
    mono, hop = read_samples(source, config["clock"]), config["clock"]["hop"]
    pair.mel = log_mel(mono, config["clock"])
    if learned(config, "motion"):
        pair.mfcc = mfcc(pair.mel)
    whole = np.clip(mono[:len(pair.mel) * hop], -1, 1).reshape(-1, hop)
    if is_wave(config):
        pair.mel = whole.astype(np.float32)
    if waves:
        pair.wave = np.round(whole * 32767).astype(np.int16)


def cut(pair: Pair) -> None:
    """Both sides to the shorter one's length."""
    if abs(len(pair.mel) - len(pair.features)) > 2 * RATE:
        raise ValueError(f"{pair.stem}: music and motion differ by more than 2 s")
    shared = min(len(pair.mel), len(pair.features))
    for name in ("mel", "mfcc", "wave", "features", "rhythm"):
        if getattr(pair, name) is not None:
            setattr(pair, name, getattr(pair, name)[:shared])


def read_pair(folder: Path, stem: str, config: Config, waves: bool) -> Pair:
    pair = Pair(stem, down=config["clock"]["down"])
    music = first_of(folder, stem, (".flac", ".wav", ".ogg"))
    motion = first_of(folder, stem, (".npz",))
    annotations = folder / (stem + ".json")
    if music:
        add_music(pair, music, config, waves)
    if motion:
        pair.features, pair.rhythm = features_of(str(motion), config["motion"]["layout"])
    if annotations.exists():
        pair.annotations = json.loads(annotations.read_text())
    if pair.whole:
        cut(pair)
    return pair


def tenth(stem: str) -> bool:
    """FNV-1a of the name, mixed once more."""
    value = 14695981039346656037
    for byte in stem.encode():
        value = (value ^ byte) * 1099511628211 % 2 ** 64
    return (value ^ value >> 33) % 10 == 0


def keep_some_back(pairs: list[Pair], folder: Path) -> None:
    listed = folder / "validation.txt"
    if listed.exists():
        stems = set(listed.read_text().splitlines())
        for pair in pairs:
            pair.validation = pair.stem in stems
        return
    for pair in pairs:
        pair.validation = tenth(pair.stem)
    held = sum(pair.validation for pair in pairs)
    if held == len(pairs):
        for pair in pairs:
            pair.validation = False
    elif held == 0 and len(pairs) >= 4:
        pairs[-1].validation = True


def read_folder(folder: Path, config: Config, waves: bool) -> list[Pair]:
    """Every usable pair; a broken one is reported and left out. STEM.original.flac, a corpus's
    sound at its own rate, is no pair."""
    extensions = {".flac", ".wav", ".ogg", ".npz"}
    stems = sorted({path.stem for path in folder.iterdir() if path.suffix in extensions
                    and not path.stem.endswith(".original")})
    pairs = []
    for stem in stems:
        try:
            pairs.append(read_pair(folder, stem, config, waves))
        except (ValueError, KeyError, OSError, RuntimeError) as error:
            print(f"skipped: {stem}: {error}")
    return pairs


def load(folder: Path, config: Config, waves: bool = False) -> list[Pair]:
    """A folder, or a file that pack.py wrote of one."""
    if folder.is_file():
        return read_packed(folder, config, waves)
    if (folder / "corpus.json").exists():  # its test/ is not read
        pairs = read_folder(folder / "train", config, waves)
        held = read_folder(folder / "validation", config, waves)
        for pair in held:
            pair.validation = True
        pairs += held
    elif (folder / "unfinished.json").exists():
        raise SystemExit(f"{folder}: this corpus is not finished; its momu corpus command goes on "
                         "with it")
    else:
        pairs = read_folder(folder, config, waves)
        keep_some_back(pairs, folder)
    if not pairs:
        raise SystemExit(f"{folder}: no usable pair")
    return pairs


def read_packed(path: Path, config: Config, waves: bool) -> list[Pair]:
    """What pack.py writes: for sample i "i.mel" 8 bits, or "i.sound" a sound file, or
    "i.music_latent" 8 bits; the same of the motion."""
    pairs = []
    with np.load(path) as file:
        for i, entry in enumerate(json.loads(str(file["index"]))):
            pair = Pair(
                entry["stem"],
                annotations=entry["annotations"],
                validation=entry["validation"],
                down=config["clock"]["down"],
            )
            if f"{i}.sound" in file:
                add_music(pair, io.BytesIO(file[f"{i}.sound"].tobytes()), config, waves)
            elif f"{i}.mel" in file:
                pair.mel = packing.mel_from(file[f"{i}.mel"])
                pair.mfcc = mfcc(pair.mel) if learned(config, "motion") else None
            if f"{i}.rotations" in file:
                motion = packing.motion_from(file[f"{i}.rotations"], file[f"{i}.root"])
                pair.features, pair.rhythm = features_on_clock(*motion,
                                                               config["motion"]["layout"])
            for name in ("music_latent", "motion_latent"):
                if f"{i}.{name}" in file:
                    setattr(pair, name, packing.latent_from(file[f"{i}.{name}"], file[name]))
            if pair.mel is not None and pair.features is not None:
                cut(pair)
            pairs.append(pair)
    return pairs


CONTROLS = ("genre", "tempo", "energy", "beats")


def available_controls(pair: Pair) -> set[str]:
    annotations = pair.annotations
    chosen = {name for name, key in (("genre", "genre_number"), ("tempo", "tempo"),
                                    ("energy", "energy")) if annotations.get(key, 0) > 0}
    if annotations.get("beat_energy"):
        chosen.add("energy")
    return chosen | ({"beats"} if len(annotations.get("beats", [])) >= 2 else set())


def place_among(numbers: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Where values lie among rising numbers; beyond both ends the nearest interval goes on."""
    i = np.clip(np.searchsorted(numbers, values, side="right") - 1, 0, len(numbers) - 2)
    return i + (values - numbers[i]) / (numbers[i + 1] - numbers[i])


def controls(pair: Pair, clock: Config, start: int, count: int, chosen: set[str]) -> np.ndarray:
    """(count, 25) for latent frames from start on; "bars" in chosen: beats with their bars."""
    out = np.zeros((count, CONTROL_FEATURES), np.float32)
    annotations, beats = pair.annotations, np.array(pair.annotations.get("beats", []), float)
    seconds = clock["hop"] * clock["down"] / clock["sample_rate"]
    times = (start + np.arange(count) + 0.5) * seconds
    place = place_among(beats, times) if len(beats) >= 2 else None
    if "energy" in chosen:
        curve = annotations.get("beat_energy")
        out[:, 0] = annotations.get("energy", 0) if curve is None or place is None \
            else np.interp(place, np.arange(len(curve)), curve)
        out[:, 1] = 1
    if "beats" in chosen:
        phase = 2 * np.pi * (place % 1)
        out[:, 2], out[:, 3], out[:, 6] = np.sin(phase), np.cos(phase), 1
        downbeats = np.array(annotations.get("downbeats", []), float)
        if "bars" in chosen and len(downbeats) >= 2:
            phase = 2 * np.pi * (place_among(place_among(beats, downbeats), place) % 1)
            out[:, 4], out[:, 5] = np.sin(phase), np.cos(phase)
    if "tempo" in chosen:
        out[:, 7], out[:, 8] = math.log2(annotations["tempo"] / 120), 1
    if "genre" in chosen:
        out[:, 8 + annotations["genre_number"]] = 1
    return out
