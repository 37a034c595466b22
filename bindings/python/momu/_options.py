"""Sets momu_generate_options from keywords, and reads info structs into dicts."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from ._arrays import address, checked, real
from ._backend import constant, native
from ._keywords import KEYWORD
from .audio import Audio
from .errors import ArgumentError
from .motion import Motion

HIDDEN = ("struct_size", "reserved", "progress", "progress_user")  # fields without a keyword
SAMPLERS = {"dpm-solver++": constant("MOMU_SAMPLER_DPM_SOLVER_PP"), "ddim": constant("MOMU_SAMPLER_DDIM")}


def as_dict(info: Any) -> dict[str, Any]:
    """The fields of an info struct; texts as str."""
    fields = {name: native.get(info, name) for name in native.fields(info) if name not in HIDDEN}
    if "genre" in fields:
        genre = native.call("momu_genre_name", fields["genre"])
        fields["genre"] = "none" if genre is None else genre
    return {name: value.decode() if isinstance(value, bytes) else value for name, value in fields.items()}


def genres() -> dict[str, int]:
    """The library's genres and their numbers, and "none"."""
    names: list[str] = []
    while (name := native.call("momu_genre_name", len(names) + 1)) is not None:
        names.append(name.decode())
    return {**{name: number for number, name in enumerate(names, 1)}, "none": constant("MOMU_GENRE_NONE")}


def count_field(fields: list[str], name: str) -> str:
    """Where the struct holds the length of an array: energy_count, but beat_count."""
    return name + "_count" if name + "_count" in fields else name.removesuffix("s") + "_count"


def _choice(options: Any, name: str, value: Any, numbers: dict[str, int]) -> list[Any]:
    if not isinstance(value, str):
        return _whole(options, name, value)
    if value not in numbers:
        raise ArgumentError(f"there is no {name} {value!r}; expected one of {', '.join(numbers)}")
    native.set(options, name, numbers[value])
    return []


def _genre(options: Any, name: str, value: Any) -> list[Any]:
    return _choice(options, name, value, genres())


def _sampler(options: Any, name: str, value: Any) -> list[Any]:
    return _choice(options, name, value, SAMPLERS)


def _switch(options: Any, name: str, value: Any) -> list[Any]:
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} is {value!r}; expected True or False")
    native.set(options, name, constant("MOMU_SWITCH_ON" if value else "MOMU_SWITCH_OFF"))
    return []


def _whole(options: Any, name: str, value: Any) -> list[Any]:
    try:
        whole = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} is {value!r}; expected a whole number") from None
    try:
        native.set(options, name, whole)
    except OverflowError:  # cffi
        pass
    if native.get(options, name) != whole:  # ctypes cuts off what does not fit
        raise ArgumentError(f"{name} is {value!r}; expected a number that fits its field")
    return []


def _real(options: Any, name: str, value: Any) -> list[Any]:
    native.set(options, name, real(value, name))
    return []


def _array(options: Any, name: str, value: Any, expected: str, dtype: Any) -> list[Any]:
    array = checked(np.atleast_1d(value), name, expected, dtype)
    native.set(options, name, address(array))
    native.set(options, count_field(native.fields(options), name), array.size)
    return [array]


def _curve(options: Any, name: str, value: Any) -> list[Any]:
    return _array(options, name, value, "(count,)", np.float64)


def _noise(options: Any, name: str, value: Any) -> list[Any]:
    return _array(options, name, value, "(latent frames, latent channels)", np.float32)


def _inpainting(options: Any, name: str, value: Any, take: Any) -> list[Any]:
    if not isinstance(value, tuple) or len(value) != 2:
        raise TypeError(f"{name} is {value!r}; expected (recording, [(start, end), ...])")
    recording = take(value[0])
    spans = checked(value[1], name, "(spans, 2)", np.float64)
    if spans.ndim != 2 or spans.shape[1] != 2:
        raise ArgumentError(f"{name}: the spans have the shape {spans.shape}; expected (spans, 2), seconds")
    handle = recording._open()
    native.set(options, name, handle.address)
    native.set(options, name + "_spans", address(spans))
    native.set(options, name + "_span_count", len(spans))
    return [handle, spans]


def _inpainting_audio(options: Any, name: str, value: Any) -> list[Any]:
    return _inpainting(options, name, value, Audio._from)


def _inpainting_motion(options: Any, name: str, value: Any) -> list[Any]:
    return _inpainting(options, name, value, Motion._from)


SETTERS = {"whole": _whole, "real": _real, "switch": _switch, "sampler": _sampler, "genre": _genre, "curve": _curve, "noise": _noise,
           "inpainting_audio": _inpainting_audio, "inpainting_motion": _inpainting_motion}


def fill(options: Any, keywords: dict[str, Any]) -> list[Any]:
    """Sets the fields that the keywords name and leaves those of None alone; returns what must live as long as the call."""
    keep: list[Any] = []
    for name, value in keywords.items():
        if value is not None:
            keep += SETTERS[KEYWORD[name].kind](options, name, value)
    return keep
