"""Writes tests/golden/networks/vggish.safetensors: a narrow VGGish of random weights that
momu.convert writes from torchvggish's names, a sound, and PyTorch's results for it. Needs
bindings/python."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import torch

ROOT = Path(__file__).parent.parent
sys.path.insert(
    0, str(ROOT / "bindings" / "python" / "momu" / "convert")
)  # the module alone: the package would look for the library
import checkpoints as convert  # noqa: E402
from momu_reference.vggish import VGGish, embed, log_mel  # noqa: E402
from safetensors import safe_open  # noqa: E402
from safetensors.torch import save_file  # noqa: E402


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "tests" / "golden" / "networks"
    torch.manual_seed(5)
    network = VGGish((4, 6, 8, 8, 10, 10), 12)
    with torch.no_grad():
        for value in network.parameters():
            value.mul_(2)
        time = torch.arange(32000) / 16000
        sound = 0.4 * torch.sin(2 * torch.pi * (200 + 900 * time) * time) * (
            time % 0.5 < 0.3
        ) + 0.02 * torch.randn(32000)
        mel, embeddings = log_mel(sound), embed(network, sound)
    with tempfile.TemporaryDirectory() as scratch:
        torch.save(network.state_dict(), f"{scratch}/vggish.pt")
        convert.convert_vggish(f"{scratch}/vggish.pt", f"{scratch}/vggish.safetensors")
        with safe_open(f"{scratch}/vggish.safetensors", "pt") as file:
            tensors, metadata = {k: file.get_tensor(k) for k in file.keys()}, dict(file.metadata())
    tensors |= {
        "sound": sound.float(),
        "mel": mel[:32].contiguous(),
        "embeddings": embeddings.contiguous(),
    }
    save_file(tensors, folder / "vggish.safetensors", metadata)


if __name__ == "__main__":
    main()
