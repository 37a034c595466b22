"""Makes _cdef.h, the declarations of both back ends, from the public headers.

    python _headers.py INCLUDE_FOLDER > _cdef.h

A test makes the file anew and compares. After a change of the headers, run this.
"""

from __future__ import annotations

import os
import re
import sys

HEADERS = ("version", "common", "model", "audio", "motion", "generate", "experimental")
CDEF = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_cdef.h")
FIRST = "/* Made from include/momu by _headers.py: do not edit. */\n"


def _constants(text: str) -> list[str]:
    """#define NAME VALUE for whole numbers, with expressions evaluated."""
    lines = []
    for name, value in re.findall(r"^#define (\w+) (.+)$", text, re.MULTILINE):
        value = re.sub(r"\bINT64_C\((\d+)\)", r"\1", re.sub(r"(\d)u\b", r"\1", value.strip()))
        if re.fullmatch(r"[0-9a-fxA-F<|() -]+", value):
            number = eval(value, {"__builtins__": {}})  # only digits, signs, shifts and brackets
            lines.append(f"#define {name} {number}")
    return lines


def _bare(text: str) -> str:
    """Declarations without comments, preprocessor lines, inline functions and what only a compiler needs."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)
    text = text.replace("\\\n", " ")  # a macro of several lines is one
    text = re.sub(r"#ifdef __cplusplus.*?#endif", "", text, flags=re.DOTALL)
    text = re.sub(r"^#.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\bstatic inline\b[^{;]*\{[^{}]*\}", "", text)
    text = re.sub(r"\bMOMU_ENUM\((\w+)\)", r"typedef int32_t \1; enum ", text)
    text = re.sub(r"\bMOMU_[A-Z_]+(?=\s+(?:MOMU_[A-Z_]+\s+)*[a-z])", "", text)  # MOMU_API, and what else marks a declaration
    return re.sub(r"\s+", " ", text).strip()


def _statements(text: str) -> list[str]:
    """Split at the semicolons outside braces; a struct's fields get a line each."""
    found, depth, begin = [], 0, 0
    for i, letter in enumerate(text):
        depth += (letter == "{") - (letter == "}")
        if letter == ";" and depth == 0:
            found.append(text[begin:i + 1].strip())
            begin = i + 1
    return [re.sub(r"\s*\} ?", "\n} ", re.sub(r"(?<=[;{]) ", "\n    ", one)) if "{" in one else re.sub(r"\* ", "*", one) for one in found]


def declarations(include: str) -> str:
    """The text of _cdef.h for the headers in `include`/momu."""
    parts = [FIRST]
    for header in HEADERS:
        with open(os.path.join(include, "momu", header + ".h"), encoding="utf-8") as file:
            text = file.read()
        lines = _constants(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)) + _statements(_bare(text))
        parts.append(f"/* momu/{header}.h */\n" + "".join(line + "\n" for line in lines))
    return "\n".join(parts)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python _headers.py INCLUDE_FOLDER")
    sys.stdout.write(declarations(sys.argv[1]))
