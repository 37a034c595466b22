"""`python -m momu ...` is the command `momu ...`: the one inside the wheel, else the one in PATH. MOMU_COMMAND names another."""

from __future__ import annotations

import os
import sys

from ._library import command


def main() -> int:
    program = command()
    if program is None:
        print("momu: the command is neither in this package nor in PATH: install libmomu's command, or name it in MOMU_COMMAND",
              file=sys.stderr)
        return 1
    try:
        os.execv(program, [program, *sys.argv[1:]])
    except OSError as error:
        print(f"momu: {program}: {error.strerror}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
