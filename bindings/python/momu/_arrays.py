"""Checks the type and shape of input arrays, and copies them only where C needs another layout or type."""

from __future__ import annotations

from typing import Any

import numpy as np

from .errors import ArgumentError


def checked(value: Any, name: str, expected: str, dtype: Any = np.float32) -> np.ndarray:
    """`value` as a C-contiguous array of `dtype`. expected: the shape for a person, "(frames, 3)"."""
    try:
        array = np.asarray(value)
    except ValueError as error:  # ragged lists
        raise ArgumentError(f"{name}: no array: {error}; expected numbers of shape {expected}") from None
    kinds = "iu" if np.issubdtype(dtype, np.integer) else "iuf"
    if array.dtype.kind not in kinds and array.size:
        wanted = "whole numbers" if kinds == "iu" else "floats"
        raise TypeError(f"{name}: the array is of {array.dtype}; expected {wanted} of shape {expected}")
    with np.errstate(over="ignore"):
        return np.require(array, dtype=dtype, requirements=["C", "A"])


def shaped(value: Any, name: str, shape: tuple[int, ...], expected: str, dtype: Any = np.float32) -> np.ndarray:
    """The same, of exactly this shape."""
    array = checked(value, name, expected, dtype)
    if array.shape != shape:
        raise ArgumentError(f"{name}: the shape is {array.shape}; expected {expected} = {shape}")
    return array


def address(array: np.ndarray | None) -> int:
    """Address of the array's data; the caller must hold the array."""
    return 0 if array is None else array.ctypes.data


def real(value: Any, name: str) -> float:
    """One number for C."""
    if isinstance(value, (str, bytes)):
        raise TypeError(f"{name} is {value!r}; expected a number")
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} is {value!r}; expected a number") from None


def texts(names: Any) -> tuple[np.ndarray, list[np.ndarray]]:
    """A C array of pointers to NUL-terminated strings, and the strings: the caller must hold both."""
    buffers = []
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"a joint name is {name!r}; expected a text")
        if "\0" in name:
            raise ArgumentError(f"the joint name {name!r} has a NUL character in it")
        buffers.append(np.frombuffer(name.encode() + b"\0", dtype=np.uint8))
    return np.array([buffer.ctypes.data for buffer in buffers], dtype=np.uintp), buffers
