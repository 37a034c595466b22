"""What the stages of docs/training.md share: crops of the data, statistics, the loop."""
from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .bundle import Bundle, Statistics
from .data import Pair
from .discriminators import DiscriminatorTraining
from .schedule import schedule

FLOORS = {
    "mel": 0.05,
    "wave": 0.01,
    "mfcc": 0.02,
    "dance": 0.02,
    "motion": 0.02,
    "music_latent": 1e-3,
    "motion_latent": 1e-3,
}
EVERY = 60  # seconds between checkpoints


@dataclass
class Options:
    steps: int  # of each network
    batch: int | None
    seconds: float | None
    rate: float | None
    seed: int
    device: str
    minutes: float | None = None  # of each network; ends it before its steps
    autocast: bool = False  # bf16 in products
    gan: float | None = None  # weight of the discriminator
    gan_start: float = 0.5
    infonce: float = 1.0
    periods: bool = False  # a discriminator of periods for the vocoder, too
    checkpoint: Path | None = None


@dataclass
class Batch:
    """Crops of pairs: first latent frame of each, frames of all."""
    pairs: list[Pair]
    starts: list[int]
    frames: int


@dataclass
class Recipe:
    """How a network is trained."""
    name: str
    network: nn.Module
    loss: Callable[[int], Tensor]
    rate: float
    average: bool  # keep a moving average of the weights
    warmup: int
    discriminator: DiscriminatorTraining | None = None


class Trainer:
    def __init__(self, bundle: Bundle, pairs: list[Pair], options: Options) -> None:
        self.bundle, self.pairs, self.options = bundle.to(options.device), pairs, options
        self.random = np.random.default_rng(options.seed)
        self.down = bundle.config["clock"]["down"]
        self.kl = 1.25e-6 if bundle.config["preset"] == "paper" else 1e-6
        self.schedule = schedule(bundle.config["diffusion"])
        self.resumed: dict | None = None  # what a checkpoint holds
        self.position = 0  # of the network being trained, in the run
        torch.manual_seed(options.seed)

    # ---- crops of the data ----

    def tensor(self, values: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values)).to(self.options.device)

    def training(self, needs: Callable[[Pair], bool]) -> list[Pair]:
        chosen = [pair for pair in self.pairs if not pair.validation and needs(pair)]
        if not chosen:
            raise SystemExit("the training part has none of the files that this stage needs")
        return chosen

    def crop_frames(self, seconds: float) -> int:
        clock = self.bundle.config["clock"]
        latents = seconds * clock["sample_rate"] / (clock["hop"] * self.down)
        return max(1, int(latents + 0.5)) * self.down

    def draw(self, pairs: list[Pair], count: int, frames: int) -> Batch:
        """Each frame of the data equally likely."""
        lengths = np.array([pair.frames for pair in pairs], float)
        chosen = self.random.choice(len(pairs), count, p=lengths / lengths.sum())
        starts = [int(self.random.integers(max(0, pairs[i].frames - frames) // self.down + 1))
                  for i in chosen]
        return Batch([pairs[i] for i in chosen], starts, frames)

    def rows(self, values: np.ndarray, start: int, count: int, beyond: float | None) -> np.ndarray:
        """Beyond the end: this value, or (None) the last row again."""
        crop = values[start:start + count]
        missing = count - len(crop)
        if missing <= 0:
            return crop
        last = np.repeat(values[-1:], missing, 0)
        return np.concatenate([crop, last if beyond is None else np.full_like(last, beyond)])

    def mels(self, batch: Batch) -> Tensor:
        silence = 0.0 if self.bundle.music_input == "wave" else -5.0
        rows = [self.rows(pair.mel, start * self.down, batch.frames, silence)
                for pair, start in zip(batch.pairs, batch.starts)]
        return self.bundle.stats[self.bundle.music_input].scale(self.tensor(np.stack(rows)))

    def motions(self, batch: Batch) -> Tensor:
        rows = [self.rows(pair.features, start * self.down, batch.frames, None)
                for pair, start in zip(batch.pairs, batch.starts)]
        return self.bundle.stats["motion"].scale(self.tensor(np.stack(rows)))

    # ---- statistics and latents ----

    def measured(self, name: str) -> bool:
        stats: Statistics = self.bundle.stats[name]
        return bool((stats.mean != 0).any() or (stats.std != 1).any())

    def measure(self, name: str, arrays: list[np.ndarray]) -> None:
        """Statistics, unless the weights rest on some already."""
        if self.measured(name):
            return
        stats, count = self.bundle.stats[name], sum(map(len, arrays))
        mean = sum(a.sum(0, dtype=np.float64) for a in arrays) / count
        square = sum(((a - mean) ** 2).sum(0) for a in arrays) / count
        stats.mean.data = self.tensor(mean.astype(np.float32))
        stats.std.data = self.tensor(np.maximum(np.sqrt(square), FLOORS[name]).astype(np.float32))

    def forget(self, name: str) -> None:
        stats = self.bundle.stats[name]
        stats.mean.data.zero_()
        stats.std.data.fill_(1)

    @torch.no_grad()
    def encode(self, music: bool) -> None:
        """Posterior means of every pair that has this side and no latents of it yet."""
        network = self.bundle.music_vae if music else self.bundle.motion_vae
        name = "music_latent" if music else "motion_latent"
        for pair in self.pairs:
            if (pair.mel if music else pair.features) is None:
                continue
            frames = -(-pair.frames // self.down) * self.down
            whole = Batch([pair], [0], frames)
            mean, _ = network.encode(self.mels(whole) if music else self.motions(whole))
            setattr(pair, name, mean[0].cpu().numpy())

    # ---- the loop ----

    def autocast(self, enabled: bool = True) -> AbstractContextManager:
        kind = torch.device(self.options.device).type
        return torch.autocast(kind, torch.bfloat16, enabled and self.options.autocast)

    def loop(self, recipe: Recipe) -> None:
        """AdamW with a warm-up and a cosine to a twentieth, over the steps or the minutes."""
        run = Run(self, recipe)
        if self.resumed and self.resumed["name"] == recipe.name:
            run.restore(self.resumed)
            self.resumed = None
        while run.part() < 1:
            run.step()
        run.finish()


class Run:
    """One network's training."""

    def __init__(self, trainer: Trainer, recipe: Recipe) -> None:
        self.trainer, self.recipe, self.options = trainer, recipe, trainer.options
        self.rate = self.options.rate or recipe.rate
        self.parameters = [p for p in recipe.network.parameters() if p.requires_grad]
        groups = [{"params": [p for p in self.parameters if p.dim() > 1], "weight_decay": 0.01},
                  {"params": [p for p in self.parameters if p.dim() <= 1], "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, self.rate,
                                           betas=(0.9, 0.98 if recipe.average else 0.99))
        self.smoothed = [p.detach().clone() for p in self.parameters]
        self.steps, self.began, self.before = 0, time.time(), 0.0
        self.saved = self.reported = self.began

    def seconds(self) -> float:
        return self.before + time.time() - self.began

    def part(self) -> float:
        part = self.steps / self.options.steps
        return part if self.options.minutes is None else \
            max(part, self.seconds() / (60 * self.options.minutes))

    def step(self) -> None:
        recipe, part = self.recipe, self.part()
        warmup = min(recipe.warmup, max(1, self.options.steps // 10))
        scale = min(1, (self.steps + 1) / warmup) * (0.525 + 0.475 * math.cos(math.pi * part))
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * scale
        if recipe.discriminator:
            recipe.discriminator.begin(part, self.options.steps)
        self.optimiser.zero_grad()
        with self.trainer.autocast():
            value = recipe.loss(self.steps)
        value.backward()
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimiser.step()
        if recipe.discriminator:
            with self.trainer.autocast():
                recipe.discriminator.learn()
        keep = min(0.9995, (1 + self.steps) / (10 + self.steps))
        for mean, now in zip(self.smoothed, self.parameters):
            mean.lerp_(now.detach(), 1 - keep)
        self.steps += 1
        if self.steps == 1 or time.time() - self.reported > 10 or self.part() >= 1:
            self.report(float(value.detach()))
        if time.time() - self.saved > EVERY:
            self.save()

    def report(self, value: float) -> None:
        if not math.isfinite(value):
            raise SystemExit(f"{self.recipe.name}: the loss is {value} at step {self.steps}; "
                             "try a lower --rate")
        self.reported = time.time()
        print(f"{self.recipe.name} {self.steps}/{self.options.steps} loss {value:.4f} "
              f"{self.steps / self.seconds():.2f} steps/s", flush=True)

    def finish(self) -> None:
        for mean, now in zip(self.smoothed, self.parameters) if self.recipe.average else ():
            now.data.copy_(mean)

    # ---- checkpoints: written to a temporary path, then renamed ----

    def save(self) -> None:
        self.saved, trainer = time.time(), self.trainer
        if not self.options.checkpoint:
            return
        state = {
            "name": self.recipe.name,
            "position": trainer.position,
            "steps": self.steps,
            "seconds": self.seconds(),
            "bundle": trainer.bundle.state_dict(),
            "smoothed": self.smoothed,
            "optimiser": self.optimiser.state_dict(),
            "discriminator": (
                self.recipe.discriminator.state() if self.recipe.discriminator else None
            ),
            "trained_controls": trainer.bundle.config["trained_controls"],
            "numpy": trainer.random.bit_generator.state,
            "torch": torch.get_rng_state(),
        }
        temporary = self.options.checkpoint.with_suffix(".part")
        torch.save(state, temporary)
        os.replace(temporary, self.options.checkpoint)

    def restore(self, state: dict) -> None:
        trainer = self.trainer
        trainer.bundle.load_state_dict(state["bundle"])
        trainer.bundle.config["trained_controls"] = state["trained_controls"]
        for mean, kept in zip(self.smoothed, state["smoothed"]):
            mean.copy_(kept)
        self.optimiser.load_state_dict(state["optimiser"])
        if self.recipe.discriminator and state["discriminator"]:
            self.recipe.discriminator.restore(state["discriminator"])
        self.steps, self.before = state["steps"], state["seconds"]
        trainer.random.bit_generator.state = state["numpy"]
        torch.set_rng_state(state["torch"])
        print(f"{self.recipe.name}: from step {self.steps}", flush=True)
