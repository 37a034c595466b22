"""Keywords into momu_generate_options, and info structs into dicts."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from ._arrays import address, checked, real
from ._backend import constant, native
from .audio import Audio
from .errors import ArgumentError
from .motion import Motion

POINTERS = ("energy", "beats", "music_noise", "motion_noise", "inpainting_audio", "inpainting_motion")
HIDDEN = ("struct_size", "reserved", "progress", "progress_user")
COUNTS = {"energy": "energy_count", "beats": "beat_count"}


def as_dict(info: Any) -> dict[str, Any]:
    """The fields of an info struct; texts as str."""
    facts = {name: native.get(info, name) for name in native.fields(info) if name not in HIDDEN}
    if "genre" in facts:
        genre = native.call("momu_genre_name", facts["genre"])
        facts["genre"] = "none" if genre is None else genre
    return {name: value.decode() if isinstance(value, bytes) else value for name, value in facts.items()}


def _genre(value: Any) -> int:
    if not isinstance(value, str):
        return _whole(value, "genre")
    if value == "none":
        return constant("MOMU_GENRE_NONE")
    names: list[str] = []
    while (name := native.call("momu_genre_name", len(names) + 1)) is not None:
        names.append(name.decode())
    if value not in names:
        raise ArgumentError(f"there is no genre {value!r}; expected one of {', '.join(names)} or none")
    return names.index(value) + 1


def _whole(value: Any, name: str) -> int:
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name} is {value!r}; expected a whole number") from None


def _known(options: Any, name: str, value: Any) -> list[Any]:
    if not isinstance(value, tuple) or len(value) != 2:
        raise TypeError(f"{name} is {value!r}; expected (recording, [(start, end), ...])")
    recording = (Audio if name == "inpainting_audio" else Motion)._from(value[0])
    spans = checked(value[1], name, "(spans, 2)", np.float64)
    if spans.ndim != 2 or spans.shape[1] != 2:
        raise ArgumentError(f"{name}: the spans have the shape {spans.shape}; expected (spans, 2), seconds")
    handle = recording._open()
    native.set(options, name, handle.address)
    native.set(options, name + "_spans", address(spans))
    native.set(options, name + "_span_count", len(spans))
    return [handle, spans]


def _plain(options: Any, name: str, value: Any) -> None:
    try:
        if isinstance(native.get(options, name), float):
            native.set(options, name, real(value, name))
        else:
            whole = _whole(value, name)
            native.set(options, name, whole)
            if native.get(options, name) != whole:
                raise OverflowError
    except OverflowError:
        raise ArgumentError(f"{name} is {value!r}; expected a number that fits its field") from None


def fill(options: Any, keywords: dict[str, Any]) -> list[Any]:
    """Sets the fields that the keywords name, None ones left alone; returns what must live as long as the call."""
    keep: list[Any] = []
    known = set(native.fields(options)) - set(HIDDEN)
    known = {name for name in known if not name.endswith(("_count", "_spans"))}
    for name, value in keywords.items():
        if name not in known:
            raise TypeError(f"there is no option {name!r}; there are {', '.join(sorted(known))}")
        if value is None:
            continue
        if name in ("inpainting_audio", "inpainting_motion"):
            keep += _known(options, name, value)
        elif name in POINTERS:
            noise = name.endswith("noise")
            array = checked(np.atleast_1d(value), name, "(latent frames, latent channels)" if noise else "(count,)",
                            np.float32 if noise else np.float64)
            keep.append(array)
            native.set(options, name, address(array))
            native.set(options, COUNTS.get(name, name + "_count"), array.size)
        elif name in ("foot_lock", "track_beats") and isinstance(value, (bool, np.bool_)):
            native.set(options, name, constant("MOMU_SWITCH_ON" if value else "MOMU_SWITCH_OFF"))
        elif name == "genre":
            native.set(options, name, _genre(value))
        else:
            _plain(options, name, value)
    return keep
