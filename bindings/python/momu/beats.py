"""Beats of a song or a dance."""

from __future__ import annotations

import numpy as np

from ._backend import native
from ._context import call
from ._handle import Handle


class Beats:
    """times: (count,) float64, seconds, ascending. tempo: beats per minute; 0: none. confidence: how regular the beats are, 0..1."""

    times: np.ndarray
    tempo: float
    confidence: float

    def __init__(self, times: np.ndarray, tempo: float, confidence: float) -> None:
        self.times, self.tempo, self.confidence = times, tempo, confidence

    @classmethod
    def _of(cls, function: str, handle: Handle) -> "Beats":
        box = native.box()
        call(function, handle.address, box)
        address = native.unbox(box)
        try:
            found = native.at("momu_beats", address)
            count = native.get(found, "count")
            times = np.array(np.asarray(_Doubles(native.get(found, "times"), count))) if count else np.zeros(0)
            return cls(times, native.get(found, "tempo"), native.get(found, "confidence"))
        finally:
            native.call("momu_beats_destroy", address)

    def __repr__(self) -> str:
        return f"Beats(tempo={self.tempo:.2f}, confidence={self.confidence:.2f}, {len(self.times)} beats)"


class _Doubles:
    def __init__(self, address: int, count: int) -> None:
        self.__array_interface__ = {"version": 3, "typestr": "<f8", "shape": (count,), "data": (address, True)}
