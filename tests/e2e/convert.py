"""Checkpoints of random weights, as others store them: convert.py REFERENCE writes hifi.pt, bigvgan.pt, vocos.pt with their configs and vggish.pt here."""
import json
import sys

import torch

sys.path.insert(0, sys.argv[1])
from momu_reference.wave_vocoders import Generator  # noqa: E402

torch.manual_seed(3)
PUBLIC = {"num_mels": 80, "upsample_rates": [8, 8, 4], "upsample_kernel_sizes": [16, 16, 8], "upsample_initial_channel": 16,
          "resblock": "1", "resblock_kernel_sizes": [3], "resblock_dilation_sizes": [[1, 3, 5]], "sampling_rate": 16000,
          "hop_size": 256, "n_fft": 1024, "win_size": 1024, "fmin": 0, "fmax": None}
for name in ("hifi", "bigvgan"):
    torch.save({"generator": Generator(PUBLIC, name == "bigvgan").state_dict()}, name + ".pt")
    json.dump(PUBLIC, open(name + ".json", "w"))
json.dump(PUBLIC | {"sampling_rate": 22050}, open("fast.json", "w"))
json.dump(PUBLIC | {"resblock_dilation_sizes": [[1, 3]]}, open("short.json", "w"))

DIM, FFN, LAYERS = 8, 12, 2
vocos = {"backbone.embed.weight": (DIM, 80, 7), "backbone.embed.bias": (DIM,), "head.out.weight": (1026, DIM), "head.out.bias": (1026,)}
for norm in ("norm", "final_layer_norm"):
    vocos |= {f"backbone.{norm}.weight": (DIM,), f"backbone.{norm}.bias": (DIM,)}
for i in range(LAYERS):
    vocos |= {f"backbone.convnext.{i}.{k}": shape for k, shape in {
        "dwconv.weight": (DIM, 1, 7), "dwconv.bias": (DIM,), "norm.weight": (DIM,), "norm.bias": (DIM,), "pwconv1.weight": (FFN, DIM),
        "pwconv1.bias": (FFN,), "pwconv2.weight": (DIM, FFN), "pwconv2.bias": (DIM,), "gamma": (DIM,)}.items()}
torch.save({"state_dict": {k: 0.1 * torch.randn(shape) for k, shape in vocos.items()}}, "vocos.pt")
json.dump({"feature_extractor": {"init_args": {"sample_rate": 16000, "n_fft": 1024, "hop_length": 256, "n_mels": 80}},
           "backbone": {"init_args": {"input_channels": 80, "dim": DIM, "intermediate_dim": FFN, "num_layers": LAYERS}},
           "head": {"init_args": {"dim": DIM, "n_fft": 1024, "hop_length": 256, "padding": "same"}}}, open("vocos.json", "w"))

from momu_reference.vggish import VGGish  # noqa: E402
torch.save(VGGish((2, 2, 2, 2, 2, 2), 8).state_dict(), "vggish.pt")
