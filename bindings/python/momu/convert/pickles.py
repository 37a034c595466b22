"""Pickles of plain data and NumPy arrays, read without running anything that they name.

A pickle can call whatever it names, and NumPy's own way of restoring arrays trusts it too (a forged dtype makes objects of raw bytes). So
nothing of NumPy is called here: stand-ins write down what the file says, and arrays of numbers are made of that afterwards.
"""

from __future__ import annotations

import io
import os
import pickle
import pickletools
from typing import Any

import numpy as np

from .checkpoints import ConvertError

LARGEST = 1 << 30  # bytes
MOST_MEMO = 1 << 20  # a memo of more entries is no file of a few arrays
NUMBERS = {kind + size for kind, sizes in {"f": "248", "i": "1248", "u": "1248", "b": "1"}.items() for size in sizes}


class _Dtype:
    def __init__(self, code: Any = None, *_: Any) -> None:
        self.code, self.order = code, "|"

    def __setstate__(self, state: Any) -> None:
        if not isinstance(state, tuple) or len(state) < 8 or state[2] is not None or state[3] is not None or state[4] is not None:
            raise ConvertError("an array whose elements are no plain numbers")
        self.order = state[1]

    def plain(self) -> np.dtype:
        if self.code not in NUMBERS or self.order not in ("<", ">", "|", "="):
            raise ConvertError(f"an array of {str(self.code)[:20]!r}; expected numbers")
        return np.dtype(self.order + self.code)


class _Array:
    """What `_reconstruct` is asked for; the state that follows says all."""

    def __init__(self, *_: Any) -> None:
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state

    def plain(self) -> np.ndarray:
        if not isinstance(self.state, tuple) or len(self.state) != 5:
            raise ConvertError("an array without its content")
        _, shape, dtype, fortran, raw = self.state
        if not isinstance(dtype, _Dtype):
            raise ConvertError("an array without a dtype")
        return _numbers(raw, dtype, shape, fortran is True or fortran == 1)


def _numbers(raw: Any, dtype: _Dtype, shape: Any, fortran: bool) -> np.ndarray:
    raw = raw.encode("latin1") if isinstance(raw, str) else raw
    kind = dtype.plain()
    if not isinstance(raw, (bytes, bytearray)) or not isinstance(shape, tuple) or not all(type(n) is int and n >= 0 for n in shape):
        raise ConvertError("an array without its shape or its bytes")
    count = 1
    for n in shape:
        count *= n
    if len(shape) > 8 or count * kind.itemsize != len(raw):
        raise ConvertError(f"an array of shape {shape} and {kind} with {len(raw)} bytes")
    return np.frombuffer(bytes(raw), dtype=kind).reshape(shape, order="F" if fortran else "C")


class _Scalar:
    def __init__(self, dtype: Any = None, raw: Any = None, *_: Any) -> None:
        self.dtype, self.raw = dtype, raw

    def plain(self) -> Any:
        if not isinstance(self.dtype, _Dtype):
            raise ConvertError("a number without a dtype")
        return _numbers(self.raw, self.dtype, (), False)[()]


def _buffer(raw: Any = None, dtype: Any = None, shape: Any = None, order: Any = "C", *_: Any) -> _Array:
    """numpy._core.numeric._frombuffer of protocol 5"""
    made = _Array()
    made.state = (1, shape, dtype, order == "F", raw)
    return made


def _encode(text: Any = "", encoding: Any = "latin1", *_: Any) -> bytes:
    """_codecs.encode, by which protocol 2 writes bytes"""
    if not isinstance(text, str) or encoding != "latin1":
        raise ConvertError("bytes in another encoding than latin1")
    return text.encode("latin1")


STAND_INS = {("numpy", "ndarray"): _Array, ("numpy", "dtype"): _Dtype, ("_codecs", "encode"): _encode,
             **{(f"numpy.{core}.multiarray", name): made for core in ("core", "_core") for name, made in
                (("_reconstruct", _Array), ("scalar", _Scalar))},
             **{(f"numpy.{core}.numeric", "_frombuffer"): _buffer for core in ("core", "_core")}}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return STAND_INS[module, name]
        except KeyError:
            raise ConvertError(f"it names {module}.{name}; only NumPy arrays of numbers are taken") from None

    def persistent_load(self, key: Any) -> Any:
        raise ConvertError("it refers to objects outside the file")


def _plain(value: Any, depth: int = 0) -> Any:
    if depth > 8:
        raise ConvertError("it is nested more than 8 deep")
    if isinstance(value, (_Array, _Scalar)):
        return value.plain()
    if isinstance(value, dict):
        return {str(key): _plain(one, depth + 1) for key, one in value.items()}
    if isinstance(value, (int, float, str, bytes, bool, type(None), list, tuple)):
        return value
    raise ConvertError(f"it holds a {type(value).__name__}; expected a dict of arrays")


def _scan(data: bytes) -> None:
    """Walks the opcodes first: lengths beyond the file and memos beyond reason are refused before anything is allocated."""
    for opcode, argument, _ in pickletools.genops(data):
        if opcode.name in ("PUT", "BINPUT", "LONG_BINPUT") and int(argument or 0) > MOST_MEMO:
            raise ConvertError(f"its memo has an entry {argument}")
        if opcode.name.startswith("EXT"):
            raise ConvertError("it uses the extension registry")


def read_pickle(path: Any) -> dict[str, Any]:
    """The dict that the file holds: texts to arrays, numbers, texts and lists."""
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size  # a bounded read() would take all of its bound at once
            data = file.read(size) if size <= LARGEST else b""
    except OSError as error:
        raise ConvertError(f"{path}: {error.strerror}") from error
    if size > LARGEST:
        raise ConvertError(f"{path}: it has {size} bytes; expected at most {LARGEST}")
    try:
        _scan(data)
        found = _Unpickler(io.BytesIO(data), encoding="latin1").load()
        if not isinstance(found, dict):
            raise ConvertError(f"it holds a {type(found).__name__}; expected a dict of arrays")
        return _plain(found)
    except ConvertError as error:
        raise ConvertError(f"{path}: {error}") from None
    except MemoryError:
        raise ConvertError(f"{path}: it asks for more memory than there is") from None
    except Exception as error:  # the unpickler may raise anything
        raise ConvertError(f"{path}: no pickle: {type(error).__name__}: {str(error)[:120]}") from None
