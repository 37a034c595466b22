"""Packs pairs into one file of a given size, for a machine to which little can be sent.

    python pack.py DATA OUT.npz --mib 60                    8-bit mels and motion: 2 to 3 hours
    python pack.py DATA OUT.npz --mib 60 --what sound       sound files and motion, for the vocoder
    python pack.py DATA OUT.npz --mib 60 --what latents --model MODEL
                                                            latents of a model: about 16 hours

train.py takes the file for --data. Samples are taken in random order until the file is full, a
twentieth of it validation samples."""
from __future__ import annotations

import argparse
import io
import json
from pathlib import Path

import numpy as np

from momu_reference import config as configs
from momu_reference import data, packing
from momu_reference.bundle import load
from momu_reference.motion import on_clock, read_body
from momu_reference.trainer import Options, Trainer


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--mib", type=float, default=60)
    parser.add_argument("--what", choices=("mels", "sound", "latents"), default="mels")
    parser.add_argument("--model", type=Path, help="whose latents")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def folders(path: Path) -> list[tuple[Path, bool]]:
    """Each with whether it is for validation alone."""
    if (path / "corpus.json").exists():
        return [(path / "train", False), (path / "validation", True)]
    return [(path, False)]


def stems_of(path: Path) -> list[tuple[Path, str, bool]]:
    found = []
    for folder, validation in folders(path):
        stems = {p.stem for p in folder.glob("*.npz")}
        found += [(folder, stem, validation or (folder == path and data.tenth(stem)))
                  for stem in sorted(stems)]
    return found


def raw_arrays(folder: Path, stem: str, what: str, config: configs.Config) -> dict[str, np.ndarray]:
    arrays = {}
    sound = data.first_of(folder, stem, (".flac", ".wav", ".ogg"))
    if sound and what == "sound":
        arrays["sound"] = np.frombuffer(sound.read_bytes(), np.uint8)
    elif sound:
        mel = data.log_mel(data.read_samples(sound, config["clock"]), config["clock"])
        arrays["mel"] = packing.mel_packed(mel)
    motion = on_clock(*read_body(str(folder / (stem + ".npz"))))
    arrays["rotations"], arrays["root"] = packing.motion_packed(*motion)
    return arrays


class Pack:
    def __init__(self, limit: int, seed: int) -> None:
        self.limit, self.size = limit, 0
        self.arrays: dict[str, np.ndarray] = {}
        self.index: list[dict] = []
        self.random = np.random.default_rng(seed)

    def add(
        self, stem: str, annotations: dict, validation: bool, arrays: dict[str, np.ndarray]
    ) -> bool:
        """False: it is full."""
        file = io.BytesIO()
        np.savez_compressed(file, **arrays)
        share = 0.05 if validation else 1.0
        if self.size + file.tell() + 4096 > self.limit * share:
            return False
        self.size += file.tell()
        number = len(self.index)
        self.arrays |= {f"{number}.{name}": rows for name, rows in arrays.items()}
        self.index.append({"stem": stem, "annotations": annotations, "validation": validation})
        return True

    def write(self, path: Path) -> None:
        if not self.index:
            raise SystemExit("no pair fits")
        np.savez_compressed(path, index=np.array(json.dumps(self.index)), **self.arrays)
        print(f"{path}: {len(self.index)} pairs, {path.stat().st_size / 2 ** 20:.1f} MiB")


def pack_raw(options: argparse.Namespace, pack: Pack) -> None:
    config, stems = configs.preset("small"), stems_of(options.data)
    for validation in (True, False):
        chosen = [s for s in stems if s[2] == validation]
        for i in pack.random.permutation(len(chosen)):
            folder, stem, _ = chosen[i]
            annotations = folder / (stem + ".json")
            read = json.loads(annotations.read_text()) if annotations.exists() else {}
            if not pack.add(stem, read, validation, raw_arrays(folder, stem, options.what, config)):
                break


def pack_latents(options: argparse.Namespace, pack: Pack) -> None:
    if not options.model:
        raise SystemExit("--what latents needs --model, whose latents they are")
    bundle = load(str(options.model))
    trainer = Trainer(bundle, data.load(options.data, bundle.config),
                      Options(1, None, None, None, 0, "cpu"))
    for music in (True, False):
        trainer.encode(music)
    pairs = [p for p in trainer.pairs if p.whole]
    for name in ("music_latent", "motion_latent"):
        rows = np.concatenate([getattr(p, name) for p in pairs])
        pack.arrays[name] = np.stack([rows.mean(0), rows.std(0) + 1e-6]).astype(np.float32)
    for validation in (True, False):
        chosen = [p for p in pairs if p.validation == validation]
        for i in pack.random.permutation(len(chosen)):
            pair = chosen[i]
            arrays = {name: packing.latent_packed(getattr(pair, name), pack.arrays[name])
                      for name in ("music_latent", "motion_latent")}
            if not pack.add(pair.stem, pair.annotations, validation, arrays):
                break


def main() -> None:
    options = parse()
    pack = Pack(int(options.mib * 2 ** 20), options.seed)
    (pack_latents if options.what == "latents" else pack_raw)(options, pack)
    pack.write(options.out)


if __name__ == "__main__":
    main()
