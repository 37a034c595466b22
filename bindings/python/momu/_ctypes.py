"""The ctypes back end, which compiles nothing: it reads structs and signatures from _cdef.h.

Both back ends have the same few methods, and see every pointer as an int (0 is NULL), texts as bytes.
"""

from __future__ import annotations

import ctypes
import re
from typing import Any, Callable

from ._headers import CDEF
from ._library import open_library

KINDS = {"int32_t": ctypes.c_int32, "int64_t": ctypes.c_int64, "uint32_t": ctypes.c_uint32, "uint64_t": ctypes.c_uint64,
         "size_t": ctypes.c_size_t, "double": ctypes.c_double, "float": ctypes.c_float, "void": None}
PROGRESS = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_uint64)


def _constants(text: str) -> dict[str, int]:
    """Macros and enumerators; both have their value beside them."""
    number = r"(-?(?:0x[0-9a-fA-F]+|\d+))"
    found = re.findall(rf"#define (\w+) {number}", text) + re.findall(rf"\b(MOMU_\w+) = {number}", text)
    return {name: int(value, 0) for name, value in found}


def _kind(declaration: str) -> Any:
    """The ctypes kind of "const char *name", "double rate", ...: texts are c_char_p, all other pointers c_void_p."""
    if declaration.count("*") == 1 and re.search(r"\bchar\b", declaration):
        return ctypes.c_char_p
    if "*" in declaration or "momu_progress_callback" in declaration:
        return ctypes.c_void_p
    return KINDS[declaration.replace("const ", "").split()[0]]


def _fields(body: str) -> list[tuple[str, Any]]:
    fields: list[tuple[str, Any]] = []
    for line in filter(None, (part.strip() for part in body.split(";"))):
        function = re.match(r".*\(\*(\w+)\)\(", line)
        if function:
            fields.append((function[1], ctypes.c_void_p))
            continue
        first, *others = line.split(",")
        name, count = re.findall(r"(\w+)(?:\[(\d+)\])?$", first)[0]
        kind = ctypes.c_char * int(count) if count else _kind(first)
        fields += [(name, kind)] + [(other.strip(), kind) for other in others]
    return fields


class Backend:
    name = "ctypes"

    def __init__(self) -> None:
        self.library = open_library()
        with open(CDEF, encoding="utf-8") as file:
            text = file.read()
        self.constants = _constants(text)
        KINDS.update({name: ctypes.c_int32 for name in re.findall(r"^typedef enum [^}]*\} (\w+);", text, re.MULTILINE)})
        KINDS.update({name: KINDS[kind] for kind, name in re.findall(r"^typedef (\w+) (\w+);", text, re.MULTILINE) if kind in KINDS})
        self.structs: dict[str, Any] = {name: type(name, (ctypes.Structure,), {"_fields_": _fields(body)})
                        for body, name in re.findall(r"^typedef struct \w+ \{\n(.*?)^\} (\w+);", text, re.MULTILINE | re.DOTALL)}
        prototypes = re.findall(r"^([\w ]+[ *])(momu_\w+)\((.*)\);$", text, re.MULTILINE)
        self.functions = {name: self._declare(name, result, arguments) for result, name, arguments in prototypes
                          if hasattr(self.library, name)}

    def _declare(self, name: str, result: str, arguments: str) -> Any:
        function = getattr(self.library, name)
        function.restype = _kind(result + "result")
        function.argtypes = [] if arguments == "void" else [_kind(one) for one in arguments.split(",")]
        return function

    def call(self, name: str, *arguments: Any) -> Any:
        """Calls the library without the GIL. Pointers are ints, None, bytes, structs and boxes."""
        function = self.functions.get(name)
        if function is None:
            raise NotImplementedError(f"the library that was loaded has no {name}(): it is older than this package")
        result = function(*[ctypes.byref(one) if isinstance(one, (ctypes.Structure, ctypes.c_void_p)) else one for one in arguments])
        return (result or 0) if function.restype is ctypes.c_void_p else result

    def struct(self, kind: str) -> Any:
        """A new struct of zeros, its struct_size set."""
        made = self.structs[kind]()
        if hasattr(made, "struct_size"):
            made.struct_size = ctypes.sizeof(made)
        return made

    def at(self, kind: str, address: int) -> Any:
        """The library's own struct at an address."""
        return self.structs[kind].from_address(address)

    def fields(self, struct: Any) -> list[str]:
        return [name for name, _ in struct._fields_]

    def get(self, struct: Any, field: str) -> Any:
        value = getattr(struct, field)
        return 0 if value is None and dict(struct._fields_)[field] is ctypes.c_void_p else value

    def set(self, struct: Any, field: str, value: Any) -> None:
        setattr(struct, field, value)

    def box(self) -> Any:
        """Room for a pointer that a function hands out."""
        return ctypes.c_void_p()

    def unbox(self, box: Any) -> int:
        return box.value or 0

    def progress(self, function: Callable[[str, int, int], int]) -> tuple[int, int, Any]:
        """The C callback for a Python function that never raises: its address, its `user`, and what must live as long."""
        callback = PROGRESS(lambda user, stage, done, total: function(stage.decode(), done, total))
        return ctypes.cast(callback, ctypes.c_void_p).value or 0, 0, callback
