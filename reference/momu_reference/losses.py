"""The losses of section 8."""
from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .autoencoder import sample_posterior
from .schedule import Schedule


def kl(mean: Tensor, logvar: Tensor) -> Tensor:
    return ((mean.square() + logvar.exp() - 1 - logvar) / 2).mean()


def l1(a: Tensor, b: Tensor) -> Tensor:
    return (a - b).abs().mean()


def velocity(a: Tensor, b: Tensor) -> Tensor:
    return l1(a.diff(dim=1), b.diff(dim=1))


def window_rows(latent: Tensor, item: Tensor, start: Tensor, length: int) -> Tensor:
    """Greatest value of each channel in each window of latent (B, L, d), of unit length: (N, d)."""
    frames = start[:, None] + torch.arange(length, device=latent.device)
    return F.normalize(latent[item[:, None], frames].amax(1), dim=1)

def contrast(motion: Tensor, music: Tensor, log_scale: Tensor) -> Tensor:
    """Rows of unit length (N, d): row i of motion belongs with row i of music."""
    logits = motion @ music.t() * log_scale.clamp(max=math.log(100.0)).exp()
    labels = torch.arange(len(logits), device=logits.device)
    return (F.cross_entropy(logits, labels) + F.cross_entropy(logits.t(), labels)) / 2


def music_loss(out: Tensor, x: Tensor, mean: Tensor, logvar: Tensor,
               kl_weight: float = 1e-6) -> Tensor:
    return l1(out, x) + kl_weight * kl(mean, logvar)


def motion_loss(out: Tensor, x: Tensor, mean: Tensor, logvar: Tensor,
                kl_weight: float = 1e-6) -> Tensor:
    """Without the contrast, which training adds."""
    return l1(out, x) + 0.5 * velocity(out, x) + kl_weight * kl(mean, logvar)


def diffusion_loss(schedule: Schedule, out: Tensor, target: Tensor, t: Tensor,
                   counts: Tensor) -> Tensor:
    """out, target (B, L, d), t (B), counts (B, L) 1 where a frame counts: valid, not given."""
    weight = torch.tensor([schedule.loss_weight(int(i)) for i in t], dtype=out.dtype,
                          device=out.device)
    rows = weight[:, None] * counts.to(out.dtype)
    total = float(counts.sum()) * out.shape[2]
    return (rows[..., None] * (out - target).square()).sum() / total


def reconstruct(network: nn.Module, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """By a sample of the posterior: (x^, mean, logvar)."""
    mean, logvar = network.encode(x)
    return network.decode(sample_posterior(mean, logvar, torch.randn_like(mean))), mean, logvar
