"""The cffi back end: the methods of _ctypes.Backend on a module that _cffi_build.py compiled from the public headers."""

from __future__ import annotations

from typing import Any, Callable

from ._library import open_library

_loaded = open_library()  # first: the compiled module then finds this very library by its soname
try:
    from _momu_cffi import ffi, lib
except ImportError as error:
    raise ImportError(f"MOMU_BACKEND is cffi, but its module is not there ({error}): make it by `python -m momu._cffi_build`, which needs "
                      "the Python package cffi and a C compiler") from error


@ffi.def_extern(onerror=lambda *raised: None, error=0)
def momu_python_progress(user: Any, stage: Any, done: int, total: int) -> int:
    return ffi.from_handle(user)(ffi.string(stage).decode(), done, total)


def _plain(value: Any) -> Any:
    """Pointers as ints, texts as bytes, numbers as they are."""
    if not isinstance(value, ffi.CData):
        return value
    kind = ffi.typeof(value)
    if kind.kind in ("pointer", "function") and kind.cname != "char *":
        return int(ffi.cast("uintptr_t", value))
    return ffi.string(value) if value else None


class Backend:
    name = "cffi"

    def __init__(self) -> None:
        self.constants = {name: int(getattr(lib, name)) for name in dir(lib) if name.startswith("MOMU_")}

    def call(self, name: str, *arguments: Any) -> Any:
        function = getattr(lib, name)
        kinds = ffi.typeof(function).args
        return _plain(function(*[self._pointer(one) if kind.kind == "pointer" else one for one, kind in zip(arguments, kinds)]))

    @staticmethod
    def _pointer(value: Any) -> Any:
        if value is None:
            return ffi.NULL
        return value if isinstance(value, bytes) else ffi.cast("void *", value)

    def struct(self, kind: str) -> Any:
        made = ffi.new(kind + " *")
        if hasattr(made, "struct_size"):
            made.struct_size = ffi.sizeof(kind)
        return made

    def at(self, kind: str, address: int) -> Any:
        return ffi.cast(kind + " *", address)

    def fields(self, struct: Any) -> list[str]:
        return [name for name, _ in ffi.typeof(struct).item.fields]

    def get(self, struct: Any, field: str) -> Any:
        return _plain(getattr(struct, field))

    def set(self, struct: Any, field: str, value: Any) -> None:
        kind = dict(ffi.typeof(struct).item.fields)[field].type
        if kind.kind == "function":
            value = ffi.cast(kind, value)
        elif kind.kind == "pointer":
            value = self._pointer(value)
        setattr(struct, field, value)

    def box(self) -> Any:
        return ffi.new("void **")

    def unbox(self, box: Any) -> int:
        return int(ffi.cast("uintptr_t", box[0]))

    def progress(self, function: Callable[[str, int, int], int]) -> tuple[int, int, Any]:
        handle = ffi.new_handle(function)
        return int(ffi.cast("uintptr_t", lib.momu_python_progress)), int(ffi.cast("uintptr_t", handle)), handle
