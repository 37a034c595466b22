"""Where libmomu.so is: $MOMU_LIBRARY names it; else the one inside the wheel; else the system's; else the one of an installation whose
command `momu` is in PATH, or of this Python's own prefix (conda, a virtual environment)."""

from __future__ import annotations

import ctypes
import ctypes.util
import glob
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SONAME = "libmomu.so.0"
BUNDLE = os.path.join(HERE, "bundle")  # in a wheel: the library, the command, what both need, and the default model


HOW = ("install libmomu (meson install, then ldconfig), or set MOMU_LIBRARY to the path of " + SONAME + "; the wheel of "
       "bindings/python/build_wheel.sh has the library inside")


def _prefixes() -> list[str]:
    """Folders whose lib may hold the library: where the command `momu` is installed, and where Python is."""
    program = shutil.which("momu")
    return ([os.path.dirname(os.path.dirname(os.path.realpath(program)))] if program else []) + [sys.prefix]


def _candidates() -> list[str]:
    named = os.environ.get("MOMU_LIBRARY")
    if named:  # and no other: a typing error must not load another library
        return [named]
    inside = os.path.join(BUNDLE, SONAME)
    if os.path.exists(inside):
        return [inside]
    found = [path for prefix in _prefixes() for lib in ("lib", "lib64", "lib/*-linux-*")
             for path in sorted(glob.glob(os.path.join(glob.escape(prefix), lib, SONAME)))]
    return [SONAME, *filter(None, [ctypes.util.find_library("momu")]), *found]


def open_library() -> ctypes.CDLL:
    """The loaded library. Raises ImportError where there is none; a file that MOMU_LIBRARY names is the only one tried."""
    reasons = []
    for name in _candidates():
        try:
            return ctypes.CDLL(name)
        except OSError as error:
            reasons.append(f"{name}: {error}")
    raise ImportError("libmomu was not found (" + "; ".join(reasons) + "): " + HOW)


def check_version(version: str, expected: tuple[int, int]) -> None:
    """Refuses a library of another interface. expected: (major, minor) of the headers that _cdef.h was made from.

    Before 1.0 each minor version may change structs; later only the major one does, and a newer library serves an older package."""
    major, minor = (int(part) for part in version.split(".")[:2])
    if (major, minor) != expected if expected[0] == 0 else major != expected[0] or minor < expected[1]:
        raise ImportError(f"libmomu {version} was found, but this package is for libmomu {expected[0]}.{expected[1]}: " + HOW)


def command() -> str | None:
    """The program `momu`: MOMU_COMMAND, the one inside the wheel, or the first in PATH."""
    inside = os.path.join(BUNDLE, "command")
    return os.environ.get("MOMU_COMMAND") or (inside if os.path.exists(inside) else shutil.which("momu"))
