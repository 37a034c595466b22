"""Stage 1: reconstruction, and later in a run a patch discriminator with an adaptive weight."""
from __future__ import annotations

import torch
from torch import Tensor

from . import losses
from .discriminators import DiscriminatorTraining, Patches, generator_loss
from .trainer import Recipe, Trainer


def adaptive(reconstruction: Tensor, adversarial: Tensor, weight: Tensor) -> Tensor:
    """|dL1/dW| / |dLgan/dW| at the decoder's last convolution."""
    norms = [torch.autograd.grad(loss, weight, retain_graph=True)[0].norm()
             for loss in (reconstruction, adversarial)]
    return (norms[0] / (norms[1] + 1e-4)).clamp(max=1e4).detach()


def train_music(trainer: Trainer) -> None:
    bundle, options = trainer.bundle, trainer.options
    pairs = trainer.training(lambda pair: pair.mel is not None)
    trainer.measure(bundle.music_input, [pair.mel for pair in pairs])
    network, count = bundle.music_vae, options.batch or 16
    frames = trainer.crop_frames(options.seconds or 4)
    discriminator = None
    if bundle.music_input == "mel" and options.gan != 0:
        patches = Patches(64 if bundle.config["preset"] == "paper" else 16).to(options.device)
        discriminator = DiscriminatorTraining(
            patches,
            0.5 if options.gan is None else options.gan,
            options.gan_start,
            options.rate or 4e-4,
        )

    def loss(_: int) -> Tensor:
        x = trainer.mels(trainer.draw(pairs, count, frames))
        y, mean, logvar = losses.reconstruct(network, x)
        value = losses.music_loss(y, x, mean, logvar, trainer.kl)
        if discriminator and discriminator.phase == "guides":
            fooled = generator_loss(discriminator.predict(y))
            strength = adaptive(losses.l1(y, x), fooled, network.decoder.conv_out.weight)
            value = value + discriminator.weight * strength * fooled
        if discriminator:
            discriminator.observe(x, y)
        return value

    trainer.loop(Recipe("music_vae", network, loss, 4e-4, False, 50, discriminator))
    trainer.forget("music_latent")
    if "beat_tracker" in bundle.stats:  # it reads the old latents
        bundle.stats["beat_tracker"].trained.data.zero_()
