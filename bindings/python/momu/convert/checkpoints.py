"""Converts vocoders and VGGish from PyTorch checkpoints. Needs torch and safetensors."""

from __future__ import annotations

import json
from typing import Any

TYPES = ("hifi-gan", "bigvgan", "vocos")
LN10 = 2.302585092994046


class ConvertError(ValueError):
    """Raised by all converters. str() names the file, what was found and what was expected."""


class Weights:
    """A state dict whose tensors are taken one by one, weight norm folded; what is left over is known."""

    def __init__(self, path: Any, tensors: dict[str, Any]) -> None:
        self.path, self.tensors, self.left = path, tensors, set(tensors)

    def take(self, name: str) -> Any:
        if name not in self.tensors:
            raise ConvertError(f"{self.path}: {name} is missing")
        self.left.discard(name)
        return self.tensors[name].double()

    def has(self, name: str) -> bool:
        return name in self.tensors

    def weight(self, name: str) -> Any:
        """NAME.weight, or g v / |v| over all axes but the first."""
        for g, v in ((f"{name}.weight_g", f"{name}.weight_v"),
                     (f"{name}.parametrizations.weight.original0", f"{name}.parametrizations.weight.original1")):
            if self.has(v):
                direction, size = self.take(v), self.take(g)
                axes = tuple(range(1, direction.dim()))
                return direction * (size / direction.pow(2).sum(axes, keepdim=True).sqrt())
        return self.take(f"{name}.weight")

    def conv(self, name: str, out: dict[str, Any], to: str, zero_bias: int = 0) -> None:
        """(out, in, kernel) becomes (out, kernel, in)."""
        weight = self.weight(name)
        out[f"{to}.weight"] = weight.permute(0, 2, 1)
        out[f"{to}.bias"] = weight.new_zeros(zero_bias) if zero_bias and not self.has(f"{name}.bias") \
            else self.take(f"{name}.bias")

    def finish(self) -> None:
        unknown = sorted(n for n in self.left if not n.endswith(("filter", "window")))
        if unknown:
            raise ConvertError(f"{self.path}: holds {len(unknown)} tensors that this type has no place for, the first is {unknown[0]}")


def read_checkpoint(path: Any) -> Weights:
    import torch
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise ConvertError(f"{path}: no PyTorch checkpoint of plain tensors: {error}") from error
    for key in ("generator", "state_dict", "model"):
        if isinstance(found, dict) and key in found and isinstance(found[key], dict):
            found = found[key]
    if not isinstance(found, dict) or not found or not all(hasattr(v, "shape") for v in found.values()):
        raise ConvertError(f"{path}: no state dict; expected tensors by name, on their own or under \"generator\" or \"state_dict\"")
    return Weights(path, found)


def check_clock(path: Any, found: dict[str, Any], clock: dict[str, Any]) -> None:
    """found: the values of the checkpoint's config, by our names; None: it has none."""
    for key, value in found.items():
        if value is not None and float(value) != float(clock[key]):
            raise ConvertError(f"{path}: {key} is {value}; the model's mels have {clock[key]}: this vocoder was trained on other mels")


# ---- HiFi-GAN and BigVGAN ----

def wave_config(path: Any, given: dict[str, Any], kind: str, log: str, clock: dict[str, Any]) -> dict[str, Any]:
    high = given.get("fmax")
    check_clock(path, {"sample_rate": given.get("sampling_rate"), "mel_bands": given.get("num_mels"),
                       "hop": given.get("hop_size"), "n_fft": given.get("n_fft"), "mel_low": given.get("fmin"),
                       "mel_high": clock["sample_rate"] / 2 if high is None else high}, clock)
    if given.get("win_size", clock["n_fft"]) != clock["n_fft"]:
        raise ConvertError(f"{path}: win_size is {given['win_size']}; expected {clock['n_fft']}")
    try:
        return {"type": kind, "channels": given["upsample_initial_channel"], "up_rates": given["upsample_rates"],
                "up_kernels": given["upsample_kernel_sizes"], "block_kernels": given["resblock_kernel_sizes"],
                "dilations": given["resblock_dilation_sizes"], "short_blocks": str(given.get("resblock", "1")) == "2",
                "snake_beta": kind == "bigvgan" and given.get("activation", "snakebeta") == "snakebeta",
                "natural": log == "ln", "tanh": bool(given.get("use_tanh_at_final", True))}
    except KeyError as error:
        raise ConvertError(f"{path}: {error.args[0]} is missing") from error


def take_snake(weights: Weights, name: str, to: str, out: dict[str, Any], config: dict[str, Any], linear: bool) -> None:
    for key in ("alpha", "beta") if config["snake_beta"] else ("alpha",):
        value = weights.take(f"{name}.{key}")
        out[f"{to}.{key}"] = value.log() if linear else value


def convert_wave(weights: Weights, config: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    bigvgan = config["type"] == "bigvgan"
    linear = not given.get("snake_logscale", True)
    stages, blocks = len(config["up_rates"]), len(config["block_kernels"])
    weights.conv("conv_pre", out, "conv_in")
    for i in range(stages):
        name = f"ups.{i}.0" if bigvgan else f"ups.{i}"
        out[f"ups.{i}.weight"] = weights.weight(name).permute(0, 2, 1)  # (in, out, kernel) becomes (in, kernel, out)
        out[f"ups.{i}.bias"] = weights.take(f"{name}.bias")
        for k in range(blocks):
            block, to = f"resblocks.{i * blocks + k}", f"stages.{i}.blocks.{k}"
            kinds = (("convs", "first"),) if config["short_blocks"] else (("convs1", "first"), ("convs2", "second"))
            count = len(config["dilations"][k])
            for d in range(count):
                for kind, ours in kinds:
                    weights.conv(f"{block}.{kind}.{d}", out, f"{to}.{ours}.{d}")
            for a in range(count * len(kinds)) if bigvgan else ():
                take_snake(weights, f"{block}.activations.{a}.act", f"{to}.acts.{a}", out, config, linear)
    if bigvgan:
        take_snake(weights, "activation_post.act", "end", out, config, linear)
    weights.conv("conv_post", out, "conv_out", zero_bias=1)
    return out


# ---- Vocos ----

def arguments(given: dict[str, Any], *names: str) -> dict[str, Any]:
    """The init_args of the first of these sections that is there, as Vocos writes its configs."""
    for name in names:
        section = given.get(name) or given.get("model", {}).get("init_args", {}).get(name)
        if section:
            return section.get("init_args", section)
    return {}


def vocos_config(path: Any, given: dict[str, Any], clock: dict[str, Any], same_mels: bool) -> dict[str, Any]:
    features, backbone = arguments(given, "feature_extractor"), arguments(given, "backbone")
    head = arguments(given, "head")
    check_clock(path, {"sample_rate": features.get("sample_rate"), "mel_bands": features.get("n_mels", backbone.get("input_channels")),
                       "hop": head.get("hop_length", features.get("hop_length")), "n_fft": head.get("n_fft", features.get("n_fft"))}, clock)
    if head.get("padding", "center") != "same":
        raise ConvertError(f"{path}: head.padding is {head.get('padding', 'center')}; expected same")
    if not same_mels:
        raise ConvertError(f"{path}: public Vocos was trained on other mels (HTK scale, no norm, centred); give --same-mels if this one was trained "
                           "on Slaney mels of this project's front end")
    try:
        return {"type": "vocos", "dim": backbone["dim"], "ffn": backbone["intermediate_dim"], "layers": backbone["num_layers"]}
    except KeyError as error:
        raise ConvertError(f"{path}: backbone.{error.args[0]} is missing") from error


def convert_vocos(weights: Weights, config: dict[str, Any], log: str, stats: dict[str, Any]) -> dict[str, Any]:
    """The model hands standardised log10 mels over: their deviation and mean go into the first convolution."""
    import torch
    out: dict[str, Any] = {}
    scale = LN10 if log == "ln" else 1.0
    weights.conv("backbone.embed", out, "conv_in")
    mean, std = stats["stats.mel.mean"].double(), stats["stats.mel.std"].double()
    plain = out["conv_in.weight"]  # (dim, 7, bands)
    out["conv_in.bias"] = out["conv_in.bias"] + torch.einsum("oki,i->o", plain, mean * scale)
    out["conv_in.weight"] = plain * (std * scale)

    def affine(name: str, to: str) -> None:
        out[f"{to}.weight"], out[f"{to}.bias"] = weights.take(f"{name}.weight"), weights.take(f"{name}.bias")

    affine("backbone.norm", "norm_in")
    for i in range(config["layers"]):
        name, to = f"backbone.convnext.{i}", f"blocks.{i}"
        out[f"{to}.depthwise.weight"] = weights.take(f"{name}.dwconv.weight")[:, 0]
        out[f"{to}.depthwise.bias"] = weights.take(f"{name}.dwconv.bias")
        affine(f"{name}.norm", f"{to}.norm")
        affine(f"{name}.pwconv1", f"{to}.in")
        affine(f"{name}.pwconv2", f"{to}.out")
        out[f"{to}.scale"] = weights.take(f"{name}.gamma")
    affine("backbone.final_layer_norm", "norm_out")
    affine("head.out", "head")
    for name in [n for n in weights.left if n.startswith("feature_extractor.")]:
        weights.left.discard(name)
    return out


# ---- the model file ----

def read_model(path: Any) -> tuple[dict[str, Any], dict[str, str]]:
    from safetensors import safe_open
    try:
        with safe_open(path, "pt") as file:
            metadata = dict(file.metadata() or {})
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except Exception as error:
        raise ConvertError(f"{path}: no model file: {error}") from error
    if "momu.config" not in metadata:
        raise ConvertError(f"{path}: no model of libmomu: momu.config is missing in its metadata")
    return tensors, metadata


def read_config(path: Any) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        raise ConvertError(f"{path}: {error}") from error


def convert_vocoder(checkpoint: Any, config: Any, kind: str, model: Any, output: Any, log: str | None = None,
                    same_mels: bool = False) -> None:
    """Writes `output`: `model` with the vocoder of `checkpoint`. log: "ln" or "log10", the mels that it was trained on (ln)."""
    from safetensors.torch import save_file
    tensors, metadata = read_model(model)
    ours, given = json.loads(metadata["momu.config"]), read_config(config)
    if ours["clock"].get("input", "mel") != "mel":
        raise ConvertError(f"{model}: a model of waves needs no vocoder")
    weights, log = read_checkpoint(checkpoint), log or "ln"
    if kind == "vocos":
        section = vocos_config(config, given, ours["clock"], same_mels)
        made = convert_vocos(weights, section, log, tensors)
    else:
        section = wave_config(config, given, kind, log, ours["clock"])
        made = convert_wave(weights, section, given)
    weights.finish()
    kept = {name: value for name, value in tensors.items() if not name.startswith("vocoder.")}
    kept.update({f"vocoder.{name}": value.float().contiguous() for name, value in made.items()})
    ours["vocoder"] = section
    metadata["momu.config"] = json.dumps(ours, separators=(",", ":"))
    save_file(kept, output, metadata)


# ---- VGGish ----

VGGISH_CONVS, VGGISH_LINEARS = (0, 3, 6, 8, 11, 13), (0, 2, 4)


def convert_vggish(checkpoint: Any, output: Any) -> None:
    """Writes `output`: torchvggish's weights (features.*, embeddings.*), convolutions as (out, height, width, in)."""
    from safetensors.torch import save_file
    weights, made = read_checkpoint(checkpoint), {}
    for i in VGGISH_CONVS:
        made[f"vggish.features.{i}.weight"] = weights.take(f"features.{i}.weight").permute(0, 2, 3, 1)
        made[f"vggish.features.{i}.bias"] = weights.take(f"features.{i}.bias")
    for i in VGGISH_LINEARS:
        for kind in ("weight", "bias"):
            made[f"vggish.embeddings.{i}.{kind}"] = weights.take(f"embeddings.{i}.{kind}")
    for name in [n for n in weights.left if n.startswith("pproc.")]:  # the PCA, which the distance does without
        weights.left.discard(name)
    weights.finish()
    widths = [made[f"vggish.features.{i}.bias"].shape[0] for i in VGGISH_CONVS]
    values = made["vggish.embeddings.0.weight"].shape[1]
    if values != 24 * widths[-1]:
        raise ConvertError(f"{checkpoint}: embeddings.0 takes {values} numbers; patches of 96 x 64 give {24 * widths[-1]}")
    config = {"widths": widths, "hidden": made["vggish.embeddings.0.bias"].shape[0]}
    save_file({k: v.float().contiguous() for k, v in made.items()}, output,
              {"momu.vggish": json.dumps(config, separators=(",", ":"))})
