"""Objects of the library, each with one owner in Python, freed when no object, view or running call uses them."""

from __future__ import annotations

import os
from typing import Any, TypeVar

import numpy as np

from ._backend import native
from .errors import ArgumentError, ClosedError

Self = TypeVar("Self", bound="Owned")


class Handle:
    """A pointer and the function that releases it."""

    __slots__ = ("address", "release")

    def __init__(self, address: int, release: str) -> None:
        self.address, self.release = address, release

    def __del__(self, call: Any = native.call) -> None:  # bound early: at the interpreter's end modules are emptied first
        address, self.address = self.address, 0
        if address:
            call(self.release, address)


class _Memory:
    """The base of a NumPy view: it holds the handle as long as an array needs it."""

    def __init__(self, handle: Handle, address: int, shape: tuple[int, ...]) -> None:
        self.handle = handle
        self.__array_interface__ = {"version": 3, "typestr": "<f4", "shape": shape, "data": (address, True)}


def view(handle: Handle, address: int, shape: tuple[int, ...]) -> Any:
    """A read-only float32 array of the library's own memory; None for NULL."""
    if not address and 0 not in shape:
        return None
    return np.asarray(_Memory(handle, address, shape)) if address else np.zeros(shape, dtype=np.float32)


def path_bytes(path: Any) -> bytes:
    """A file's name for C."""
    name = os.fsencode(os.fspath(path))
    if b"\0" in name:
        raise ArgumentError(f"the file name {path!r} has a NUL character in it")
    return name


class Owned:
    """Base of Model, Audio and Motion: close() and `with` end them early."""

    _release = ""
    _handle: Handle | None = None

    def _open(self) -> Handle:
        """The handle, which the caller holds on to while C uses it."""
        handle = self._handle
        if handle is None:
            raise ClosedError(f"this {type(self).__name__} was closed: make or load it anew")
        return handle

    def _ask(self, function: str, *arguments: Any) -> Any:
        handle = self._open()
        return native.call(function, handle.address, *arguments)

    @property
    def closed(self) -> bool:
        return self._handle is None

    def close(self) -> None:
        """Releases the memory, as soon as no array taken from it and no running call uses it any more."""
        self._handle = None

    def __enter__(self: Self) -> Self:
        self._open()
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __reduce__(self) -> Any:
        raise TypeError(f"a {type(self).__name__} cannot be pickled or copied: write it to a file")
