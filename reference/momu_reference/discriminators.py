"""The discriminators of docs/losses.md, and one of periods. They are no part of a model file."""
from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

PATCH_MULTIPLES = (1, 2, 4, 8)
WINDOWS = (1024, 512, 256)
PERIODS = (2, 3, 5, 7, 11)


@dataclass
class Output:
    logits: list[Tensor]  # of each stack
    features: list[Tensor]


def magnitudes(wave: Tensor, window: int) -> Tensor:
    """(B, S) -> (B, frames, bins): (re^2 + im^2 + 1e-5)^0.15, hop a quarter, nothing padded."""
    hann = torch.hann_window(window, dtype=wave.dtype, device=wave.device)
    z = torch.stft(wave, window, window // 4, window=hann, center=False, return_complex=True)
    return (z.real.square() + z.imag.square() + 1e-5).pow(0.15).transpose(1, 2)


class Patches(nn.Module):
    """On a standardised log-mel (B, frames, bands) as an image."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.convs, self.norms, inputs = nn.ModuleList(), nn.ModuleList(), 1
        for i, multiple in enumerate(PATCH_MULTIPLES):
            width, stride = multiple * channels, 2 if i < 3 else 1
            self.convs.append(nn.Conv2d(inputs, width, 4, stride, 1))
            self.norms.append(nn.GroupNorm(8, width, 1e-6) if i else nn.Identity())
            inputs = width
        self.convs.append(nn.Conv2d(inputs, 1, 4, 1, 1))
        for conv in self.convs:
            nn.init.normal_(conv.weight, 0, 0.02)
            nn.init.zeros_(conv.bias)

    def forward(self, x: Tensor) -> Output:
        y, features = x[:, None], []
        for conv, norm in zip(self.convs, self.norms):
            y = F.leaky_relu(norm(conv(y)), 0.2)
            features.append(y)
        return Output([self.convs[-1](y)], features)


class Stack(nn.Module):
    """Convolutions with leaky 0.2 between them: (inputs, outputs, kernel, stride, padding)."""

    def __init__(self, shapes: list[tuple]) -> None:
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(i, o, k, s, p) for i, o, k, s, p in shapes)

    def forward(self, x: Tensor, output: Output) -> None:
        for conv in self.convs[:-1]:
            x = F.leaky_relu(conv(x), 0.2)
            output.features.append(x)
        output.logits.append(self.convs[-1](x))


class Spectra(nn.Module):
    """On sound (B, S) at three resolutions."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        c, wide, small = channels, ((3, 9), (1, 4)), ((3, 3), (1, 1))
        strides = ((1, 2), (1, 2), (2, 2), (1, 2))
        shapes = [(1 if i == 0 else c, c, wide[0], stride, wide[1])
                  for i, stride in enumerate(strides)]
        shapes += [(c, c, small[0], 1, small[1]), (c, 1, small[0], 1, small[1])]
        self.towers = nn.ModuleList(Stack(shapes) for _ in WINDOWS)  # the name of its tensors

    def forward(self, x: Tensor) -> Output:
        output = Output([], [])
        for stack, window in zip(self.towers, WINDOWS):
            stack(magnitudes(x, window)[:, None], output)
        return output


class Periods(nn.Module):
    """HiFi-GAN's discriminator of periods: sound (B, S) folded into rows of 2, 3, 5, 7, 11."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        widths = [1, channels, 4 * channels, 16 * channels, 32 * channels, 32 * channels]
        shapes = [(a, b, (5, 1), (3 if i < 4 else 1, 1), (2, 0))
                  for i, (a, b) in enumerate(zip(widths, widths[1:]))]
        shapes.append((widths[-1], 1, (3, 1), 1, (1, 0)))
        self.towers = nn.ModuleList(Stack(shapes) for _ in PERIODS)  # the name of its tensors

    def forward(self, x: Tensor) -> Output:
        output = Output([], [])
        for stack, period in zip(self.towers, PERIODS):
            padded = F.pad(x[:, None], (0, -x.shape[1] % period), mode="reflect")
            stack(padded.reshape(len(x), 1, -1, period), output)
        return output


class Together(nn.Module):
    def __init__(self, *networks: nn.Module) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def forward(self, x: Tensor) -> Output:
        whole = Output([], [])
        for network in self.networks:
            output = network(x)
            whole.logits += output.logits
            whole.features += output.features
        return whole


def mean_of(parts: list[Tensor]) -> Tensor:
    return torch.stack(parts).mean()


def generator_loss(generated: Output) -> Tensor:
    return mean_of([-logits.mean() for logits in generated.logits])


def hinge(real: Output, generated: Output) -> Tensor:
    return mean_of([F.relu(1 - logits).mean() for logits in real.logits]
                   + [F.relu(1 + logits).mean() for logits in generated.logits])


def matching(real: Output, generated: Output) -> Tensor:
    return mean_of(
        [(a - b.detach()).abs().mean() for a, b in zip(generated.features, real.features)]
    )


class DiscriminatorTraining:
    """A discriminator's schedule and optimiser. After `start` of a run it learns; for a
    twentieth of the steps (at most 100) it learns alone, from then on it also guides the
    generator."""

    def __init__(self, network: nn.Module, weight: float, start: float, rate: float) -> None:
        self.network, self.weight, self.start = network, weight, start
        self.optimiser = torch.optim.AdamW(network.parameters(), rate, betas=(0.5, 0.9),
                                           weight_decay=0.0)
        self.steps, self.phase = 0, "off"

    def begin(self, part: float, steps: int) -> None:
        """Before a step, `part` of the run being over."""
        alone = min(100, max(1, steps // 20))
        if self.weight <= 0 or part < self.start:
            self.phase = "off"
        else:
            self.phase = "learns" if self.steps < alone else "guides"

    def predict(self, x: Tensor) -> Output:
        """Logits and features of x; the weights get no gradient."""
        for parameter in self.network.parameters():
            parameter.requires_grad_(False)
        output = self.network(x)
        for parameter in self.network.parameters():
            parameter.requires_grad_(True)
        return output

    def observe(self, real: Tensor, generated: Tensor) -> None:
        """Keeps the batch for learn(), which follows the generator's step."""
        self.observed = real.detach(), generated.detach()

    def learn(self) -> None:
        if self.phase == "off":
            return
        self.steps += 1
        self.optimiser.zero_grad()
        hinge(*map(self.network, self.observed)).backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()

    def state(self) -> dict:
        return {"network": self.network.state_dict(), "optimiser": self.optimiser.state_dict(),
                "steps": self.steps}

    def restore(self, state: dict) -> None:
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.steps = state["steps"]
