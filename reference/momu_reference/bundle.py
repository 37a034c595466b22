"""A model file: all networks of a config (docs/model-format.md)."""
from __future__ import annotations

import json
import math
import os
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save as serialise
from torch import Tensor, nn

from . import format1
from .autoencoder import Autoencoder, KeypointEncoder
from .beat_tracker import BeatTracker
from .classifier import GENRES, Classifier, TempoGenre
from .config import (KEYPOINT_ROWS, Config, from_json, is_wave, learned, music_channels,
                     to_json)
from .encoder import MFCCS, ConditionEncoder
from .motion import RHYTHM_ROWS
from .transformer import transformer
from .vocoder import Vocoder

LICENSE = "unspecified"
READER = 3  # momu.min_reader of files that this reads


class Statistics(nn.Module):
    """Mean and deviation of a kind of value; never trained by gradients."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.mean = nn.Parameter(torch.zeros(channels), requires_grad=False)
        self.std = nn.Parameter(torch.ones(channels), requires_grad=False)

    def scale(self, x: Tensor) -> Tensor:
        return (x - self.mean) / self.std

    def unscale(self, x: Tensor) -> Tensor:
        return x * self.std + self.mean


class InfoNCE(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor([math.log(1 / 0.07)]))


class Trained(nn.Module):
    """A flag: whether a network that may be left untrained has been trained: 1 or 0."""

    def __init__(self) -> None:
        super().__init__()
        self.trained = nn.Parameter(torch.zeros(1), requires_grad=False)


class Bundle(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.metadata = {"momu.license": LICENSE, "momu.training_data": "",
                         "momu.trained_by": "the PyTorch reference"}
        clock, latent = config["clock"], config["latent"]
        features = config["motion"]["features"]
        self.music_input = "wave" if is_wave(config) else "mel"
        self.stats = nn.ModuleDict({
            self.music_input: Statistics(music_channels(config)), "motion": Statistics(features),
            "music_latent": Statistics(latent), "motion_latent": Statistics(latent)})
        self.music_vae = Autoencoder(config["music_vae"], music_channels(config), latent)
        self.motion_vae = Autoencoder(config["motion_vae"], features, latent)
        self.motion_to_music = transformer(config["transformer"], latent)
        self.music_to_motion = transformer(config["transformer"], latent)
        for side, name, inputs in (("music", "dance", features), ("motion", "mfcc", MFCCS)):
            if learned(config, side):
                network = self.motion_to_music if side == "music" else self.music_to_motion
                self.stats[name] = Statistics(inputs)
                network.encoder = ConditionEncoder(
                    inputs, config["condition_encoder"]["channels"], clock["down"], latent)
        self.infonce = InfoNCE()
        if "keypoint_encoder" in config:
            self.keypoint_encoder = KeypointEncoder(
                config["keypoint_encoder"], KEYPOINT_ROWS, latent
            )
            self.stats["keypoint_encoder"] = Trained()
        if "genre_classifier" in config:
            self.genre_classifier = Classifier(
                latent, config["genre_classifier"]["channels"], GENRES
            )
            if config["genre_classifier"].get("tempo", False):
                self.genre_classifier.tempo = TempoGenre()
            self.stats["genre_classifier"] = Trained()
        if "beat_tracker" in config:
            inputs = {"motion": RHYTHM_ROWS * clock["down"], "music": latent}
            self.beat_tracker = nn.ModuleDict(
                {
                    side: BeatTracker(config["beat_tracker"], count, clock["down"])
                    for side, count in inputs.items()
                }
            )
            self.stats["beat_tracker"] = Trained()
        if config["vocoder"]["type"] == "vocos":
            self.vocoder = Vocoder(config["vocoder"], clock["mel_bands"], clock["n_fft"])


def stored(name: str, value: Tensor, bf16: bool) -> Tensor:
    """Matrices in bf16 when asked for, vectors always in fp32."""
    dtype = torch.bfloat16 if bf16 and value.dim() > 1 else torch.float32
    return value.detach().to("cpu", dtype).contiguous()


def ordered(file: bytes) -> bytes:
    """The same file, its metadata in the order of their keys: the same model, the same bytes."""
    size = int.from_bytes(file[:8], "little")
    header = json.loads(file[8:8 + size])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 64 + 56)
    return len(text).to_bytes(8, "little") + text + file[8 + size:]


def save(bundle: Bundle, path: str, bf16: bool = False) -> None:
    tensors = {name: stored(name, value, bf16) for name, value in bundle.state_dict().items()}
    write(path, tensors, {"momu.format": "2", "momu.min_reader": "3",
                          "momu.config": to_json(bundle.config), **bundle.metadata})


def save_format1(bundle: Bundle, path: str, bf16: bool = False) -> None:
    """With the names of format 1, for the tests of its reader."""
    tensors = {format1.old_tensor_name(name): stored(name, value, bf16)
               for name, value in bundle.state_dict().items()}
    write(path, tensors, {"momu.format": "1", "momu.min_reader": "1",
                          "momu.config": format1.old_config_text(to_json(bundle.config)),
                          **bundle.metadata})


def write(path: str, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    Path(path + ".part").write_bytes(ordered(serialise(tensors, metadata)))
    os.replace(path + ".part", path)


def load(path: str) -> Bundle:
    with safe_open(path, "pt") as file:
        metadata = file.metadata() or {}
        if int(metadata.get("momu.min_reader", READER + 1)) > READER:
            raise ValueError(f"{path}: momu.min_reader is {metadata.get('momu.min_reader')}, "
                             f"expected {READER} at most")
        tensors = {name: file.get_tensor(name).float() for name in file.keys()}
    config = metadata["momu.config"]
    if metadata.get("momu.format") == "1":
        tensors = {format1.tensor_name(name): value for name, value in tensors.items()}
        config = format1.config_text(config)
    bundle = Bundle(from_json(config))
    bundle.load_state_dict(tensors)
    bundle.metadata = {key: text for key, text in metadata.items()
                       if key in ("momu.license", "momu.training_data", "momu.trained_by")}
    return bundle
