"""Gives the libraries that a 64-bit little-endian ELF file names other names of the same length, in place: the file keeps its layout.

(patchelf moves tables about, and spoils programs when it does so twice.)
"""

from __future__ import annotations

import struct
from pathlib import Path

PT_LOAD, PT_DYNAMIC, DT_STRTAB, DT_STRSZ = 1, 2, 5, 10


def is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _string_table(data: bytes) -> tuple[int, int]:
    """Where the dynamic string table begins in the file, and its length."""
    if data[:6] != b"\x7fELF\x02\x01":
        raise ValueError("no 64-bit little-endian ELF file")
    (start,), (size, count) = struct.unpack_from("<Q", data, 32), struct.unpack_from("<HH", data, 54)
    headers = [struct.unpack_from("<IIQQQQ", data, start + i * size) for i in range(count)]
    offset, length = next((place, filled) for kind, _, place, _, _, filled in headers if kind == PT_DYNAMIC)
    entries = dict(struct.iter_unpack("<qQ", data[offset:offset + length]))
    for kind, _, place, address, _, filled in headers:
        if kind == PT_LOAD and address <= entries[DT_STRTAB] < address + filled:
            return place + entries[DT_STRTAB] - address, entries[DT_STRSZ]
    raise ValueError("the dynamic string table is not in the file")


def rename(path: Path, names: dict[str, str]) -> None:
    """Replaces each whole string `old` of the table by its `new`."""
    data = path.read_bytes()
    begin, length = _string_table(data)
    table = data[begin:begin + length]
    for old, new in names.items():
        if len(old.encode()) != len(new.encode()):
            raise ValueError(f"{old} and {new} differ in length")
        table = table.replace(b"\0" + old.encode() + b"\0", b"\0" + new.encode() + b"\0")
    path.write_bytes(data[:begin] + table + data[begin + length:])
