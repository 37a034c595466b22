"""The stages of docs/TRAINING.md in PyTorch: what a batch is, its loss, and the loop around it."""
from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from . import losses
from .autoencoder import Autoencoder, sample_posterior
from .bundle import Bundle, Statistics
from .data import CONTROLS, Pair, controls, known_controls
from .schedule import schedule

WINDOWS, CLASSES = 64, 8  # N_T and N_C of the contrast
FLOORS = {"mel": 0.05, "wave": 0.01, "mfcc": 0.02, "dance": 0.02, "motion": 0.02, "music_latent": 1e-3, "motion_latent": 1e-3}


@dataclass
class Options:
    steps: int
    batch: int | None
    seconds: float | None
    rate: float | None
    seed: int
    device: str


@dataclass
class Batch:
    """Pieces of pairs: first latent frame of each, frames of all."""
    pairs: list[Pair]
    starts: list[int]
    frames: int


class Trainer:
    def __init__(self, bundle: Bundle, pairs: list[Pair], options: Options) -> None:
        self.bundle, self.pairs, self.options = bundle.to(options.device), pairs, options
        self.random = np.random.default_rng(options.seed)
        self.down = bundle.config["clock"]["down"]
        self.kl = 1.25e-6 if bundle.config["preset"] == "paper" else 1e-6
        self.schedule = schedule(bundle.config["diffusion"])
        torch.manual_seed(options.seed)

    # ---- what all stages share ----

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
        piece = values[start:start + count]
        missing = count - len(piece)
        if missing <= 0:
            return piece
        last = np.repeat(values[-1:], missing, 0)
        return np.concatenate([piece, last if beyond is None else np.full_like(last, beyond)])

    def mels(self, batch: Batch) -> Tensor:
        silence = 0.0 if self.bundle.heard == "wave" else -5.0
        rows = [self.rows(pair.mel, start * self.down, batch.frames, silence)
                for pair, start in zip(batch.pairs, batch.starts)]
        return self.bundle.stats[self.bundle.heard].scale(self.tensor(np.stack(rows)))

    def motions(self, batch: Batch) -> Tensor:
        rows = [self.rows(pair.features, start * self.down, batch.frames, None)
                for pair, start in zip(batch.pairs, batch.starts)]
        return self.bundle.stats["motion"].scale(self.tensor(np.stack(rows)))

    def measure(self, name: str, arrays: list[np.ndarray]) -> None:
        """Statistics, unless the weights rest on some already."""
        stats: Statistics = self.bundle.stats[name]
        if bool((stats.mean != 0).any() or (stats.std != 1).any()):
            return
        values = np.concatenate(arrays).astype(np.float64)
        stats.mean.data = self.tensor(values.mean(0).astype(np.float32))
        stats.std.data = self.tensor(np.maximum(values.std(0), FLOORS[name]).astype(np.float32))

    def forget(self, name: str) -> None:
        stats = self.bundle.stats[name]
        stats.mean.data.zero_()
        stats.std.data.fill_(1)

    @torch.no_grad()
    def encode(self, music: bool) -> None:
        """Posterior means of every pair that has this side."""
        network = self.bundle.music_vae if music else self.bundle.motion_vae
        for pair in self.pairs:
            if (pair.mel if music else pair.features) is None:
                continue
            frames = -(-pair.frames // self.down) * self.down
            whole = Batch([pair], [0], frames)
            mean, _ = network.encode(self.mels(whole) if music else self.motions(whole))
            setattr(pair, "music_latent" if music else "motion_latent", mean[0].cpu().numpy())

    def loop(self, name: str, network: nn.Module, loss: Callable[[int], Tensor],
             average: bool) -> None:
        """AdamW with a warm-up and a cosine to a twentieth."""
        steps, rate = self.options.steps, self.options.rate or (3e-4 if average else 4e-4)
        parameters = [p for p in network.parameters() if p.requires_grad]
        groups = [{"params": [p for p in parameters if p.dim() > 1], "weight_decay": 0.01},
                  {"params": [p for p in parameters if p.dim() == 1], "weight_decay": 0.0}]
        optimiser = torch.optim.AdamW(groups, rate, betas=(0.9, 0.98 if average else 0.99))
        warmup = min(200 if average else 50, max(1, steps // 10))
        smoothed, began = [p.detach().clone() for p in parameters], time.time()
        for step in range(steps):
            part = max(0, step - warmup) / max(1, steps - warmup)
            scale = min(1, (step + 1) / warmup) * (0.525 + 0.475 * math.cos(math.pi * part))
            for group in optimiser.param_groups:
                group["lr"] = rate * scale
            optimiser.zero_grad()
            value = loss(step)
            value.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            keep = min(0.9995, (1 + step) / (10 + step))
            for mean, now in zip(smoothed, parameters):
                mean.lerp_(now.detach(), 1 - keep)
            if step % max(1, steps // 20) == 0 or step + 1 == steps:
                print(f"{name} {step + 1}/{steps} loss {value.item():.4f} "
                      f"{time.time() - began:.0f} s", flush=True)
        for mean, now in zip(smoothed, parameters) if average else ():
            now.data.copy_(mean)

    # ---- stage music ----

    def reconstruct(self, network: Autoencoder, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        mean, logvar = network.encode(x)
        return network.decode(sample_posterior(mean, logvar, torch.randn_like(mean))), mean, logvar

    def train_music(self) -> None:
        pairs = self.training(lambda pair: pair.mel is not None)
        self.measure(self.bundle.heard, [pair.mel for pair in pairs])
        network, count = self.bundle.music_vae, self.options.batch or 16
        frames = self.crop_frames(self.options.seconds or 4)

        def loss(_: int) -> Tensor:
            x = self.mels(self.draw(pairs, count, frames))
            y, mean, logvar = self.reconstruct(network, x)
            return losses.music_loss(y, x, mean, logvar, self.kl)

        self.loop("music", network, loss, False)
        self.forget("music_latent")

    # ---- stage motion ----

    def windows(self, pair: Pair, start: int, latents: int, length: int) -> list[int]:
        """One window of each class of strength."""
        starts = self.random.integers(latents - length + 1, size=WINDOWS)
        spans = [slice((start + s) * self.down, (start + s + length) * self.down) for s in starts]
        strength = [pair.increase[span].max(initial=0) for span in spans]
        order = starts[np.lexsort((starts, strength))].reshape(CLASSES, -1)
        return [int(self.random.choice(group)) for group in order]

    def contrast(self, batch: Batch, mean: Tensor) -> Tensor | None:
        latents, length = mean.shape[1], 32 // self.down
        items, starts, music = [], [], []
        for i, (pair, start) in enumerate(zip(batch.pairs, batch.starts)):
            if pair.music_latent is None or latents < length:
                continue
            starts += self.windows(pair, start, latents, length)
            items += [len(music)] * CLASSES
            music.append((i, self.rows(pair.music_latent, start, latents, None)))
        if not music:
            return None
        known = self.bundle.stats["music_latent"].scale(
            self.tensor(np.stack([rows for _, rows in music])))
        sides = mean[[i for i, _ in music]], known
        item, start = (torch.tensor(v, device=mean.device) for v in (items, starts))
        a, b = (losses.window_rows(side, item, start, length) for side in sides)
        return losses.contrast(a, b, self.bundle.contrast.log_scale)

    def train_motion(self) -> None:
        pairs = self.training(lambda pair: pair.features is not None)
        self.measure("motion", [pair.features for pair in pairs])
        self.encode(music=True)
        self.measure("music_latent", [p.music_latent for p in pairs if p.music_latent is not None])
        trained = nn.ModuleDict({"motion": self.bundle.motion_vae,
                                 "contrast": self.bundle.contrast})
        count, frames = self.options.batch or 16, self.crop_frames(self.options.seconds or 4)

        def loss(_: int) -> Tensor:
            batch = self.draw(pairs, count, frames)
            x = self.motions(batch)
            y, mean, logvar = self.reconstruct(self.bundle.motion_vae, x)
            contrast = self.contrast(batch, mean)
            value = losses.motion_loss(y, x, mean, logvar, self.kl)
            return value if contrast is None else value + losses.CONTRAST_WEIGHT * contrast

        self.loop("motion", trained, loss, False)
        self.forget("motion_latent")

    # ---- stage diffusion ----

    def given(self, valid: int, length: int) -> np.ndarray:
        """In a fifth of the items a prefix, a suffix, both, or blocks are known."""
        given = np.zeros(length, np.uint8)
        if self.random.random() >= 0.2 or valid < 4:
            return given
        kind, half = self.random.integers(4), valid // 2
        if kind in (0, 2):
            given[:self.random.integers(1, half)] = 1
        if kind in (1, 2):
            given[valid - self.random.integers(1, half):valid] = 1
        place = 0
        while kind == 3 and place < valid:
            first = place + int(self.random.integers(4, 64))
            place = first + int(self.random.integers(4, 32))
            given[first:min(place, valid)] = 1
        return given

    def latents(self, batch: Batch, name: str) -> Tensor:
        length = batch.frames // self.down
        rows = [self.rows(getattr(pair, name), start, length, None)
                for pair, start in zip(batch.pairs, batch.starts)]
        return self.bundle.stats[name].scale(self.tensor(np.stack(rows)))

    def facts(self, batch: Batch) -> Tensor:
        """Each control that a pair can say is left out half of the time; so are bars of beats."""
        rows = []
        for pair, start in zip(batch.pairs, batch.starts):
            known = {name for name in sorted(known_controls(pair)) + ["bars"]
                     if self.random.random() >= 0.5}
            rows.append(controls(pair, self.bundle.config["clock"], start,
                                 batch.frames // self.down, known))
        return self.tensor(np.stack(rows))

    def noisy_condition(self, condition: Tensor, clean: bool) -> tuple[Tensor, Tensor]:
        """Half of the conditions are noised, to a level up to 0.7 T."""
        total = self.schedule.steps
        levels = [0 if clean or self.random.random() < 0.5
                  else int(self.random.integers(1, int(0.7 * total) + 1)) for _ in condition]
        rows = [self.schedule.condition_at(c, torch.randn_like(c), level)
                for c, level in zip(condition, levels)]
        return torch.stack(rows), torch.tensor(levels, device=condition.device)

    def encoded(self, network: nn.Module, batch: Batch, target: str) -> Tensor:
        """What the transformer's own encoder makes of MFCCs, or of the dance; it learns, too."""
        kind, name = ("dance", "features") if target == "music_latent" else ("mfcc", "mfcc")
        rows = [self.rows(getattr(pair, name), start * self.down, batch.frames, None)
                for pair, start in zip(batch.pairs, batch.starts)]
        return network.encoder(self.bundle.stats[kind].scale(self.tensor(np.stack(rows))))

    def diffusion_loss(self, network: nn.Module, batch: Batch, target: str,
                       condition: str) -> Tensor:
        settings = self.bundle.config["transformer"]
        paper, length = settings["variant"] == "paper", batch.frames // self.down
        valid = [min(length, len(getattr(pair, target)) - start)
                 for pair, start in zip(batch.pairs, batch.starts)]
        mask = self.tensor(np.stack([np.arange(length) < v for v in valid]).astype(np.uint8))
        clean = self.latents(batch, target) * mask[..., None]
        encodes = hasattr(network, "encoder")
        c = self.encoded(network, batch, target) if encodes else self.latents(batch, condition)
        c = c * mask[..., None]
        given = self.tensor(np.stack([self.given(v, length) for v in valid])) \
            if settings["known_latents"] else torch.zeros_like(mask)
        total, noise = self.schedule.steps, torch.randn_like(clean)
        places = (self.random.random() + np.arange(len(valid)) / len(valid)) % 1
        times = [min(int(place * total), total - 1) for place in places]
        items = list(zip(clean, noise, times))
        x = torch.stack([self.schedule.add_noise(*item) for item in items])
        aim = torch.stack([self.schedule.target(*item) for item in items])
        counts = mask * (1 - given)
        x = torch.where(counts[..., None] > 0, x, clean)
        c, levels = self.noisy_condition(c, paper or encodes)
        keep = self.tensor(self.random.random(len(valid)) >= 0.15)
        t = torch.tensor(times, device=x.device)
        out = network(x, t, c * mask[..., None], keep, levels, given,
                      self.facts(batch) if settings["controls"] else None, mask, mask)
        return losses.diffusion_loss(self.schedule, out, aim, t, counts)

    def train_transformer(self, name: str, target: str, condition: str) -> None:
        pairs = self.training(lambda pair: pair.whole)
        network, count = getattr(self.bundle, name), self.options.batch or 8
        encodes = hasattr(network, "encoder")
        for side in (target,) if encodes else ("music_latent", "motion_latent"):
            self.encode(side == "music_latent")
            self.measure(side, [getattr(pair, side) for pair in pairs])
        if encodes and target == "music_latent":
            self.measure("dance", [pair.features for pair in pairs])
        elif encodes:
            self.measure("mfcc", [pair.mfcc for pair in pairs])
        self.note_controls(pairs)
        longest = self.options.seconds or self.bundle.config["window_seconds"]
        shortest = min(5.0, longest)

        def loss(_: int) -> Tensor:
            seconds = shortest + (longest - shortest) * self.random.random()
            items = max(1, round(count * (shortest + longest) / 2 / seconds))
            batch = self.draw(pairs, items, self.crop_frames(seconds))
            return self.diffusion_loss(network, batch, target, condition)

        self.loop(name, network, loss, True)

    def note_controls(self, pairs: list[Pair]) -> None:
        settings = self.bundle.config["transformer"]
        known = set().union(*(known_controls(pair) for pair in pairs)) \
            if settings["controls"] else set()
        trained = set(self.bundle.config["trained_controls"]) | known
        if settings["known_latents"]:
            trained.add("known_latents")
        order = (*CONTROLS, "known_latents")
        self.bundle.config["trained_controls"] = [name for name in order if name in trained]

    def run(self, stage: str) -> None:
        if stage in ("music", "all"):
            self.train_music()
        if stage in ("motion", "all"):
            self.train_motion()
        if stage in ("to-music", "diffusion", "all"):
            self.train_transformer("motion_to_music", "music_latent", "motion_latent")
        if stage in ("to-motion", "diffusion", "all"):
            self.train_transformer("music_to_motion", "motion_latent", "music_latent")
