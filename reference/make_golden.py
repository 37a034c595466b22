"""Makes tests/golden/networks from the reference, in double: python make_golden.py [FOLDER].

model.safetensors is a whole small model file, model-format1.safetensors the same in format 1;
architectures.safetensors has the weights of two more architectures, unet.safetensors a U-Net with
its inputs and outputs, encoder.safetensors the same of a transformer with a learned encoder, and
MFCCs, classifier.safetensors of a genre classifier, beat_tracker.safetensors of a beat tracker. The
other files hold inputs and outputs. No tensor is zero that a new model initialises to zero.
CASE.gradients has the parameters in the order of their names, each at up to 16
places: element j is the flat index floor(j * count / kept).
"""
from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from momu_reference import config as configs
from momu_reference import losses
from momu_reference.autoencoder import Autoencoder, sample_posterior
from momu_reference.beat_tracker import BeatTracker
from momu_reference.bundle import Bundle, save, save_format1, stored
from momu_reference.classifier import Classifier, TempoGenre
from momu_reference.encoder import ConditionEncoder, mfcc
from momu_reference import motion
from momu_reference.philox import normals, philox
from momu_reference.samplers import Denoiser, Sampling, sample, sample_joint
from momu_reference.schedule import Schedule, schedule
from momu_reference.transformer import transformer
from momu_reference.vocoder import synthesis

Tensors = dict[str, Tensor]
SEED = 20240601
KEPT = 16
# Inputs whose tensors have other names in the stored vectors. These names stay, like "known" and
# "case.heard" below: they are in the files.
STORED = {"inpainting_mask": "given", "noise_level": "level"}
KL_WEIGHT = 0.01  # large enough for its gradient to show

ATTENDED = configs.autoencoder(4, [1, 3, 3], 1, [True, False, False], True, 6)
PAPER = {"architecture": "paper", "hidden": 32, "blocks": 2, "heads": 2, "ffn_multiple": 1,
         "ffn_kernel": 3, "max_tokens": 24, "controls": False, "inpainting": False}

UNET = {"architecture": "unet", "hidden": 4, "multipliers": [1, 3, 2], "blocks": 2, "heads": 2,
        "controls": True, "inpainting": True}

ENCODED = {"architecture": "base", "hidden": 8, "blocks": 2, "heads": 2, "ffn_multiple": 1,
           "ffn_kernel": 1, "max_tokens": 0, "controls": False, "inpainting": False,
           "fusion": True}


def model_config() -> configs.Config:
    config = configs.preset("tiny")
    config["preset"] = "golden"
    config.pop("keypoint_encoder", None)  # its motion autoencoder reads keypoints
    for section in ("genre_classifier", "beat_tracker"):  # checked by themselves
        config.pop(section, None)
    config["motion"] = {"layout": "positions2d", "joints": 14, "features": 28}
    config["music_vae"] = configs.autoencoder(4, [1, 2], 1, [True, True])
    config["motion_vae"] = configs.autoencoder(6, [1, 2], 1, [True, True])
    config["transformer"].update(hidden=16, ffn_multiple=2)
    config["vocoder"] = {"type": "vocos", "dim": 6, "ffn": 12, "layers": 2}
    config["trained_controls"] = ["genre", "inpainting"]
    return config


def randomise(network: nn.Module) -> None:
    """Every number is drawn anew and rounded as a bf16 file would; the network is then in
    double."""
    for name, value in network.named_parameters():
        drawn = torch.randn(value.shape, dtype=torch.float64)
        if value.dim() > 1 and not name.endswith(("modality", "positions")):
            drawn *= (value.numel() / value.shape[0]) ** -0.5
        elif name.endswith("weight") or name.endswith((".scale", "log_scale")):
            drawn = 1 + 0.2 * drawn
        elif name.endswith(".std"):
            drawn = 0.5 + torch.rand(value.shape, dtype=torch.float64)
        else:
            drawn *= 0.3
        value.data = drawn
        value.data = stored(name, value, True).double()
    network.double()


def random(*shape: int) -> Tensor:
    """Numbers that are exact in fp32."""
    return torch.randn(*shape).double()


def some_of(parameter: Tensor) -> Tensor:
    count = min(KEPT, parameter.numel())
    index = torch.tensor([j * parameter.numel() // count for j in range(count)])
    flat = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
    return flat.flatten()[index]


def keep_gradients(tensors: Tensors, case: str, network: nn.Module, loss: Tensor) -> None:
    network.zero_grad()
    loss.backward()
    tensors[f"{case}.loss"] = loss.detach()[None]
    kept = [some_of(value) for _, value in sorted(network.named_parameters())
            if value.requires_grad]
    tensors[f"{case}.gradients"] = torch.cat(kept)


def write(folder: Path, name: str, tensors: Tensors, weights: Tensors | None = None) -> None:
    def narrow(x: Tensor) -> Tensor:
        return (x.float() if x.is_floating_point() else x).detach().clone().contiguous()

    narrowed = {key: narrow(value) for key, value in tensors.items()}
    save_file(narrowed | (weights or {}), folder / name)


def autoencoder_case(network: Autoencoder, case: str, shape: tuple[int, int, int], down: int,
                     latent: int) -> tuple[Tensors, list[Tensor]]:
    batch, frames, channels = shape
    x, noise = random(*shape), random(batch, frames // down, latent)
    mean, logvar = network.encode(x)
    y = network.decode(sample_posterior(mean, logvar, noise))
    tensors = {f"{case}.x": x, f"{case}.noise": noise, f"{case}.mean": mean,
               f"{case}.logvar": logvar, f"{case}.y": y}
    return tensors, [y, x, mean, logvar]


def motion_infonce(tensors: Tensors, bundle: Bundle, mean: Tensor) -> Tensor:
    music = random(*mean.shape)
    clip = torch.tensor([0, 0, 1, 1, 1], dtype=torch.int32)
    start = torch.tensor([0, 3, 2, 0, 3], dtype=torch.int32)
    tensors.update({"infonce.music": music, "infonce.item": clip, "infonce.start": start})
    rows = [losses.window_rows(side, clip.long(), start.long(), 2) for side in (mean, music)]
    return losses.infonce(rows[0], rows[1], bundle.infonce.log_scale)


def autoencoders(folder: Path, bundle: Bundle, attended: Autoencoder) -> None:
    tensors: Tensors = {"kl_weight": torch.tensor([KL_WEIGHT])}
    case_tensors, parts = autoencoder_case(bundle.music_vae, "music_vae", (2, 12, 80), 4, 8)
    tensors.update(case_tensors)
    keep_gradients(tensors, "music_vae", bundle.music_vae, losses.music_loss(*parts, KL_WEIGHT))
    case_tensors, parts = autoencoder_case(bundle.motion_vae, "motion_vae", (2, 20, 28), 4, 8)
    tensors.update(case_tensors)
    infonce = motion_infonce(tensors, bundle, parts[2])
    trained = nn.ModuleDict({"motion_vae": bundle.motion_vae, "infonce": bundle.infonce})
    tensors["infonce.loss"] = infonce.detach()[None]
    keep_gradients(tensors, "motion", trained, losses.motion_loss(*parts, KL_WEIGHT) + infonce)
    case_tensors, parts = autoencoder_case(attended, "attended_vae", (2, 10, 28), 2, 6)
    tensors.update(case_tensors)
    keep_gradients(tensors, "attended_vae", attended, losses.music_loss(*parts, KL_WEIGHT))
    write(folder, "autoencoder.safetensors", tensors)


def motion_errors(folder: Path) -> None:
    """Of body3d: the value, and its gradient for what was reconstructed."""
    torch.manual_seed(SEED + 3)
    x, out = random(2, 9, 206), random(2, 9, 206).requires_grad_()
    value = losses.motion_error(out, x)
    value.backward()
    write(folder, "motion_error.safetensors",
          {"x": x, "out": out, "loss": value[None], "gradient": out.grad})


def lengths_mask(lengths: list[int], frames: int) -> Tensor:
    return (torch.arange(frames)[None] < torch.tensor(lengths)[:, None]).to(torch.uint8)


def transformer_case(network: nn.Module, noise: Schedule, case: str, inputs: Tensors) -> Tensors:
    """Target, output, loss and gradients for one set of inputs."""
    out = network(**inputs)
    valid = inputs.get("mask", torch.ones(out.shape[:2], dtype=torch.uint8))
    counts = valid * (1 - inputs.get("inpainting_mask", torch.zeros_like(valid)))
    target = random(*out.shape)
    tensors = {f"{case}.{STORED.get(name, name)}": value for name, value in inputs.items()}
    weights = torch.tensor([noise.loss_weight(int(t)) for t in inputs["t"]])
    tensors.update({f"{case}.target": target, f"{case}.row_weight": weights[:, None] * counts,
                    f"{case}.out": out * valid[..., None]})
    loss = losses.diffusion_loss(noise, out, target, inputs["t"], counts)
    keep_gradients(tensors, case, network, loss)
    return tensors


def integers(*values: int) -> Tensor:
    return torch.tensor(values, dtype=torch.int32)


def base_full(latent: int) -> Tensors:
    mask = torch.zeros(2, 7, dtype=torch.uint8)
    mask[0, :3] = mask[1, 5:] = 1
    return {"x": random(2, 7, latent), "t": integers(999, 137), "condition": random(2, 7, latent),
            "keep": torch.tensor([1, 0], dtype=torch.uint8), "noise_level": integers(0, 700),
            "inpainting_mask": mask, "controls": random(2, 7, configs.CONTROL_FEATURES)}


def base_masked(latent: int) -> Tensors:
    return {"x": random(3, 9, latent), "t": integers(0, 500, 1), "condition": random(3, 9, latent),
            "keep": torch.tensor([1, 1, 0], dtype=torch.uint8), "noise_level": integers(0, 3, 1000),
            "mask": lengths_mask([9, 5, 7], 9), "condition_mask": lengths_mask([9, 6, 5], 9)}


def paper_full(latent: int) -> Tensors:
    return {"x": random(2, 7, latent), "t": integers(981, 137), "condition": random(2, 7, latent),
            "keep": torch.tensor([1, 0], dtype=torch.uint8), "noise_level": integers(0, 0)}


def paper_masked(latent: int) -> Tensors:
    return {"x": random(2, 9, latent), "t": integers(1, 500), "condition": random(2, 9, latent),
            "keep": torch.tensor([1, 1], dtype=torch.uint8), "noise_level": integers(0, 0),
            "mask": lengths_mask([9, 5], 9), "condition_mask": lengths_mask([6, 9], 9)}


def transformers(folder: Path, bundle: Bundle, paper: nn.Module) -> None:
    base_noise = schedule(bundle.config["diffusion"])
    paper_noise = schedule(configs.preset("paper")["diffusion"])
    tensors = transformer_case(bundle.motion_to_music, base_noise, "motion_to_music", base_full(8))
    tensors |= transformer_case(bundle.music_to_motion, base_noise, "music_to_motion",
                                base_masked(8))
    tensors |= transformer_case(paper, paper_noise, "paper", paper_full(6))
    tensors |= transformer_case(paper, paper_noise, "paper_masked", paper_masked(6))
    write(folder, "transformer.safetensors", tensors)


def vocoders(folder: Path, bundle: Bundle) -> None:
    mel = random(1, 4, 80)
    head = bundle.vocoder(mel)
    tensors = {"mel": mel, "head": head, "mono": synthesis(head)[0]}
    keep_gradients(tensors, "vocoder", bundle.vocoder, head.square().mean())
    write(folder, "vocoder.safetensors", tensors)


def denoiser(network: nn.Module) -> Denoiser:
    def run(x: Tensor, t: int, condition: Tensor | None, noise_level: int) -> Tensor:
        c = torch.zeros_like(x) if condition is None else condition
        keep = torch.tensor([condition is not None])
        return network(x[None], torch.tensor([t]), c[None], keep, torch.tensor([noise_level]),
                       inpainting_mask=run.mask)[0]

    run.mask = None
    return run


def noise_of(stream: int) -> Tensor:
    return torch.from_numpy(normals(11 * 8, SEED, stream)).double().reshape(11, 8)


@torch.no_grad()
def samplings(folder: Path, bundle: Bundle) -> None:
    noise = schedule(bundle.config["diffusion"])
    to_music, to_motion = (denoiser(n) for n in (bundle.motion_to_music, bundle.music_to_motion))
    condition, music, motion = random(11, 8), noise_of(1), noise_of(2)
    tensors = {"condition": condition, "music": music, "motion": motion}
    for name, steps, dpm, guidance, rescale in (
            ("dpm_1", 1, True, 1, 0), ("dpm_20", 20, True, 1, 0), ("ddim_1", 1, False, 1, 0),
            ("ddim_20", 20, False, 1, 0), ("dpm_guided", 20, True, 3, 0),
            ("dpm_rescaled", 20, True, 3, 0.7), ("ddim_guided", 20, False, 2, 0)):
        run = Sampling(noise, steps, dpm, guidance, rescale)
        tensors[name] = sample(run, to_music, condition, music)
    late = Sampling(noise, 20, True, 3, guidance_start=0.6)
    tensors["dpm_guided_late"] = sample(late, to_music, condition, music)
    tensors["dpm_null"] = sample(Sampling(noise, 20, True), to_music, None, music)
    for name, dpm in (("dpm", True), ("ddim", False)):
        runs = [Sampling(noise, 20, dpm, guidance) for guidance in (3, 2)]
        pair = sample_joint(*runs, 0.5, to_music, to_motion, music, motion)
        tensors[f"joint_{name}.music"], tensors[f"joint_{name}.motion"] = pair
    runs = [Sampling(noise, 20, True, guidance, guidance_start=start)
            for guidance, start in ((3, 0.3), (2, 0.2))]
    pair = sample_joint(*runs, 0.5, to_music, to_motion, music, motion)
    tensors["joint_late.music"], tensors["joint_late.motion"] = pair
    mask = torch.zeros(11, dtype=torch.uint8)
    mask[:4] = mask[9:] = 1
    target = random(11, 8)
    to_music.mask = mask[None]
    run = Sampling(noise, 20, True, 3, 0, mask, target)
    tensors |= {
        "given": mask,
        "known": target,
        "dpm_known": sample(run, to_music, condition, music),
    }
    write(folder, "sampling.safetensors", tensors)


def numbers(folder: Path) -> None:
    """Random numbers, and the schedules at some timesteps."""
    places = [(0, 0, 0), (2 ** 64 - 1, 2 ** 64 - 1, 2 ** 64 - 1), (SEED, 7, 5)]
    words = [philox(key, stream, np.array([block], dtype=np.uint64))[0].astype(np.int64)
             for key, stream, block in places]
    tensors = {"words": torch.from_numpy(np.stack(words)),
               "normals": torch.from_numpy(normals(1001, SEED, 1)),
               "normals_wide": torch.from_numpy(normals(37, 2 ** 63 + 12345, 2 ** 40 + 3))}
    at = torch.arange(0, 1000, 37)
    for name in ("base", "paper"):
        s = schedule(configs.preset(name)["diffusion"])
        tensors |= {f"{name}.alpha": torch.from_numpy(s.alpha)[at],
                    f"{name}.sigma": torch.from_numpy(s.sigma)[at],
                    f"{name}.weight": torch.tensor([s.loss_weight(int(t)) for t in at])}
    write(folder, "numbers.safetensors", tensors)


def architectures(folder: Path) -> tuple[Autoencoder, nn.Module]:
    networks = nn.ModuleDict({"attended_vae": Autoencoder(ATTENDED, 28, 6),
                              "paper": transformer(PAPER, 6)})
    randomise(networks)
    save_file({name: stored(name, value, True) for name, value in networks.state_dict().items()},
              folder / "architectures.safetensors")
    return networks["attended_vae"], networks["paper"]


def unets(folder: Path) -> None:
    """A U-Net and its weights: on a length that its levels divide and on others, and with masks."""
    torch.manual_seed(SEED + 1)
    network = nn.ModuleDict({"unet": transformer(UNET, 6)})
    randomise(network)
    noise = schedule(configs.preset("tiny-unet")["diffusion"])
    mask = torch.zeros(2, 8, dtype=torch.uint8)
    mask[0, :3] = mask[1, 6:] = 1
    full = {"x": random(2, 8, 6), "t": integers(999, 137), "condition": random(2, 8, 6),
            "keep": torch.tensor([1, 0], dtype=torch.uint8), "noise_level": integers(0, 700),
            "inpainting_mask": mask, "controls": random(2, 8, configs.CONTROL_FEATURES)}
    odd = {"x": random(1, 11, 6), "t": integers(500), "condition": random(1, 11, 6),
           "keep": torch.tensor([1], dtype=torch.uint8), "noise_level": integers(20)}
    masked = base_masked(6)
    tensors: Tensors = {}
    for case, inputs in (("full", full), ("odd", odd), ("masked", masked)):
        tensors |= transformer_case(network["unet"], noise, f"case.{case}", inputs)
    weights = {name: stored(name, value, True) for name, value in network.state_dict().items()}
    write(folder, "unet.safetensors", tensors, weights)


class Encoding(nn.Module):
    """A transformer whose condition is what its encoder makes of raw frames."""

    def __init__(self, network: nn.Module, raw: Tensor) -> None:
        super().__init__()
        self.network, self.raw = network, raw

    def forward(self, condition: Tensor, **inputs: Tensor) -> Tensor:
        return self.network(condition=self.network.encoder(self.raw), **inputs)


def encoders(folder: Path) -> None:
    """A transformer and its encoder, whose gradients come through the transformer alone."""
    torch.manual_seed(SEED + 3)
    network = transformer(ENCODED, 6)
    network.encoder = ConditionEncoder(7, 5, 4, 6)
    networks = nn.ModuleDict({"conditioned": network})
    randomise(networks)
    noise = schedule(configs.preset("tiny-mfcc")["diffusion"])
    inputs, raw = base_masked(6), random(3, 36, 7)
    inputs["noise_level"] = integers(0, 0, 0)  # a learned condition is never noised
    inputs["condition"] = network.encoder(raw)
    tensors = transformer_case(Encoding(network, raw), noise, "case", inputs)
    mel = np.random.default_rng(SEED).normal(-2, 1, (5, 80)).astype(np.float32)
    tensors |= {"case.raw": raw, "mel": torch.from_numpy(mel), "mfcc": torch.from_numpy(mfcc(mel))}
    weights = {name: stored(name, value, True) for name, value in networks.state_dict().items()}
    write(folder, "encoder.safetensors", tensors, weights)


def classifiers(folder: Path) -> None:
    """Logits of two clips whose length its strides do not divide, and of a tempo and none; the
    cross entropies of labels."""
    torch.manual_seed(SEED + 4)
    networks = nn.ModuleDict({"genre": Classifier(8, 12, 16), "tempo": TempoGenre()})
    randomise(networks)
    x, labels = random(2, 19, 8), integers(3, 15)
    logits, tempo_logits = networks["genre"](x), networks["tempo"](torch.tensor([97.5, 0]))
    tensors = {
        "case.x": x,
        "case.labels": labels,
        "case.logits": logits,
        "case.heard": tempo_logits,
    }
    loss = functional.cross_entropy(logits, labels.long()) + functional.cross_entropy(
        tempo_logits, labels.long()
    )
    keep_gradients(tensors, "case", networks, loss)
    weights = {name: stored(name, value, True) for name, value in networks.state_dict().items()}
    write(folder, "classifier.safetensors", tensors, weights)


def beat_trackers(folder: Path) -> None:
    """Logits of two clips, and their cross entropy with fixed probabilities."""
    torch.manual_seed(SEED + 5)
    networks = nn.ModuleDict({"tracker": BeatTracker({"channels": 8, "blocks": 2}, 6, 4)})
    randomise(networks)
    z = random(2, 11, 6)
    logits, chances = networks["tracker"](z), torch.sigmoid(2 * random(2, 44))
    tensors = {"case.z": z, "case.chances": chances, "case.logits": logits}
    keep_gradients(tensors, "case", networks,
                   functional.binary_cross_entropy_with_logits(logits, chances))
    weights = {name: stored(name, value, True) for name, value in networks.state_dict().items()}
    write(folder, "beat_tracker.safetensors", tensors, weights)


def pictures(folder: Path) -> None:
    """A body that turns from +X towards +Z, its projection on a camera's plane, and its rhythm."""
    torch.manual_seed(SEED + 2)
    quaternions = torch.randn(24, 22, 4) * 0.15
    quaternions[..., 0] += 1
    yaw = torch.linspace(1.5, 0.2, 24) / 2
    quaternions[:, 0] = torch.stack([yaw.cos(), 0 * yaw, yaw.sin(), 0 * yaw], 1)
    quaternions = (quaternions / quaternions.norm(dim=-1, keepdim=True)).numpy()
    root = torch.cumsum(torch.randn(24, 3) * 0.02, 0).numpy() + np.float32([0.5, 1, -2])
    points = motion.positions2d(quaternions.astype(float), root.astype(float))
    tensors = {"quaternions": quaternions, "root": root.astype(np.float32), "positions2d": points,
               "directions2d": motion.directions2d(points)}
    for layout, name in (("body3d", "rhythm"), ("positions2d", "rhythm2d")):
        _, tensors[name] = motion.features_on_clock(
            quaternions.astype(float), root.astype(float), layout
        )
    write(folder, "pictures.safetensors", {k: torch.from_numpy(v) for k, v in tensors.items()})


def main() -> None:
    default = Path(__file__).parent.parent / "tests" / "golden" / "networks"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    bundle = Bundle(model_config())
    randomise(bundle)
    bundle.metadata = {"momu.license": "CC0-1.0", "momu.training_data": "none: random numbers",
                       "momu.trained_by": "nobody"}
    save(bundle, str(folder / "model.safetensors"), bf16=True)
    save_format1(bundle, str(folder / "model-format1.safetensors"), bf16=True)
    attended, paper = architectures(folder)
    numbers(folder)
    autoencoders(folder, bundle, attended)
    transformers(folder, bundle, paper)
    vocoders(folder, bundle)
    samplings(folder, bundle)
    unets(folder)
    encoders(folder)
    classifiers(folder)
    beat_trackers(folder)
    pictures(folder)
    motion_errors(folder)


if __name__ == "__main__":
    main()
