"""Stage beat-tracker: beat trackers of dances, by their rhythm, and of songs, by their latents."""
from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .data import Pair
from .motion import RATE, RHYTHM_ROWS
from .stage_diffusion import latents
from .stage_genre_classifier import draw_clips
from .trainer import Recipe, Trainer

NOISE = 0.3
SPREAD = 0.025  # seconds
SPEED, MIRRORED, LOUDNESS, RHYTHM_NOISE = 0.25, 0.5, 0.2, 0.05  # augmentation of a dance
MIRROR = [3, 2, 1, 0, 7, 6, 5, 4, 8, 9]


def with_beats(pairs: list[Pair]) -> list[Pair]:
    return [pair for pair in pairs if not pair.validation and pair.whole and pair.rhythm is not None
            and len(pair.annotations.get("beats", [])) >= 2]


def marked(beats: list[float], places: np.ndarray, speed: float = 1) -> np.ndarray:
    """How much each frame is a beat, 0..1, by its place among the pair's frames."""
    times = (places + 0.5) / RATE
    away = np.abs(times[:, None] - np.array(beats)[None]).min(1)
    return np.exp(-0.5 * (away / (speed * SPREAD)) ** 2).astype(np.float32)


def changed(random: np.random.Generator, pair: Pair, start: int, frames: int) \
        -> tuple[np.ndarray, np.ndarray]:
    """A dance's crop, faster or slower, mirrored, louder or softer by direction: (frames, 10),
    (frames)."""
    speed = min(math.exp(SPEED * random.uniform(-1, 1)), (len(pair.rhythm) - start) / frames)
    places = start + (np.arange(frames) + 0.5) * speed - 0.5
    kept = np.clip(places, 0, len(pair.rhythm) - 1)
    before = kept.astype(int)
    part = (kept - before)[:, None]
    after = np.minimum(before + 1, len(pair.rhythm) - 1)
    rows = pair.rhythm[before] * (1 - part) + pair.rhythm[after] * part
    if random.random() < MIRRORED:
        rows = rows[:, MIRROR]
    rows = rows * np.exp(LOUDNESS * random.standard_normal(RHYTHM_ROWS))
    rows += RHYTHM_NOISE * random.standard_normal(rows.shape)
    return rows.astype(np.float32), marked(pair.annotations["beats"], places, speed)


def train_beat_tracker(trainer: Trainer) -> None:
    bundle = trainer.bundle
    if not hasattr(bundle, "beat_tracker") or not trainer.measured(bundle.music_input):
        raise SystemExit("stage beat-tracker needs a model with a beat tracker and a trained music "
                         "autoencoder")
    pairs = with_beats(trainer.pairs)
    if not pairs:
        raise SystemExit(
            "stage beat-tracker needs a pair of music and motion that is annotated with beats; the "
            "training part has none"
        )
    trainer.encode(music=True)
    trainer.measure("music_latent", [pair.music_latent for pair in trainer.pairs
                                     if not pair.validation and pair.music_latent is not None])
    down = trainer.down

    def loss(_: int) -> Tensor:
        batch = draw_clips(trainer, pairs, "music_latent", 1)
        crops = [(pair, start * down) for pair, start in zip(batch.pairs, batch.starts)]
        dances, danced = zip(*(changed(trainer.random, *crop, batch.frames) for crop in crops))
        rows = trainer.tensor(np.stack(dances)).reshape(len(crops), -1, down * RHYTHM_ROWS)
        z = latents(trainer, batch, "music_latent")
        played = [
            marked(pair.annotations["beats"], start + np.arange(batch.frames))
            for pair, start in crops
        ]
        logits = bundle.beat_tracker["motion"](rows), bundle.beat_tracker["music"](
            z + NOISE * torch.randn_like(z)
        )
        return F.binary_cross_entropy_with_logits(logits[0], trainer.tensor(np.stack(danced))) + \
            F.binary_cross_entropy_with_logits(logits[1], trainer.tensor(np.stack(played)))

    trainer.loop(Recipe("beat_tracker", bundle.beat_tracker, loss, 1e-3, True, 100))
    bundle.stats["beat_tracker"].trained.data.fill_(1)
