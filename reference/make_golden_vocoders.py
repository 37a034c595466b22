"""Writes tests/golden/networks/{hifi,hifi-short,bigvgan}.safetensors: generators of random
weights under their public names, as momu.convert writes them, and PyTorch's sound for a mel.
Needs bindings/python."""

from __future__ import annotations

import sys
from pathlib import Path

import torch

ROOT = Path(__file__).parent.parent
sys.path.insert(
    0, str(ROOT / "bindings" / "python" / "momu" / "convert")
)  # the module alone: the package would look for the library
import checkpoints as convert  # noqa: E402
from momu_reference.wave_vocoders import Generator  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

CLOCK = {
    "sample_rate": 16000,
    "mel_bands": 6,
    "hop": 256,
    "n_fft": 1024,
    "mel_low": 0,
    "mel_high": 8000,
}
COMMON = {
    "num_mels": 6,
    "upsample_rates": [8, 8, 4],
    "upsample_kernel_sizes": [16, 16, 8],
    "resblock": "1",
    "sampling_rate": 16000,
    "hop_size": 256,
    "n_fft": 1024,
    "win_size": 1024,
    "fmin": 0,
    "fmax": 8000,
}
CASES = {
    "hifi": (
        "hifi-gan",
        COMMON
        | {
            "upsample_initial_channel": 16,
            "resblock_kernel_sizes": [3, 7],
            "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5]],
        },
    ),
    "hifi-short": (
        "hifi-gan",
        COMMON
        | {
            "upsample_initial_channel": 8,
            "resblock": "2",
            "resblock_kernel_sizes": [3, 5],
            "resblock_dilation_sizes": [[1, 2], [2, 6]],
        },
    ),
    "bigvgan": (
        "bigvgan",
        COMMON
        | {
            "upsample_initial_channel": 16,
            "resblock_kernel_sizes": [3, 7],
            "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5]],
            "use_tanh_at_final": False,
            "use_bias_at_final": False,
        },
    ),
}


def randomise(network: torch.nn.Module) -> None:
    for name, value in network.named_parameters():
        scale = 0.5 if name.endswith(("alpha", "beta", "bias")) else 1.0
        value.data = scale * torch.randn(value.shape)
        if name.endswith("weight_g"):
            value.data = 0.5 + torch.rand(value.shape)
        if name.startswith("conv_post.") and not name.endswith("weight_v"):
            value.data *= 0.02  # within -1..1, so that nothing hides behind the end


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "tests" / "golden" / "networks"
    for seed, (name, (kind, settings)) in enumerate(CASES.items()):
        torch.manual_seed(seed)
        network = Generator(settings, kind == "bigvgan")
        randomise(network)
        mel = torch.randn(1, 9, 6)
        weights = convert.Weights(name, {k: v.clone() for k, v in network.state_dict().items()})
        config = convert.wave_config(name, settings, kind, "ln", CLOCK)
        tensors = {
            f"vocoder.{k}": v.float().contiguous()
            for k, v in convert.convert_wave(weights, config, settings).items()
        }
        weights.finish()
        with torch.no_grad():
            sound = network.double()(mel.double().transpose(1, 2))
        tensors |= {"x": mel, "y": sound.transpose(1, 2).float().contiguous()}
        save_file(tensors, str(folder / f"{name}.safetensors"))
        print(
            name,
            sum(v.numel() for v in tensors.values()),
            float(sound.abs().max()),
            float((sound.abs() >= 1).double().mean()),
        )


if __name__ == "__main__":
    main()
