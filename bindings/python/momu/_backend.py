"""The selected back end: `native`. $MOMU_BACKEND is ctypes (the default) or cffi."""

from __future__ import annotations

import os
from typing import Any

from ._library import check_version

Backend: Any
_name = os.environ.get("MOMU_BACKEND") or "ctypes"
if _name == "ctypes":
    from ._ctypes import Backend  # type: ignore[no-redef]
elif _name == "cffi":
    from ._cffi import Backend  # type: ignore[no-redef]
else:
    raise ImportError(f"MOMU_BACKEND is {_name!r}; expected ctypes or cffi")

native = Backend()


def constant(name: str) -> int:
    """constant("MOMU_CANCEL")"""
    return native.constants[name]


check_version(native.call("momu_version").decode(), (constant("MOMU_VERSION_MAJOR"), constant("MOMU_VERSION_MINOR")))
