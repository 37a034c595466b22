"""Puts networks of one model file into another, as trained as they are.

    python graft.py INTO FROM OUT music_vae vocoder ...

The tensors of FROM whose names begin with one of the words (music_vae, motion_vae, motion_to_music,
music_to_motion, vocoder, genre_classifier, beat_tracker, keypoint_encoder) replace or join INTO's,
and so do the statistics of those networks' data; the settings of vocoder, genre_classifier,
beat_tracker and keypoint_encoder come with them. Tensors that both files have must agree in shape.
Files of format 1 are read as format 2, which OUT is. tools/ablations.sh uses it: ablations share
the networks that they do not change."""
from __future__ import annotations

import json
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

from momu_reference import format1


def read(path: str) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    import torch  # bf16 is not a NumPy type

    with safe_open(path, "pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
        tensors = {n: t.to(torch.float32).numpy() for n, t in tensors.items()}
        about = dict(file.metadata())
    if about["momu.format"] == "1":
        tensors = {format1.tensor_name(n): t for n, t in tensors.items()}
        about["momu.config"] = format1.config_text(about["momu.config"])
    about |= {"momu.format": "2", "momu.min_reader": "3"}
    return tensors, about


def main() -> None:
    if len(sys.argv) < 5:
        raise SystemExit(__doc__)
    into, source, out, *words = sys.argv[1:]
    tensors, about = read(into)
    others, other_about = read(source)
    marks = {f"stats.{word}.trained" for word in words}
    moved = [n for n in others if n.split(".")[0] in words or n in marks
             or ("music_vae" in words and n.startswith("stats") and not n.endswith(".trained"))]
    tensors = {n: t for n, t in tensors.items() if n.split(".")[0] not in words or n in others}
    for name in moved:
        if name in tensors and tensors[name].shape != others[name].shape:
            raise SystemExit(
                f"{name}: {others[name].shape} in {source}, {tensors[name].shape} in {into}"
            )
        tensors[name] = others[name]
    readers = {
        "motion_vae": {"genre_classifier", "keypoint_encoder"},
        "music_vae": {"beat_tracker"},
    }
    for latents in readers.keys() & set(words):  # networks of the old latents count as untrained
        for word in readers[latents] - set(words):
            if f"stats.{word}.trained" in tensors:
                tensors[f"stats.{word}.trained"][:] = 0
    config, other = (json.loads(text["momu.config"]) for text in (about, other_about))
    for section in ("vocoder", "genre_classifier", "beat_tracker", "keypoint_encoder"):
        if section in words and section not in other:
            raise SystemExit(f"{source}: has no {section}")
        if section in words:
            config[section] = other[section]
    about["momu.config"] = json.dumps(config, separators=(",", ":"))
    for key in ("momu.license", "momu.training_data"):
        about[key] = other_about[key] or about[key]
    save_file(tensors, out, about)
    print(f"{out}: {len(moved)} tensors of {source} in {into}")


if __name__ == "__main__":
    main()
