"""Stage 3: both transformers on latents."""
from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from . import losses
from .data import CONTROLS, Pair, available_controls, controls
from .trainer import Batch, Recipe, Trainer


def inpainting_mask(trainer: Trainer, valid: int, length: int) -> np.ndarray:
    """In a fifth of the clips a prefix, a suffix, both, or blocks are inpainting targets."""
    mask = np.zeros(length, np.uint8)
    if trainer.random.random() >= 0.2 or valid < 4:
        return mask
    kind, half = trainer.random.integers(4), valid // 2
    if kind in (0, 2):
        mask[:trainer.random.integers(1, half)] = 1
    if kind in (1, 2):
        mask[valid - trainer.random.integers(1, half):valid] = 1
    place = 0
    while kind == 3 and place < valid:
        first = place + int(trainer.random.integers(4, 64))
        place = first + int(trainer.random.integers(4, 32))
        mask[first:min(place, valid)] = 1
    return mask


def latents(trainer: Trainer, batch: Batch, name: str) -> Tensor:
    length = batch.frames // trainer.down
    rows = [trainer.rows(getattr(pair, name), start, length, None)
            for pair, start in zip(batch.pairs, batch.starts)]
    return trainer.bundle.stats[name].scale(trainer.tensor(np.stack(rows)))


def draw_controls(trainer: Trainer, batch: Batch) -> tuple[Tensor, list[int]]:
    """Each control that a pair has is left out half of the time; so are bars of beats. And whose
    condition each clip gets: its own, or in a tenth of the clips, which then have their beats as a
    control, the next one's."""
    rows, source = [], list(range(len(batch.pairs)))
    for i, (pair, start) in enumerate(zip(batch.pairs, batch.starts)):
        able = available_controls(pair)
        chosen = {name for name in sorted(able) + ["bars"] if trainer.random.random() >= 0.5}
        if trainer.random.random() < 0.1:
            chosen |= able & {"beats"}
            if chosen & {"tempo", "beats"}:
                source[i] = (i + 1) % len(source)
        rows.append(controls(pair, trainer.bundle.config["clock"], start,
                             batch.frames // trainer.down, chosen))
    return trainer.tensor(np.stack(rows)), source


def noisy_condition(trainer: Trainer, condition: Tensor, clean: bool) -> tuple[Tensor, Tensor]:
    """Half of the conditions are noised, to a noise level up to 0.7 T."""
    total = trainer.schedule.steps
    noise_levels = [0 if clean or trainer.random.random() < 0.5
              else int(trainer.random.integers(1, int(0.7 * total) + 1)) for _ in condition]
    rows = [trainer.schedule.condition_at(c, torch.randn_like(c), noise_level)
            for c, noise_level in zip(condition, noise_levels)]
    return torch.stack(rows), torch.tensor(noise_levels, device=condition.device)


def encoded(trainer: Trainer, network: nn.Module, batch: Batch, target: str) -> Tensor:
    """The output of the transformer's own encoder for MFCCs, or for the dance; the encoder
    trains, too."""
    kind, name = ("dance", "features") if target == "music_latent" else ("mfcc", "mfcc")
    rows = [trainer.rows(getattr(pair, name), start * trainer.down, batch.frames, None)
            for pair, start in zip(batch.pairs, batch.starts)]
    return network.encoder(trainer.bundle.stats[kind].scale(trainer.tensor(np.stack(rows))))


def diffusion_loss(trainer: Trainer, network: nn.Module, batch: Batch, target: str,
                   condition: str) -> Tensor:
    settings = trainer.bundle.config["transformer"]
    paper, length = settings["architecture"] == "paper", batch.frames // trainer.down
    valid = [min(length, len(getattr(pair, target)) - start)
             for pair, start in zip(batch.pairs, batch.starts)]
    mask = trainer.tensor(np.stack([np.arange(length) < v for v in valid]).astype(np.uint8))
    clean = latents(trainer, batch, target) * mask[..., None]
    encodes = hasattr(network, "encoder")
    drawn, source = draw_controls(trainer, batch) if settings["controls"] else (None, None)
    c = encoded(trainer, network, batch, target) if encodes else latents(trainer, batch, condition)
    if source and not encodes:
        c = c[source]
    c = c * mask[..., None]
    inpainting = trainer.tensor(np.stack([inpainting_mask(trainer, v, length) for v in valid])) \
        if settings["inpainting"] else torch.zeros_like(mask)
    total, noise = trainer.schedule.steps, torch.randn_like(clean)
    places = (trainer.random.random() + np.arange(len(valid)) / len(valid)) % 1
    times = [min(int(place * total), total - 1) for place in places]
    rows = list(zip(clean, noise, times))
    x = torch.stack([trainer.schedule.add_noise(*row) for row in rows])
    aim = torch.stack([trainer.schedule.target(*row) for row in rows])
    counts = mask * (1 - inpainting)
    x = torch.where(counts[..., None] > 0, x, clean)
    c, noise_levels = noisy_condition(trainer, c, paper or encodes)
    keep = trainer.tensor(trainer.random.random(len(valid)) >= 0.15)
    t = torch.tensor(times, device=x.device)
    out = network(x, t, c * mask[..., None], keep, noise_levels, inpainting, drawn, mask, mask)
    return losses.diffusion_loss(trainer.schedule, out, aim, t, counts)


def train_transformer(trainer: Trainer, name: str, target: str, condition: str) -> None:
    pairs = trainer.training(lambda pair: pair.whole)
    network, count = getattr(trainer.bundle, name), trainer.options.batch or 8
    encodes = hasattr(network, "encoder")
    for side in (target,) if encodes else ("music_latent", "motion_latent"):
        trainer.encode(side == "music_latent")
        trainer.measure(side, [getattr(pair, side) for pair in pairs])
    if encodes and target == "music_latent":
        trainer.measure("dance", [pair.features for pair in pairs])
    elif encodes:
        trainer.measure("mfcc", [pair.mfcc for pair in pairs])
    note_controls(trainer, pairs)
    longest = trainer.options.seconds or trainer.bundle.config["window_seconds"]
    shortest = min(5.0, longest)

    def loss(_: int) -> Tensor:
        seconds = shortest + (longest - shortest) * trainer.random.random()
        number = max(1, round(count * (shortest + longest) / 2 / seconds))
        batch = trainer.draw(pairs, number, trainer.crop_frames(seconds))
        return diffusion_loss(trainer, network, batch, target, condition)

    trainer.loop(Recipe(name, network, loss, 3e-4, True, 200))


def note_controls(trainer: Trainer, pairs: list[Pair]) -> None:
    settings = trainer.bundle.config["transformer"]
    present = set().union(*(available_controls(pair) for pair in pairs)) \
        if settings["controls"] else set()
    trained = set(trainer.bundle.config["trained_controls"]) | present
    if settings["inpainting"]:
        trained.add("inpainting")
    order = (*CONTROLS, "inpainting")
    trainer.bundle.config["trained_controls"] = [name for name in order if name in trained]
