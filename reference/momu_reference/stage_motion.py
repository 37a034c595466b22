"""Stage 2: motion, with InfoNCE of its rhythm against the frozen music autoencoder; and the
encoder of keypoints, which learns to predict the motion encoder's latents."""
from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from . import losses
from .camera import camera_view
from .data import Pair
from .trainer import Batch, Recipe, Trainer

WINDOWS, CLASSES = 64, 8  # N_T and N_C of InfoNCE
MIXTURE = (-0.3, 1.3)  # the share of a clip that remains in one


def windows(trainer: Trainer, pair: Pair, start: int, latents: int, length: int) -> list[int]:
    """One window of each class of strength."""
    down, starts = trainer.down, trainer.random.integers(latents - length + 1, size=WINDOWS)
    spans = [slice((start + s) * down, (start + s + length) * down) for s in starts]
    strength = [pair.rhythm[span, 8].max(initial=0) for span in spans]
    order = starts[np.lexsort((starts, strength))].reshape(CLASSES, -1)
    return [int(trainer.random.choice(group)) for group in order]


def mix(x: Tensor) -> int:
    """The later half of the clips becomes a mixture with the earlier ones, in place; how many
    are as they were."""
    plain = (len(x) + 1) // 2
    share = torch.empty(len(x) - plain, 1, 1, device=x.device).uniform_(*MIXTURE)
    x[plain:] = share * x[plain:] + (1 - share) * x[:len(x) - plain]
    return plain


def infonce(trainer: Trainer, batch: Batch, plain: int, mean: Tensor) -> Tensor | None:
    """Of the first `plain` clips."""
    bundle, latents, length = trainer.bundle, mean.shape[1], 32 // trainer.down
    clips, starts, music = [], [], []
    for i, (pair, start) in enumerate(zip(batch.pairs[:plain], batch.starts)):
        if pair.music_latent is None or latents < length:
            continue
        starts += windows(trainer, pair, start, latents, length)
        clips += [len(music)] * CLASSES
        music.append((i, trainer.rows(pair.music_latent, start, latents, None)))
    if not music:
        return None
    scaled = bundle.stats["music_latent"].scale(trainer.tensor(np.stack([r for _, r in music])))
    sides = mean[[i for i, _ in music]], scaled
    clip, start = (torch.tensor(v, device=mean.device) for v in (clips, starts))
    a, b = (losses.window_rows(side, clip, start, length) for side in sides)
    return losses.infonce(a, b, bundle.infonce.log_scale)


def train_motion(trainer: Trainer) -> None:
    bundle, options = trainer.bundle, trainer.options
    pairs = trainer.training(lambda pair: pair.features is not None)
    trainer.measure("motion", [pair.features for pair in pairs])
    if options.infonce > 0:
        trainer.encode(music=True)
        trainer.measure("music_latent",
                        [p.music_latent for p in pairs if p.music_latent is not None])
    trained = nn.ModuleDict({"motion": bundle.motion_vae, "infonce": bundle.infonce})
    count, frames = options.batch or 16, trainer.crop_frames(options.seconds or 4)

    def loss(_: int) -> Tensor:
        batch = trainer.draw(pairs, count, frames)
        x = trainer.motions(batch)
        plain = mix(x)
        y, mean, logvar = losses.reconstruct(bundle.motion_vae, x)
        value = losses.motion_loss(y, x, mean, logvar, trainer.kl)
        aligned = infonce(trainer, batch, plain, mean) if options.infonce > 0 else None
        return value if aligned is None else value + options.infonce * aligned

    trainer.loop(Recipe("motion_vae", trained, loss, 4e-4, False, 50))
    trainer.forget("motion_latent")
    for name in ("keypoint_encoder", "genre_classifier"):  # they read the old latents
        if name in bundle.stats:
            bundle.stats[name].trained.data.zero_()


def train_keypoints(trainer: Trainer) -> None:
    bundle, options = trainer.bundle, trainer.options
    if not hasattr(bundle, "keypoint_encoder") or not trainer.measured("motion"):
        raise SystemExit("stage keypoints needs a model with a keypoint encoder and a trained "
                         "motion autoencoder")
    pairs = trainer.training(lambda pair: pair.features is not None)
    trainer.encode(music=False)
    trainer.measure("motion_latent", [pair.motion_latent for pair in pairs])
    count, frames = options.batch or 16, trainer.crop_frames(options.seconds or 4)

    def loss(_: int) -> Tensor:
        batch = trainer.draw(pairs, count, frames)
        rows = [camera_view(trainer.rows(pair.features, start * trainer.down, frames, None),
                       trainer.random) for pair, start in zip(batch.pairs, batch.starts)]
        with torch.no_grad():
            target, _ = bundle.motion_vae.encode(trainer.motions(batch))
        mean = bundle.keypoint_encoder(trainer.tensor(np.stack(rows)))
        return ((mean - target).abs() / bundle.stats["motion_latent"].std).mean()

    trainer.loop(Recipe("keypoints", bundle.keypoint_encoder, loss, 6e-4, True, 50))
    bundle.stats["keypoint_encoder"].trained.data.fill_(1)
