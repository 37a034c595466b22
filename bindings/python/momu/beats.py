"""Beats of a song or a dance."""

from __future__ import annotations

import numpy as np

from ._backend import native
from ._context import call
from ._handle import Handle, Owned


class Beats:
    """times: (count,) float64, seconds, ascending; tempo: beats a minute, 0 where there is none; confidence: 0..1, by the tracker;
    tracker: "network", "dynamic programming" or "directogram", whichever tracked them."""

    times: np.ndarray
    tempo: float
    confidence: float
    tracker: str

    def __init__(self, times: np.ndarray, tempo: float, confidence: float, tracker: str) -> None:
        self.times, self.tempo, self.confidence, self.tracker = times, tempo, confidence, tracker

    @classmethod
    def _of(cls, function: str, handle: Handle, model: Owned | None) -> "Beats":
        box = native.box()
        loaded = None if model is None else model._open()  # held while C uses it
        call(function, None if loaded is None else loaded.address, handle.address, box)
        address = native.unbox(box)
        try:
            found = native.at("momu_beats", address)
            count = native.get(found, "count")
            times = np.array(np.asarray(_Doubles(native.get(found, "times"), count))) if count else np.zeros(0)
            return cls(times, native.get(found, "tempo"), native.get(found, "confidence"), native.get(found, "tracker").decode())
        finally:
            native.call("momu_beats_destroy", address)

    def __repr__(self) -> str:
        return f"Beats(tempo={self.tempo:.2f}, confidence={self.confidence:.2f}, {len(self.times)} beats by {self.tracker})"


class _Doubles:
    def __init__(self, address: int, count: int) -> None:
        self.__array_interface__ = {"version": 3, "typestr": "<f8", "shape": (count,), "data": (address, True)}
