"""The config of a model file (docs/model-format.md, "Config"), kept as the dictionary that its
JSON is."""
from __future__ import annotations

import copy
import json
from typing import Any

Config = dict[str, Any]

CONTROL_FEATURES = 25
FEATURES = {"body3d": 206, "positions2d": 28, "directions2d": 28}


def autoencoder(channels: int, multipliers: list[int], blocks: int, down: list[bool],
                attention: bool = False, groups: int = 0) -> Config:
    return {"channels": channels, "multipliers": multipliers, "blocks": blocks, "kernel": 5,
            "decoder_kernel": 3, "down": down, "attention": attention, "groups": groups}


def base_transformer(hidden: int, blocks: int, heads: int) -> Config:
    return {"architecture": "base", "hidden": hidden, "blocks": blocks, "heads": heads,
            "ffn_multiple": 4, "ffn_kernel": 1, "max_tokens": 0, "controls": True,
            "inpainting": True, "fusion": True}


def paper_transformer() -> Config:
    return {"architecture": "paper", "hidden": 576, "blocks": 4, "heads": 8, "ffn_multiple": 4,
            "ffn_kernel": 9, "max_tokens": 3300, "controls": False, "inpainting": False}


def unet(hidden: int, multipliers: list[int], blocks: int, heads: int) -> Config:
    return {"architecture": "unet", "hidden": hidden, "multipliers": multipliers, "blocks": blocks,
            "heads": heads, "controls": True, "inpainting": True}


KEYPOINT_ENCODERS = {"base": (32, [1, 2, 2]), "small": (32, [1, 2, 2]), "tiny": (8, [1, 2])}
KEYPOINT_ROWS = 42


def with_key_after(config: Config, before: str, key: str, value: Any) -> Config:
    """The same config with one more key: the order is that of the page."""
    out: Config = {}
    for name, kept in config.items():
        out[name] = kept
        if name == before:
            out[key] = value
    return out


UNETS = {"base": (144, [1, 2, 2], 2, 4), "small": (64, [1, 2, 2], 2, 2), "tiny": (32, [1, 2], 1, 2)}


def diffusion(paper: bool) -> Config:
    return {"steps": 1000, "beta_start": 0.00085, "beta_end": 0.012,
            "zero_terminal_snr": not paper, "prediction": "epsilon" if paper else "v",
            "sampler": "ddim" if paper else "dpm-solver++", "sampling_steps": 50 if paper else 20,
            "guidance_music": 3, "guidance_motion": 2, "joint_start": 0.5}


def vocos(dim: int, ffn: int) -> Config:
    return {"type": "vocos", "dim": dim, "ffn": ffn, "layers": 8}


def _body_preset(name: str, latent: int, music: Config, motion: Config, transformer: Config,
                 vocoder: Config) -> Config:
    return {"preset": name, "clock": clock(4),
            "motion": {"layout": "body3d", "joints": 22, "features": FEATURES["body3d"]},
            "latent": latent, "music_vae": music, "motion_vae": motion, "transformer": transformer,
            "diffusion": diffusion(False), "vocoder": vocoder, "window_seconds": 25,
            "max_seconds": 600, "trained_controls": []}


def clock(down: int) -> Config:
    return {"sample_rate": 16000, "hop": 256, "n_fft": 1024, "mel_bands": 80, "mel_low": 0,
            "mel_high": 8000, "down": down}


CHANGES = ("unet", "directions2d", "wave", "mfcc", "floor")


def is_wave(config: Config) -> bool:
    return config["clock"].get("input", "mel") == "wave"


def music_channels(config: Config) -> int:
    """Channels of a frame for the music autoencoder: bands, or samples."""
    return config["clock"]["hop" if is_wave(config) else "mel_bands"]


def learned(config: Config, target: str) -> bool:
    """Whether the transformer that makes this side has an encoder of its condition."""
    encoders = config.get("condition_encoder", {})
    return encoders.get("motion") == "learned" if target == "music" \
        else encoders.get("music") == "mfcc"


def paper() -> Config:
    network = autoencoder(384, [1, 2, 4], 2, [True, False, False], True, 32)
    return {"preset": "paper", "clock": clock(2),
            "motion": {"layout": "positions2d", "joints": 14, "features": 28}, "latent": 20,
            "music_vae": network, "motion_vae": copy.deepcopy(network),
            "transformer": paper_transformer(), "diffusion": diffusion(True),
            "vocoder": vocos(512, 1536), "window_seconds": 50, "max_seconds": 50,
            "trained_controls": []}


def preset(name: str) -> Config:
    size, _, change = name.partition("-")
    if size not in UNETS or change not in ("", *CHANGES):
        if name == "paper":
            return paper()
        raise ValueError(f"preset {name!r}; expected paper, base, small, tiny, the last three "
                         "also with -" + ", -".join(CHANGES))
    config = sized(size)
    config["preset"] = name
    if change != "directions2d":
        channels, multipliers = KEYPOINT_ENCODERS[size]
        encoder = autoencoder(channels, multipliers, 1, config["music_vae"]["down"])
        config = with_key_after(config, "motion_vae", "keypoint_encoder", encoder)
    if change != "floor":  # it reads motion latents
        config = with_key_after(config, "transformer", "genre_classifier",
                                {"channels": 32 if size == "tiny" else 128, "tempo": True})
    if change != "mfcc":  # it reads music latents
        config = with_key_after(
            config,
            "genre_classifier" if change != "floor" else "transformer",
            "beat_tracker",
            {"channels": 32, "blocks": 2} if size == "tiny" else {"channels": 64, "blocks": 3},
        )
    if change == "unet":
        config["transformer"] = unet(*copy.deepcopy(UNETS[size]))
    if change == "directions2d":
        config["motion"] = {"layout": change, "joints": 14, "features": FEATURES[change]}
    if change == "wave":
        config["clock"]["input"], config["vocoder"] = "wave", {"type": "none"}
    if change in ("mfcc", "floor"):
        config["condition_encoder"] = {"music": "mfcc" if change == "mfcc" else "latent",
                                       "motion": "learned" if change == "floor" else "latent",
                                       "channels": 2 * config["motion_vae"]["channels"]}
    return config


def sized(name: str) -> Config:
    griffin_lim = {"type": "griffin-lim", "iterations": 60}
    levels = [True, True, False]
    if name == "base":
        return _body_preset(name, 32, autoencoder(64, [1, 2, 4], 2, levels),
                            autoencoder(64, [1, 2, 4], 2, levels), base_transformer(256, 8, 4),
                            vocos(256, 768))
    if name == "small":
        return _body_preset(name, 32, autoencoder(48, [1, 2, 4], 1, levels),
                            autoencoder(64, [1, 2, 4], 1, levels), base_transformer(128, 6, 2),
                            griffin_lim)
    return _body_preset(name, 8, autoencoder(16, [1, 2], 1, [True, True]),
                        autoencoder(16, [1, 2], 1, [True, True]), base_transformer(64, 2, 2),
                        griffin_lim)


def to_json(config: Config) -> str:
    return json.dumps(config, separators=(",", ":"))


def from_json(text: str) -> Config:
    return json.loads(text)
