"""Trains a model file from a folder of pairs, as `momu train` does: see README.md."""
from __future__ import annotations

import argparse
from pathlib import Path

import torch

from momu_reference import config as configs
from momu_reference import data
from momu_reference.bundle import Bundle, load, save
from momu_reference.stage_beat_tracker import with_beats, train_beat_tracker
from momu_reference.stage_diffusion import train_transformer
from momu_reference.stage_genre_classifier import with_genre, train_genre_classifier
from momu_reference.stage_motion import train_keypoints, train_motion
from momu_reference.stage_music import train_music
from momu_reference.stage_vocoder import train_vocoder
from momu_reference.trainer import Options, Trainer

NETWORKS = {
    "music": train_music,
    "motion": train_motion,
    "to-music": lambda t: train_transformer(t, "motion_to_music", "music_latent", "motion_latent"),
    "to-motion": lambda t: train_transformer(t, "music_to_motion", "motion_latent", "music_latent"),
    "genre-classifier": train_genre_classifier,
    "beat-tracker": train_beat_tracker,
    "keypoints": train_keypoints,
    "vocoder": train_vocoder,
}


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", choices=(*NETWORKS, "diffusion", "all"))
    parser.add_argument(
        "--data", type=Path, required=True, help="a folder of pairs, or a file of pack.py"
    )
    parser.add_argument("--out", type=Path, required=True, help="gets model.safetensors")
    parser.add_argument("--preset", default="small",
                        help="paper, base, small or tiny; the last three also with -"
                        + ", -".join(configs.CHANGES))
    parser.add_argument("--init", type=Path, help="a model file to start from")
    parser.add_argument("--steps", type=int, default=4000, help="of each network")
    parser.add_argument("--minutes", type=float, help="of each network; ends it before its steps")
    parser.add_argument("--batch", type=int)
    parser.add_argument("--seconds", type=float, help="of a crop; diffusion: of the longest")
    parser.add_argument("--rate", type=float, help="learning rate at its highest")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--autocast", action="store_true", help="products in bf16 (GPUs)")
    parser.add_argument("--gan", type=float, help="weight of discriminators; 0 leaves them out")
    parser.add_argument("--gan-start", type=float, default=0.5, help="part of a run before them")
    parser.add_argument(
        "--infonce", type=float, default=1.0, help="weight of InfoNCE in stage motion"
    )
    parser.add_argument("--periods", action="store_true",
                        help="stage vocoder: a discriminator of periods, too (GPUs)")
    parser.add_argument("--resume", action="store_true", help="go on from OUT/checkpoint.pt")
    parser.add_argument("--bf16", action="store_true", help="store matrices in bf16")
    parser.add_argument("--license", help="of the weights, for the model file")
    parser.add_argument("--training-data", help="where the pairs come from, for the model file")
    return parser.parse_args()


def networks_of(stage: str, bundle: Bundle) -> list[str]:
    if stage == "diffusion":
        return ["to-music", "to-motion"]
    if stage != "all":
        return [stage]
    lacking = {name for name, field in (("genre-classifier", "genre_classifier"),
                                        ("beat-tracker", "beat_tracker"),
                                        ("keypoints", "keypoint_encoder"),
                                        ("vocoder", "vocoder"))
               if not hasattr(bundle, field)}
    return [name for name in NETWORKS if name not in lacking]


def settings(options: argparse.Namespace) -> Options:
    return Options(
        options.steps,
        options.batch,
        options.seconds,
        options.rate,
        options.seed,
        options.device,
        options.minutes,
        options.autocast,
        options.gan,
        options.gan_start,
        options.infonce,
        options.periods,
        options.out / "checkpoint.pt",
    )


def main() -> None:
    options = parse()
    path, checkpoint = options.out / "model.safetensors", options.out / "checkpoint.pt"
    state = None
    if options.resume and checkpoint.exists():
        state = torch.load(checkpoint, map_location=options.device, weights_only=False)
    start = path if state and path.exists() else options.init or (path if path.exists() else None)
    torch.manual_seed(options.seed)
    bundle = load(str(start)) if start else Bundle(configs.preset(options.preset))
    if options.license:
        bundle.metadata["momu.license"] = options.license
    if options.training_data:
        bundle.metadata["momu.training_data"] = options.training_data
    names = networks_of(options.stage, bundle)
    pairs = data.load(options.data, bundle.config, "vocoder" in names)
    options.out.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(bundle, pairs, settings(options))
    trainer.resumed = state
    for trainer.position in range(state["position"] if state else 0, len(names)):
        annotated = {"genre-classifier": with_genre, "beat-tracker": with_beats}.get(
            names[trainer.position]
        )
        if options.stage == "all" and annotated and not annotated(pairs):
            print(f"{names[trainer.position]}: left out; no pair is annotated for it")
            continue
        NETWORKS[names[trainer.position]](trainer)
        save(bundle, str(path), options.bf16)
        torch.save({"name": None, "position": trainer.position + 1}, checkpoint)
    checkpoint.unlink(missing_ok=True)
    print(path)


if __name__ == "__main__":
    main()
