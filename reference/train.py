"""Trains a model file from a folder of pairs, as `momu train` does: see README.md."""
from __future__ import annotations

import argparse
from pathlib import Path

import torch

from momu_reference import config as configs
from momu_reference import data
from momu_reference.bundle import Bundle, load, save
from momu_reference.trainer import Options, Trainer

STAGES = ("music", "motion", "to-music", "to-motion", "diffusion", "all")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--data", type=Path, required=True, help="the folder of pairs")
    parser.add_argument("--out", type=Path, required=True, help="gets model.safetensors")
    parser.add_argument("--preset", default="small",
                        help="paper, base, small or tiny; the last three also with -"
                        + ", -".join(configs.CHANGES))
    parser.add_argument("--init", type=Path, help="a model file to start from")
    parser.add_argument("--steps", type=int, default=4000, help="of each network")
    parser.add_argument("--batch", type=int)
    parser.add_argument("--seconds", type=float, help="of a crop; diffusion: of the longest")
    parser.add_argument("--rate", type=float, help="learning rate at its highest")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--bf16", action="store_true", help="store matrices in bf16")
    parser.add_argument("--license", help="of the weights, for the model file")
    parser.add_argument("--training-data", help="where the pairs come from, for the model file")
    return parser.parse_args()


def main() -> None:
    given = parse()
    path = given.out / "model.safetensors"
    start = given.init or (path if path.exists() else None)
    torch.manual_seed(given.seed)
    bundle = load(str(start)) if start else Bundle(configs.preset(given.preset))
    if given.license:
        bundle.metadata["momu.license"] = given.license
    if given.training_data:
        bundle.metadata["momu.training_data"] = given.training_data
    pairs = data.load(given.data, bundle.config)
    options = Options(given.steps, given.batch, given.seconds, given.rate, given.seed, given.device)
    Trainer(bundle, pairs, options).run(given.stage)
    given.out.mkdir(parents=True, exist_ok=True)
    save(bundle, str(path), given.bf16)
    print(path)


if __name__ == "__main__":
    main()
