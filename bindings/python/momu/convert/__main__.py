"""Imports dances, markers and weights of other projects.

    python -m momu.convert aist FILE.pkl -o dance.bvh
    python -m momu.convert c3d FILE.c3d -o markers.npz
    python -m momu.convert vocoder CHECKPOINT --config CONFIG --type hifi-gan|bigvgan|vocos --model MODEL.safetensors -o OUT.safetensors
    python -m momu.convert vggish CHECKPOINT -o OUT.safetensors

aist: a pickle of AIST++: SMPL motion, keypoints in space, or those that a camera sees. c3d: markers; needs the package ezc3d.

vocoder: CHECKPOINT is a PyTorch file with a state dict, on its own or under "generator" or "state_dict"; CONFIG the JSON (Vocos: JSON of
its YAML) that came with it. The vocoder of MODEL is replaced; everything else stays. Only vocoders that were trained on MODEL's own mels
fit: 16 kHz, 80 bands, hop 256, window 1024, 0 to 8000 Hz. vggish: the file for `momu eval --vggish`. Both need torch and safetensors.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from ..errors import Error
from . import TYPES, ConvertError, convert_vggish, convert_vocoder, read_aist, read_c3d


def _vocoder(a: Any) -> str:
    convert_vocoder(a.checkpoint, a.config, a.type, a.model, a.output, a.log, a.same_mels)
    return f"{a.model} with the vocoder of {a.checkpoint}"


def _vggish(a: Any) -> str:
    convert_vggish(a.checkpoint, a.output)
    return f"VGGish of {a.checkpoint}"


def _motion(a: Any) -> str:
    motion = read_aist(a.file, a.camera) if a.verb == "aist" else read_c3d(a.file)
    motion.write(a.output)
    return f"{motion.seconds:.2f} s of {motion.joints} joints at {motion.fps:g} frames a second"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m momu.convert", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    vocoder = verbs.add_parser("vocoder", help="put a vocoder from a PyTorch checkpoint into a model file")
    vocoder.add_argument("checkpoint")
    vocoder.add_argument("--config", required=True, help="the JSON that came with the checkpoint")
    vocoder.add_argument("--type", required=True, choices=TYPES)
    vocoder.add_argument("--model", required=True, help="the model file whose vocoder is replaced")
    vocoder.add_argument("--log", choices=("ln", "log10"), help="logarithm of the mels that it was trained on (ln)")
    vocoder.add_argument("--same-mels", action="store_true", help="Vocos: it was trained on this project's mels")
    vocoder.set_defaults(run=_vocoder)
    vggish = verbs.add_parser("vggish", help="VGGish, for momu eval")
    vggish.add_argument("checkpoint")
    vggish.set_defaults(run=_vggish)
    aist = verbs.add_parser("aist", help="a dance of AIST++")
    aist.add_argument("file")
    aist.add_argument("--camera", type=int, default=0, help="keypoints2d: whose points, 0..8 (0)")
    c3d = verbs.add_parser("c3d", help="markers of motion capture")
    c3d.add_argument("file")
    for verb in (aist, c3d):
        verb.set_defaults(run=_motion)
    for verb in (vocoder, vggish, aist, c3d):
        verb.add_argument("-o", "--output", required=True)
    return parser


def main(given: list[str] | None = None) -> int:
    a = _parser().parse_args(given)
    try:
        said = a.run(a)
    except (ConvertError, Error) as error:
        print(f"momu.convert: {error}", file=sys.stderr)
        return 2
    print(f"{a.output}: {said}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
