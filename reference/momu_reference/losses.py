"""The losses of docs/losses.md."""
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


def window_rows(latent: Tensor, clip: Tensor, start: Tensor, length: int) -> Tensor:
    """Greatest value of each channel in each window of latent (B, L, d), of unit length: (N, d)."""
    frames = start[:, None] + torch.arange(length, device=latent.device)
    return F.normalize(latent[clip[:, None], frames].amax(1), dim=1)

def infonce(motion: Tensor, music: Tensor, log_scale: Tensor) -> Tensor:
    """Rows of unit length (N, d): row i of motion belongs with row i of music."""
    logits = motion @ music.t() * log_scale.clamp(max=math.log(100.0)).exp()
    labels = torch.arange(len(logits), device=logits.device)
    return (F.cross_entropy(logits, labels) + F.cross_entropy(logits.t(), labels)) / 2


def music_loss(out: Tensor, x: Tensor, mean: Tensor, logvar: Tensor,
               kl_weight: float = 1e-6) -> Tensor:
    return l1(out, x) + kl_weight * kl(mean, logvar)


# Of body3d's 206 features: first, count, share of the reconstruction, share of the velocity.
BODY_GROUPS = [(0, 1, 0.05, 0.05), (1, 3, 0.20, 0.0), (4, 66, 0.40, 0.60), (70, 132, 0.30, 0.35),
               (202, 4, 0.05, 0.0)]
BODY_VELOCITY, TRAVEL = 40.0, slice(1, 4)


def body_weights(column: int, like: Tensor) -> Tensor:
    """(206): each group's share of the mean, whatever its number of features."""
    weights = [group[column] * 206 / group[1] for group in BODY_GROUPS for _ in range(group[1])]
    return torch.tensor(weights, dtype=like.dtype, device=like.device)


def motion_error(out: Tensor, x: Tensor) -> Tensor:
    """Reconstruction and velocity, by groups of features where they are body3d's."""
    if x.shape[-1] != 206:
        return l1(out, x) + 0.5 * velocity(out, x)
    places, changes = body_weights(2, x), body_weights(3, x)
    travel = (out - x)[..., TRAVEL].square().mean()
    return l1(out * places, x * places) + BODY_VELOCITY * velocity(out * changes, x * changes) + \
        travel


def motion_loss(out: Tensor, x: Tensor, mean: Tensor, logvar: Tensor,
                kl_weight: float = 1e-6) -> Tensor:
    """Without InfoNCE, which training adds."""
    return motion_error(out, x) + kl_weight * kl(mean, logvar)


def diffusion_loss(schedule: Schedule, out: Tensor, target: Tensor, t: Tensor,
                   counts: Tensor) -> Tensor:
    """out, target (B, L, d), t (B), counts (B, L) 1 where a frame counts: valid, not inpainting
    targets."""
    weight = torch.tensor([schedule.loss_weight(int(i)) for i in t], dtype=out.dtype,
                          device=out.device)
    rows = weight[:, None] * counts.to(out.dtype)
    total = float(counts.sum()) * out.shape[2]
    return (rows[..., None] * (out - target).square()).sum() / total


def reconstruct(network: nn.Module, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """By a sample of the posterior: (x^, mean, logvar)."""
    mean, logvar = network.encode(x)
    return network.decode(sample_posterior(mean, logvar, torch.randn_like(mean))), mean, logvar
