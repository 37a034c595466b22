"""Stage genre-classifier: a classifier of the genres of dances, by their latents."""
from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .data import Pair
from .stage_diffusion import latents
from .trainer import Batch, Recipe, Trainer

NOISE = 0.3


def with_genre(pairs: list[Pair]) -> list[Pair]:
    return [
        pair
        for pair in pairs
        if not pair.validation
        and pair.annotations.get("genre_number", 0) > 0
        and (pair.features is not None or pair.motion_latent is not None)
    ]


def draw_clips(trainer: Trainer, pairs: list[Pair], latent: str, least: int) -> Batch:
    """Crops of 6 s or more, as long as the shortest of their pairs allows."""
    options = trainer.options
    longest = options.seconds or 25.0
    shortest = min(6.0, longest)
    seconds = shortest + (longest - shortest) * trainer.random.random()
    batch = trainer.draw(pairs, options.batch or 16, trainer.crop_frames(seconds))
    valid = min(
        len(getattr(pair, latent)) - start for pair, start in zip(batch.pairs, batch.starts)
    )
    batch.frames = max(least, min(batch.frames // trainer.down, valid)) * trainer.down
    return batch


def train_genre_classifier(trainer: Trainer) -> None:
    bundle = trainer.bundle
    if not hasattr(bundle, "genre_classifier") or not trainer.measured("motion"):
        raise SystemExit(
            "stage genre-classifier needs a model with a genre classifier and a trained motion "
            "autoencoder"
        )
    pairs = with_genre(trainer.pairs)
    if not pairs:
        raise SystemExit(
            "stage genre-classifier needs a motion that is annotated with genre_number; "
            "the training "
            "part has none"
        )
    trainer.encode(music=False)
    trainer.measure("motion_latent", [pair.motion_latent for pair in trainer.pairs
                                      if not pair.validation and pair.motion_latent is not None])

    def loss(_: int) -> Tensor:
        batch = draw_clips(trainer, pairs, "motion_latent", 8)
        x = latents(trainer, batch, "motion_latent")
        labels = torch.tensor([pair.annotations["genre_number"] - 1 for pair in batch.pairs],
                              device=x.device)
        loss = F.cross_entropy(bundle.genre_classifier(x + NOISE * torch.randn_like(x)), labels)
        if hasattr(bundle.genre_classifier, "tempo"):
            tempos = trainer.tensor(
                np.array([pair.annotations.get("tempo", 0) for pair in batch.pairs], np.float32)
            )
            loss = loss + F.cross_entropy(bundle.genre_classifier.tempo(tempos), labels)
        return loss

    trainer.loop(Recipe("genre_classifier", bundle.genre_classifier, loss, 1e-3, True, 50))
    bundle.stats["genre_classifier"].trained.data.fill_(1)
