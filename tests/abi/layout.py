"""layout.py INCLUDE CC... : prints the size of every public struct and the offset and size of its fields, and the value of
every enumerator, as the C compiler sees them. tests/abi/v0/layout.txt keeps what it printed for the frozen headers."""

import os
import re
import subprocess
import sys
import tempfile

HEADERS = ("common", "audio", "motion", "model", "generate")


def declarations(include):
    """The structs as (name, fields), and the enumerators' names."""
    text = "".join(open(os.path.join(include, "momu", name + ".h"), encoding="utf-8").read() for name in HEADERS)
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)
    structs = []
    for body, name in re.findall(r"typedef struct \w+ \{(.*?)\} (\w+);", text, re.DOTALL):
        fields = [re.search(r"\(\*(\w+)\)\(|(\w+)(?:\[\d+\])?$", one.strip()) for one in body.split(";") if one.strip()]
        structs.append((name, [found[1] or found[2] for found in fields]))
    enums = [re.findall(r"\b(MOMU_\w+) =", body) for body in re.findall(r"MOMU_ENUM\(\w+\)\s*\{(.*?)\}", text, re.DOTALL)]
    return structs, [name for names in enums for name in names]


def program(structs, enumerators):
    lines = ["#include <momu/momu.h>", "#include <stdio.h>", "int main(void) {"]
    for name, fields in structs:
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        lines += [f'printf("{name}.{field} %zu %zu\\n", offsetof({name}, {field}), sizeof((({name} *)0)->{field}));' for field in fields]
    lines += [f'printf("{name} = %d\\n", (int){name});' for name in enumerators]
    return "\n".join(lines + ["return 0;", "}"])


def main():
    include, compiler = sys.argv[1], sys.argv[2:]
    structs, enumerators = declarations(include)
    with tempfile.TemporaryDirectory() as folder:
        source, binary = os.path.join(folder, "layout.c"), os.path.join(folder, "layout")
        with open(source, "w", encoding="utf-8") as file:
            file.write(program(structs, enumerators))
        subprocess.run([*compiler, "-std=c99", "-I", include, source, "-o", binary], check=True)
        sys.stdout.write(subprocess.run([binary], check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    main()
