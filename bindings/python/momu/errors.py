"""Exceptions: one class for each status of the library, with the library's message as str() and the status as `status`."""

from __future__ import annotations

from ._backend import constant, native


class Error(Exception):
    """A call failed. `status` is the number of the C interface (momu_status)."""

    status = 0


class ArgumentError(Error, ValueError):
    """A value is outside its documented range, or an array has a wrong shape."""

    status = constant("MOMU_ERROR_ARGUMENT")


class ClosedError(ArgumentError):
    """A model, sound or motion was used after its close()."""


class OutOfMemoryError(Error, MemoryError):
    """Memory ran out."""

    status = constant("MOMU_ERROR_MEMORY")


class FileError(Error, OSError):
    """A file could not be opened, read or written."""

    status = constant("MOMU_ERROR_IO")


class FormatError(Error, ValueError):
    """A file's content breaks its format's rules."""

    status = constant("MOMU_ERROR_FORMAT")


class UnsupportedError(Error):
    """Well-formed, but this model, build or version cannot do it."""

    status = constant("MOMU_ERROR_UNSUPPORTED")


class LimitError(Error, ValueError):
    """Larger or longer than a documented limit."""

    status = constant("MOMU_ERROR_LIMIT")


class Cancelled(Error):
    """The progress callable returned False."""

    status = constant("MOMU_ERROR_CANCELLED")


class NumericError(Error, ValueError):
    """A NaN or an infinity where only finite numbers can be."""

    status = constant("MOMU_ERROR_NUMERIC")


class NotFoundError(Error, FileNotFoundError):
    """No such file, or no default model."""

    status = constant("MOMU_ERROR_NOT_FOUND")


class InternalError(Error):
    """A defect of the library; please report it."""

    status = constant("MOMU_ERROR_INTERNAL")


CLASSES = {kind.status: kind for kind in (ArgumentError, OutOfMemoryError, FileError, FormatError, UnsupportedError, LimitError, Cancelled,
                                          NumericError, NotFoundError, InternalError)}


def check(status: int, sentence: bytes | None) -> None:
    """Raises the exception of a status other than MOMU_OK."""
    if status == 0:
        return
    error = CLASSES.get(status, Error)((sentence or native.call("momu_status_name", status)).decode("utf-8", "replace"))
    if status not in CLASSES:
        error.status = status
    raise error
