"""Stage 4: the vocoder, with discriminators of spectra and, where asked for, of periods."""
from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from . import losses
from .discriminators import (
    WINDOWS,
    DiscriminatorTraining,
    Periods,
    Spectra,
    Together,
    generator_loss,
    magnitudes,
    matching,
)
from .mel import log_mel_of
from .trainer import Recipe, Trainer
from .vocoder import synthesis


def half_through(trainer: Trainer, mel: Tensor) -> Tensor:
    """Standardised; every second clip reconstructed by the music autoencoder."""
    x, network = trainer.bundle.stats["mel"].scale(mel), trainer.bundle.music_vae
    with torch.no_grad():
        mean, _ = network.encode(x[1::2])
        x[1::2] = network.decode(mean).to(x.dtype)
    return x


def held_chord(random: np.random.Generator, samples: int, rate: float) -> np.ndarray:
    """One to four notes of up to sixteen steady partials each."""
    pitches = random.integers(31, 73) + random.uniform(-0.5, 0.5) \
        + np.cumsum([0, *random.integers(3, 10, random.integers(0, 4))])
    hertz = (440 * 2 ** ((pitches[:, None] - 69) / 12) * np.arange(1, 17)).ravel()
    levels = np.tile(np.arange(1, 17) ** -random.uniform(0.5, 2.0), len(pitches)) * (
        hertz < 0.49 * rate
    )
    phases = 2 * np.pi * random.random(len(hertz))
    wave = levels @ np.sin(2 * np.pi * hertz[:, None] * np.arange(samples) / rate + phases[:, None])
    return random.uniform(0.05, 0.5) * wave / np.abs(wave).max()


def train_vocoder(trainer: Trainer) -> None:
    bundle, options, clock = trainer.bundle, trainer.options, trainer.bundle.config["clock"]
    if not hasattr(bundle, "vocoder") or not trainer.measured("mel"):
        raise SystemExit("stage vocoder needs a model with a vocoder and a trained music "
                         "autoencoder")
    pairs = trainer.training(lambda pair: pair.wave is not None)
    count, frames = options.batch or 8, trainer.crop_frames(options.seconds or 1.024)
    # The longest window resolves a partial and its neighbours at the frame rate, which buzz.
    windows = [*WINDOWS, 2048] if frames * clock["hop"] >= 2048 else WINDOWS
    networks = [Spectra(16)] + ([Periods(32)] if options.periods else [])
    discriminator = DiscriminatorTraining(Together(*networks).to(options.device),
                    1.0 if options.gan is None else options.gan, options.gan_start,
                    options.rate or 5e-4)

    def sound() -> Tensor:
        batch = trainer.draw(pairs, count, frames)
        rows = [trainer.rows(pair.wave, start * trainer.down, frames, 0)
                for pair, start in zip(batch.pairs, batch.starts)]
        waves = np.stack(rows).reshape(count, -1) / np.float32(32767)
        for i in np.flatnonzero(trainer.random.random(count) < 0.15):
            waves[i] = held_chord(trainer.random, waves.shape[1], clock["sample_rate"])
        return trainer.tensor(waves).float()

    def loss(_: int) -> Tensor:
        with trainer.autocast(False):
            x = sound()
            mel = log_mel_of(x, clock)
        head = bundle.vocoder(half_through(trainer, mel))
        with trainer.autocast(False):
            y = synthesis(head.float(), clock["n_fft"], clock["hop"])
            value = 45 * math.log(10) * losses.l1(log_mel_of(y, clock), mel)
            value = value + 15 * sum(losses.l1(magnitudes(y, w), magnitudes(x, w))
                                     for w in windows) / len(windows)
            if discriminator.phase == "guides":
                generated, real = discriminator.predict(y), discriminator.predict(x)
                value = value + discriminator.weight * (
                    generator_loss(generated) + matching(real, generated)
                )
            discriminator.observe(x, y)
        return value

    trainer.loop(Recipe("vocoder", bundle.vocoder, loss, 5e-4, True, 50, discriminator))
