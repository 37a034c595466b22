"""Stage beats: finders of beats in dances and in songs, by their latents."""
from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .data import Pair
from .motion import RATE
from .stage_diffusion import latents
from .trainer import Recipe, Trainer

NOISE = 0.3
SPREAD = 0.025  # seconds


def says_beats(pairs: list[Pair]) -> list[Pair]:
    return [pair for pair in pairs if not pair.validation and pair.whole
            and len(pair.facts.get("beats", [])) >= 2]


def marked(beats: list[float], start: int, frames: int) -> np.ndarray:
    """How much each frame is a beat: (frames), 0..1."""
    times = (start + np.arange(frames) + 0.5) / RATE
    away = np.abs(times[:, None] - np.array(beats)[None]).min(1)
    return np.exp(-0.5 * (away / SPREAD) ** 2).astype(np.float32)


def train_beats(trainer: Trainer) -> None:
    bundle, options = trainer.bundle, trainer.options
    if not hasattr(bundle, "beats") or not trainer.known("motion") or not trainer.known(bundle.heard):
        raise SystemExit("stage beats needs a model with a beat finder and trained autoencoders")
    pairs = says_beats(trainer.pairs)
    if not pairs:
        raise SystemExit("stage beats needs a pair of music and motion whose facts say its beats; the "
                         "training part has none")
    for side in ("music", "motion"):
        trainer.encode(music=side == "music")
        trainer.measure(f"{side}_latent", [getattr(pair, f"{side}_latent") for pair in trainer.pairs
                                           if not pair.validation
                                           and getattr(pair, f"{side}_latent") is not None])
    longest = options.seconds or 25.0
    shortest = min(6.0, longest)

    def loss(_: int) -> Tensor:
        seconds = shortest + (longest - shortest) * trainer.random.random()
        batch = trainer.draw(pairs, options.batch or 16, trainer.crop_frames(seconds))
        valid = min(len(pair.motion_latent) - start for pair, start in zip(batch.pairs, batch.starts))
        batch.frames = min(batch.frames // trainer.down, valid) * trainer.down
        beats = trainer.tensor(np.stack([marked(pair.facts["beats"], start * trainer.down, batch.frames)
                                         for pair, start in zip(batch.pairs, batch.starts)]))
        total = 0
        for side in ("motion", "music"):
            z = latents(trainer, batch, f"{side}_latent")
            logits = bundle.beats[side](z + NOISE * torch.randn_like(z))
            total = total + F.binary_cross_entropy_with_logits(logits, beats)
        return total

    trainer.loop(Recipe("beats", bundle.beats, loss, 1e-3, True, 100))
    bundle.stats["beats"].trained.data.fill_(1)
