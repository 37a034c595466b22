"""Writes tests/golden/dsp/post_filter_*.f32: the mel of a steady chord and hiss, a sound that
repeats each frame as a vocoder's does, and that sound post-filtered with four iterations of
Griffin-Lim."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from momu_reference.config import preset
from momu_reference.mel import log_mel
from momu_reference.vocoder_post_filter import post_filter


def main() -> None:
    folder = (
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else Path(__file__).parent.parent / "tests" / "golden" / "dsp"
    )
    clock, random = preset("base")["clock"], np.random.default_rng(4)
    time = np.arange(24 * 256) / 16000
    sound = sum(
        0.1 * np.sin(2 * np.pi * hz * time) for hz in (87.31, 110.0, 261.6, 1500.0)
    ) + 0.01 * random.standard_normal(len(time))
    mel = log_mel(sound, clock)
    vocoded = np.tile(0.1 * random.standard_normal(256), 24) + 0.02 * random.standard_normal(
        len(time)
    )
    for name, values in {
        "mel": mel,
        "vocoded": vocoded,
        "filtered": post_filter(vocoded.astype(np.float32), mel, clock, 4, 7),
    }.items():
        values.astype("<f4").tofile(folder / f"post_filter_{name}.f32")


if __name__ == "__main__":
    main()
