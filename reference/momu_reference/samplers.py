"""DDIM, DPM-Solver++(2M), guidance, inpainting and joint generation (docs/diffusion.md)."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from .schedule import Schedule, timesteps

# (x, t, condition or None for the null, noise level) -> the network's output, x, condition and
# output being (frames, channels)
Denoiser = Callable[[Tensor, int, "Tensor | None", int], Tensor]


@dataclass
class Sampling:
    schedule: Schedule
    steps: int
    dpm_solver: bool
    guidance: float = 1.0
    rescale: float = 0.0
    inpainting_mask: Tensor | None = None  # (frames) true where a frame is an inpainting target
    inpainting_target: Tensor | None = None  # (frames, channels)
    guidance_start: float = 1.0  # share of T: guided at timesteps below it

    def guided(self, t: int) -> bool:
        return self.guidance != 1 and t < self.guidance_start * self.schedule.steps

    def put_target(self, x: Tensor) -> Tensor:
        if self.inpainting_mask is None:
            return x
        return torch.where(self.inpainting_mask.bool()[:, None], self.inpainting_target, x)


def guide(cond: Tensor, uncond: Tensor, guidance: float, rescale: float) -> Tensor:
    """Guidance on outputs; rescale brings the deviation back to the conditional one's."""
    out = uncond + guidance * (cond - uncond)
    if rescale == 0:
        return out
    return rescale * out * (cond.std() / out.std()) + (1 - rescale) * out


def predict(sampling: Sampling, denoise: Denoiser, x: Tensor, t: int,
            condition: Tensor | None) -> Tensor:
    if condition is None:
        return denoise(x, t, None, 0)
    cond = denoise(x, t, condition, 0)
    if not sampling.guided(t):
        return cond
    return guide(cond, denoise(x, t, None, 0), sampling.guidance, sampling.rescale)


@dataclass
class Solver:
    """Goes from one timestep of a run to the next; remembers the x0-hat before."""
    sampling: Sampling
    times: list[int] = field(init=False)
    before: Tensor | None = None

    def __post_init__(self) -> None:
        total = self.sampling.schedule.steps
        self.times = timesteps(total, self.sampling.steps, self.sampling.dpm_solver)

    def step(self, i: int, x: Tensor, out: Tensor) -> Tensor:
        moved = self._dpm(i, x, out) if self.sampling.dpm_solver else self._ddim(i, x, out)
        return self.sampling.put_target(moved)

    def _ddim(self, i: int, x: Tensor, out: Tensor) -> Tensor:
        s, t = self.sampling.schedule, self.times[i]
        to = self.times[i + 1] if i + 1 < len(self.times) else 0
        return s.add_noise(s.clean(x, out, t), s.noise(x, out, t), to)

    def _dpm(self, i: int, x: Tensor, out: Tensor) -> Tensor:
        s, t = self.sampling.schedule, self.times[i]
        clean, before = s.clean(x, out, t), self.before
        self.before = clean
        if i + 1 == len(self.times):
            return clean
        to = self.times[i + 1]
        if i > 0:
            # r = h_before / h; with an infinite h_before the second-order term vanishes
            ratio = self._log_snr_step(t, to) / self._log_snr_step(self.times[i - 1], t)
            clean = clean + ratio / 2 * (clean - before)
        a, b = float(s.alpha[t]), float(s.sigma[t])
        a_to, b_to = float(s.alpha[to]), float(s.sigma[to])
        return b_to / b * x + (a_to - a * b_to / b) * clean

    def _log_snr_step(self, t: int, to: int) -> float:
        def half_log(i: int) -> float:
            s = self.sampling.schedule
            return float(torch.log(torch.tensor(s.alpha[i] / s.sigma[i], dtype=torch.float64)))
        return half_log(to) - half_log(t)


def sample(sampling: Sampling, denoise: Denoiser, condition: Tensor | None, x: Tensor) -> Tensor:
    """From noise (frames, channels) to a scaled latent."""
    solver = Solver(sampling)
    x = sampling.put_target(x)
    for i, t in enumerate(solver.times):
        x = solver.step(i, x, predict(sampling, denoise, x, t, condition))
    return x


def sample_joint(music: Sampling, motion: Sampling, joint_start: float, to_music: Denoiser,
                 to_motion: Denoiser, music_x: Tensor, motion_x: Tensor) -> tuple[Tensor, Tensor]:
    """Algorithm 2: each modality's condition is the other's x0-hat of the same step."""
    sides = [(music, to_music, Solver(music)), (motion, to_motion, Solver(motion))]
    xs = [music.put_target(music_x), motion.put_target(motion_x)]
    for i, t in enumerate(sides[0][2].times):
        nulls = [denoise(x, t, None, 0) for (_, denoise, _), x in zip(sides, xs)]
        outs = nulls
        if t < joint_start * music.schedule.steps:
            cleans = [s.put_target(s.schedule.clean(x, out, t))
                      for (s, _, _), x, out in zip(sides, xs, nulls)]
            outs = []
            for k, (s, denoise, _) in enumerate(sides):
                cond = denoise(xs[k], t, cleans[1 - k], t + 1)
                outs.append(guide(cond, nulls[k], s.guidance, s.rescale) if s.guided(t) else cond)
        xs = [solver.step(i, x, out) for (_, _, solver), x, out in zip(sides, xs, outs)]
    return xs[0], xs[1]
