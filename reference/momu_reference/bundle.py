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

from .autoencoder import Autoencoder, KeypointEncoder
from .beat_finder import BeatFinder
from .classifier import GENRES, Classifier, TempoGenre
from .config import (KEYPOINT_ROWS, Config, from_json, is_wave, learned, music_channels,
                     to_json)
from .encoder import MFCCS, ConditionEncoder
from .motion import RHYTHM_ROWS
from .transformer import transformer
from .vocoder import Vocoder

LICENSE = "unspecified"


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


class Contrast(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor([math.log(1 / 0.07)]))


class Seen(nn.Module):
    """Whether a network that may be left untrained has been trained: 1 or 0."""

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
        self.heard = "wave" if is_wave(config) else "mel"
        self.stats = nn.ModuleDict({
            self.heard: Statistics(music_channels(config)), "motion": Statistics(features),
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
        self.contrast = Contrast()
        if "keypoint_encoder" in config:
            self.keypoints = KeypointEncoder(config["keypoint_encoder"], KEYPOINT_ROWS, latent)
            self.stats["keypoints"] = Seen()
        if "genre_classifier" in config:
            self.genre = Classifier(latent, config["genre_classifier"]["channels"], GENRES)
            if config["genre_classifier"].get("tempo", False):
                self.genre.tempo = TempoGenre()
            self.stats["genre"] = Seen()
        if "beat_finder" in config:
            inputs = {"motion": RHYTHM_ROWS * clock["down"], "music": latent}
            self.beats = nn.ModuleDict({side: BeatFinder(config["beat_finder"], count, clock["down"])
                                        for side, count in inputs.items()})
            self.stats["beats"] = Seen()
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
    metadata = {"momu.format": "1", "momu.min_reader": "1",
                "momu.config": to_json(bundle.config), **bundle.metadata}
    Path(path + ".part").write_bytes(ordered(serialise(tensors, metadata)))
    os.replace(path + ".part", path)


def load(path: str) -> Bundle:
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
        if metadata.get("momu.min_reader") != "1":
            raise ValueError(f"{path}: needs a newer reader than 1")
        bundle = Bundle(from_json(metadata["momu.config"]))
        tensors = {name: file.get_tensor(name).float() for name in file.keys()}
    bundle.load_state_dict(tensors)
    bundle.metadata = {key: text for key, text in metadata.items()
                       if key in ("momu.license", "momu.training_data", "momu.trained_by")}
    return bundle
