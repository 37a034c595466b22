"""command.py PAGE KIND=FILE...: the JSON in each FILE has exactly the keys, of the types, that PAGE lists for the command KIND."""
import json
import re
import sys

TYPES = {
    "text": lambda v: isinstance(v, str),
    "number": lambda v: v is None or isinstance(v, (int, float)) and not isinstance(v, bool),
    "whole": lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= 0,
    "flag": lambda v: v in (0, 1),
    "list": lambda v: isinstance(v, list) and all(TYPES["number"](x) for x in v),
    "interval": lambda v: isinstance(v, list) and len(v) == 3 and all(TYPES["number"](x) for x in v),
    "objects": lambda v: isinstance(v, list) and len(v) > 0 and all(isinstance(x, dict) for x in v),
}


def schemas(page):
    """{command: {key: (type, unit, whether it is always there)}}"""
    found, names = {}, []
    for line in open(page, encoding="utf-8"):
        if line.startswith("## "):
            names = re.sub(r"^## momu ", "", line.strip()).split(", ")
        row = re.match(r"\| `([^`]+)` \| (\w+) \|([^|]*)\| (.*) \|$", line)
        for name in names if row else []:
            found.setdefault(name, {})[row[1]] = (row[2], row[3].strip(), "; if " not in row[4])
    return found


def pattern(key):
    return re.compile(re.sub("GENRE|ORIGIN", "[a-z -]+", key) + "$")


def complaints(schema, values):
    for key, value in values.items():
        rows = [name for name in schema if pattern(name).match(key)]
        if len(rows) != 1:
            yield f"prints {key}, which {len(rows)} rows of the page describe"
        elif not TYPES[schema[rows[0]][0]](value):
            yield f"prints {key} as {value!r}, the page says {schema[rows[0]][0]}"
    for name, (_, _, always) in schema.items():
        if always and not any(pattern(name).match(key) for key in values):
            yield f"does not print {name}, which the page lists"
    for table in values.get("tables", []):
        if set(table) != {"key", "title", "columns", "rows", "notes"}:
            yield f"a table has the keys {sorted(table)}"


def main():
    page, bad = schemas(sys.argv[1]), 0
    seen = set()
    for argument in sys.argv[2:]:
        kind, path = argument.split("=", 1)
        with open(path, encoding="utf-8") as file:
            values = json.load(file)
        seen.add(kind)
        for sentence in complaints(page[kind], values):
            print(f"momu {kind} {sentence}", file=sys.stderr)
            bad += 1
    for kind in {"motion-to-music", "music-to-motion", "joint", "beats", "info"} - seen:
        print(f"momu {kind} was not asked", file=sys.stderr)
        bad += 1
    return bad > 0


sys.exit(main())
