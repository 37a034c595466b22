"""Compiles the module of the cffi back end, _momu_cffi, from the public headers.

    python -m momu._cffi_build [-o FOLDER] [--include FOLDER]

FOLDER is where the module goes (beside the package); the include folder is the one that holds momu/momu.h. Needs cffi and a C compiler. The
compiler holds every declaration of _cdef.h against the headers: what differs does not compile, or is refused when the module is loaded.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile

from ._headers import CDEF
from ._library import HERE, SONAME, open_library

SOURCE = "#include <momu/momu.h>\n#include <momu/experimental.h>\n"
CALLBACK = 'extern "Python" int32_t momu_python_progress(void *, const char *, uint64_t, uint64_t);\n'


def include_folder() -> str | None:
    """The wheel's headers, or the source tree's; None: the compiler's own folders."""
    for folder in (os.path.join(HERE, "include"), os.path.join(HERE, "..", "..", "..", "include")):
        if os.path.exists(os.path.join(folder, "momu", "momu.h")):
            return os.path.abspath(folder)
    return None


def build(output: str, include: str | None = None) -> str:
    """Compiles into the folder `output`; returns the module's path. The module names libmomu by its soname alone."""
    import cffi
    ffi = cffi.FFI()
    with open(CDEF, encoding="utf-8") as file:
        ffi.cdef(file.read() + CALLBACK)
    include, library = include or include_folder(), open_library()._name
    ffi.set_source("_momu_cffi", SOURCE, include_dirs=[include] if include else [],
                   extra_compile_args=["-Werror=incompatible-pointer-types", "-Werror=int-conversion"],
                   extra_link_args=[library if os.path.sep in library else "-l:" + SONAME])
    with tempfile.TemporaryDirectory() as folder:
        made = ffi.compile(tmpdir=folder)
        os.makedirs(output, exist_ok=True)
        return shutil.copy(made, output)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m momu._cffi_build", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", default=os.path.dirname(HERE))
    parser.add_argument("--include")
    given = parser.parse_args()
    try:
        print(build(given.output, given.include))
    except ImportError as error:
        print(f"momu._cffi_build: {error}: the Python package cffi is needed", file=sys.stderr)
        return 1
    except Exception as error:  # the compiler has written to standard error already
        print(f"momu._cffi_build: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
