"""C3D: markers of motion capture, where the package ezc3d is installed."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from ..motion import Motion
from .checkpoints import ConvertError

METRES = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254}


def _values(parameters: Any, name: str) -> list[Any]:
    value = parameters.get(name, {}).get("value", []) if name in parameters else []
    return list(np.ravel(value))


def _names(parameters: Any, count: int) -> list[str]:
    """LABELS, LABELS2, ...: without the subject before a colon; markers without a label get their number."""
    labels = _values(parameters, "LABELS")
    for more in range(2, 10):
        labels += _values(parameters, f"LABELS{more}")
    names = [str(label).rsplit(":", 1)[-1].strip().replace("\0", "")[:60] for label in labels[:count]]
    return [name or f"marker {i}" for i, name in enumerate(names + [""] * (count - len(names)))]


def read_c3d(path: Any) -> Motion:
    """The markers of a C3D file as positions in metres, Y up, with their labels as names. Markers that were not seen have confidence 0. The
    axis that points up is the file's Y_SCREEN, Z where it says none."""
    try:
        import ezc3d
    except ImportError as error:
        raise ConvertError("C3D files are read by the Python package ezc3d, which is not installed: pip install ezc3d") from error
    if not os.path.isfile(path):
        raise ConvertError(f"{path}: no such file")
    try:
        file = ezc3d.c3d(os.fspath(path))
        points = np.asarray(file["data"]["points"], dtype=np.float64)  # (4, markers, frames)
        parameters = file["parameters"]["POINT"]
        rate = float((_values(parameters, "RATE") or [file["header"]["points"]["frame_rate"]])[0])
    except Exception as error:  # ezc3d may raise anything
        raise ConvertError(f"{path}: no C3D file with markers: {str(error)[:120]}") from None
    if points.ndim != 3 or points.shape[1] == 0 or points.shape[2] == 0:
        raise ConvertError(f"{path}: the markers have the shape {points.shape}; expected (4, markers, frames), neither of them 0")
    unit = str((_values(parameters, "UNITS") or ["mm"])[0]).strip().lower() or "mm"
    if unit not in METRES:
        raise ConvertError(f"{path}: the unit is {unit!r}; expected one of {', '.join(METRES)}")
    places = np.moveaxis(points[:3], 0, 2).transpose(1, 0, 2) * METRES[unit]  # (frames, markers, 3)
    up = str((_values(parameters, "Y_SCREEN") or ["+Z"])[0]).strip().upper() or "+Z"
    if up in ("Z", "+Z"):
        places = places[..., [0, 2, 1]] * [1, 1, -1]
    elif up not in ("Y", "+Y"):
        raise ConvertError(f"{path}: {up} points up; expected +Y or +Z")
    seen = np.isfinite(places).all(-1)
    return Motion(np.where(seen[..., None], places, 0), rate, _names(parameters, points.shape[1]), seen.astype(np.float32))
