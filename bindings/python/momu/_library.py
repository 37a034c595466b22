"""Where libmomu.so is. $MOMU_LIBRARY names it; else the one inside the wheel; else the system's."""

from __future__ import annotations

import ctypes
import ctypes.util
import os

HERE = os.path.dirname(os.path.abspath(__file__))
SONAME = "libmomu.so.0"
BUNDLE = os.path.join(HERE, "bundle")  # in a wheel: the library, the command, what both need, and the default model


def open_library() -> ctypes.CDLL:
    """The loaded library. Raises ImportError where there is none; a file that MOMU_LIBRARY names is the only one tried."""
    named = os.environ.get("MOMU_LIBRARY")
    inside = os.path.join(BUNDLE, SONAME)
    names = [named] if named else ([inside] if os.path.exists(inside) else [SONAME, ctypes.util.find_library("momu")])
    reasons = []
    for name in filter(None, names):
        try:
            return ctypes.CDLL(name)
        except OSError as error:
            reasons.append(f"{name}: {error}")
    raise ImportError("libmomu was not found (" + "; ".join(reasons) + "): install it, or name the file libmomu.so in MOMU_LIBRARY")


def command() -> str | None:
    """The program `momu`: MOMU_COMMAND, the one inside the wheel, or the first in PATH."""
    import shutil
    inside = os.path.join(BUNDLE, "command")
    return os.environ.get("MOMU_COMMAND") or (inside if os.path.exists(inside) else shutil.which("momu"))
