"""libmomu for Python: turns dance motion into music and music into dance motion, and generates both together.

    import momu
    model = momu.load()                                        # the default model, or load("file.safetensors")
    music = model.motion_to_music("dance.bvh", seed=1)
    music.write("music.wav")

A thin layer over libmomu.so. MOMU_BACKEND selects ctypes (the default, which compiles nothing) or cffi. Arrays that come out are read-only
views of the library's memory, valid as long as they are held. Other Python threads run during a call. Lengths are in metres, Y is up, and
times are in seconds.
"""

from __future__ import annotations

from ._backend import native as _native
from .audio import Audio
from .beats import Beats
from .errors import (ArgumentError, Cancelled, ClosedError, Error, FileError, FormatError, InternalError, LimitError, NotFoundError,
                     NumericError, OutOfMemoryError, UnsupportedError)
from .model import Model, load
from .motion import BODY_JOINTS, Motion
from .pair import Pair
from .progress import bar

__all__ = ["ArgumentError", "Audio", "BODY_JOINTS", "Beats", "Cancelled", "ClosedError", "Error", "FileError", "FormatError",
           "InternalError", "LimitError", "Model", "Motion", "NotFoundError", "NumericError", "OutOfMemoryError", "Pair",
           "UnsupportedError", "backend", "bar", "load", "version"]

backend: str = _native.name


def version() -> str:
    """The linked library's version."""
    return _native.call("momu_version").decode()
