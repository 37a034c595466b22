"""Sound."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Union

import numpy as np

from . import _html
from ._arrays import address, checked, real
from ._backend import native
from ._context import call
from ._handle import Handle, Owned, path_bytes, view
from .beats import Beats
from .errors import ArgumentError

if TYPE_CHECKING:
    from .model import Model

Path = Union[str, "os.PathLike[str]"]
AudioLike = Union["Audio", Path, "tuple[Any, float]"]  # what the methods of Model take as sound


class Audio(Owned):
    """Sound, immutable. samples: (frames, channels) or (frames,), floats, nominally -1..1. rate: in Hz.

    The library copies the samples once. It takes integers only within -1..1. `info` is what generation reported (the fields of
    momu_generate_info), or {}.
    """

    _release = "momu_audio_destroy"
    info: dict[str, Any]

    def __init__(self, samples: Any, rate: float) -> None:
        array = checked(samples, "samples", "(frames, channels) or (frames,)")
        if array.ndim == 1:
            array = array[:, None]
        if array.ndim != 2:
            raise ArgumentError(f"samples: the shape is {array.shape}; expected (frames, channels) or (frames,)")
        given = np.asarray(samples)
        if given.dtype.kind in "iu" and given.size and np.abs(array).max() > 1:
            raise ArgumentError(f"samples are whole numbers up to {np.abs(array).max():.0f}; expected floats, nominally -1..1: "
                                "divide 16-bit sound by 32768")
        box = native.box()
        call("momu_audio_create", address(array), array.shape[0], array.shape[1], real(rate, "rate"), box)
        self._handle = Handle(native.unbox(box), self._release)
        self.info = {}

    @classmethod
    def _own(cls, handle: Handle, info: dict[str, Any]) -> "Audio":
        made = cls.__new__(cls)
        made._handle, made.info = handle, info
        return made

    @classmethod
    def read(cls, path: Path) -> "Audio":
        """Reads a sound file: WAV, FLAC, Ogg (Vorbis, Opus), MP3."""
        box = native.box()
        call("momu_audio_read", path_bytes(path), box)
        return cls._own(Handle(native.unbox(box), cls._release), {})

    @classmethod
    def _from(cls, value: AudioLike) -> "Audio":
        """What a method of Model takes: an Audio, a path, or (samples, rate)."""
        if isinstance(value, Audio):
            return value
        if isinstance(value, (str, os.PathLike)):
            return cls.read(value)
        if isinstance(value, tuple) and len(value) == 2:
            return cls(*value)
        raise TypeError(f"the sound is a {type(value).__name__}; expected an Audio, a path, or (samples, rate)")

    def write(self, path: Path, rate: float = 0) -> None:
        """Writes .wav (24 bit), .flac (24 bit) or .ogg. rate: sample rate of the file in Hz; 0: the sound's own."""
        handle, options = self._open(), native.struct("momu_audio_write_options")
        native.set(options, "rate", real(rate, "rate"))
        call("momu_audio_write", handle.address, path_bytes(path), options)

    @property
    def samples(self) -> np.ndarray:
        """(frames, channels) float32, read-only: the library's own memory, not a copy."""
        handle = self._open()
        shape = (native.call("momu_audio_get_frames", handle.address), native.call("momu_audio_get_channels", handle.address))
        return view(handle, native.call("momu_audio_get_samples", handle.address), shape)

    @property
    def rate(self) -> float:
        """Sample rate in Hz."""
        return self._ask("momu_audio_get_rate")

    @property
    def seconds(self) -> float:
        return self._ask("momu_audio_get_seconds")

    def beats(self, model: Model | None = None) -> Beats:
        """The beats of a song, by the model's beat tracker where it has one, else by dynamic programming. Silence has none."""
        return Beats._of("momu_audio_beats", self._open(), model)

    def __repr__(self) -> str:
        if self.closed:
            return "Audio(closed)"
        return f"Audio({self.seconds:.2f} s, {self._ask('momu_audio_get_channels')} channels at {self.rate:g} Hz)"

    def _repr_html_(self) -> str:
        return _html.audio(self)
