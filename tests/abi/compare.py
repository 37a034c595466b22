"""compare.py FOLDER INCLUDE LIBRARY CC... : today's headers and library against what FOLDER keeps of a frozen version.

FOLDER/layout.txt: every struct, field and enumerator of then must be there with the same offset, size and value. A struct
that begins with struct_size may have grown at its end; the others keep their size. FOLDER/symbols.txt: every function of
then must still be exported. Sizes are those of 64-bit systems."""

import os
import re
import subprocess
import sys


def rows(text):
    """Name -> the numbers behind it."""
    return {line.split()[0]: line.split()[1:] for line in text.splitlines() if line and not line.startswith("#")}


def compare_layouts(then, now):
    """Sentences for what broke."""
    broken = []
    for name, numbers in then.items():
        if name not in now:
            broken.append(f"{name} is gone")
        elif numbers != now[name]:
            grew = "." not in name and numbers[0] != "=" and f"{name}.struct_size" in then and int(now[name][0]) >= int(numbers[0])
            if not grew:
                broken.append(f"{name} was {' '.join(numbers)}, is {' '.join(now[name])}")
    for name in now:
        struct = name.split(".")[0]
        if "." in name and struct in then and name not in then and int(now[name][0]) < int(then[struct][0]):
            broken.append(f"{name} is new and not at the end of its struct")
    return broken


def self_check():
    """The comparison finds what it is there to find."""
    then = rows("a 16\na.struct_size 0 8\na.x 8 8\nb 8\nb.y 0 8\nE = 1")
    assert not compare_layouts(then, rows("a 24\na.struct_size 0 8\na.x 8 8\na.z 16 8\nb 8\nb.y 0 8\nE = 1\nF = 2"))
    for bad in ("a 16\na.struct_size 0 8\nb 8\nb.y 0 8\nE = 1", "a 16\na.struct_size 0 8\na.x 8 4\na.z 12 4\nb 8\nb.y 0 8\nE = 1",
                "a 16\na.struct_size 0 8\na.x 8 8\nb 16\nb.y 0 8\nb.z 8 8\nE = 1", "a 16\na.struct_size 0 8\na.x 8 8\nb 8\nb.y 0 8\nE = 2"):
        assert compare_layouts(then, rows(bad)), bad


def main():
    folder, include, library, compiler = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    self_check()
    if sys.maxsize < 1 << 32:
        return 77
    layout = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "layout.py")]
    broken = []
    with open(os.path.join(folder, "layout.txt"), encoding="utf-8") as file:
        then = rows(file.read())
    # The frozen headers give the stored text still: neither has been edited by itself.
    frozen = subprocess.run([*layout, folder, *compiler], check=True, capture_output=True, text=True).stdout
    if rows(frozen) != then:
        broken.append(f"{folder}/layout.txt is not what {folder}/momu gives")
    broken += compare_layouts(then, rows(subprocess.run([*layout, include, *compiler], check=True, capture_output=True, text=True).stdout))
    exported = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    now = set(re.findall(r" T (\w+)", exported))
    with open(os.path.join(folder, "symbols.txt"), encoding="utf-8") as file:
        broken += [f"{name}() is no longer exported" for name in sorted(rows(file.read())) if name not in now]
    for sentence in broken:
        print(f"ABI: {sentence}; docs/abi.md says what may change", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
