"""Changes values of a model file's config (docs/model-format.md, "Config"): what its generations do
by default, not its weights.

    python configure.py MODEL OUT window_seconds=12 diffusion.guidance_motion=1.5 ...

The right sides are JSON. libmomu refuses what it does not know when it loads OUT."""
from __future__ import annotations

import json
import struct
import sys
from pathlib import Path


def main() -> None:
    if len(sys.argv) < 4 or not all("=" in change for change in sys.argv[3:]):
        raise SystemExit(__doc__)
    source, out, *changes = sys.argv[1:]
    data = Path(source).read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    config = json.loads(header["__metadata__"]["momu.config"])
    for change in changes:
        path, value = change.split("=", 1)
        *parents, key = path.split(".")
        place = config
        for parent in parents:
            place = place[parent]
        place[key] = json.loads(value)
    header["__metadata__"]["momu.config"] = json.dumps(config, separators=(",", ":"))
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    Path(out).write_bytes(struct.pack("<Q", len(text)) + text + data[8 + size:])


if __name__ == "__main__":
    main()
