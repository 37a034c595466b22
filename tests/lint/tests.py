"""tests.py SOURCE BUILD: what holds for all tests (CONTRIBUTING.md, Test).

Each test is in one of the suites `fast` and `slow`, beside that of its subject. Comparisons, the
allocator that fails and scratch folders come from tests/support/support.h alone. Prints what breaks
the rules; the exit status is 1 then.
"""
import json
import re
import sys
from pathlib import Path

SPEEDS = {"fast", "slow"}
SUPPORT = "tests/support/support.h"
# What a second copy of the support looks like at its definition.
COPIES = {
    r"^#define assert_(all_)?(near|close)\b|^(static )?(inline )?void assert_(all_)?(near|close)\(":
        "defines a comparison of its own",
    r"\bmk[ds]temp\(|\btmpnam\(": "makes a temporary name of its own",
}
RESIZE = re.compile(r"^static (?:inline )?void \*(\w+)\(void \*\w+, void \*\w+, size_t \w+,\s+size_t \w+\) \{(.*?)^\}",
                    re.MULTILINE | re.DOTALL)


def check_suites(build: Path):
    tests = json.loads((build / "meson-info" / "intro-tests.json").read_text(encoding="utf-8"))
    names = [suite.split(":")[0] for test in tests for suite in test["suite"]]
    ours = [test for test in tests if test["suite"] and test["suite"][0].split(":")[0] == "momu"]
    if not ours:
        yield f"{build}: no test of the project momu, but of {sorted(set(names))}"
    for test in ours:
        suites = {suite.split(":")[1] for suite in test["suite"]}
        if len(suites & SPEEDS) != 1:
            yield f"test {test['name']} is in {sorted(suites)}, expected one of fast and slow"
        if not suites - SPEEDS:
            yield f"test {test['name']} is in {sorted(suites)}, expected its subject's suite, too"


def check_sources(source: Path):
    for file in sorted((source / "tests").rglob("*.[ch]")):
        name = file.relative_to(source).as_posix()
        if name == SUPPORT:
            continue
        text = file.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            for pattern, what in COPIES.items():
                if re.search(pattern, line):
                    yield f"{name}:{number} {what}: {SUPPORT} has one"
        for found in RESIZE.finditer(text):
            if "failing_resize(" not in found[2]:
                number = text.count("\n", 0, found.start()) + 1
                yield f"{name}:{number} {found[1]} is an allocator of its own: {SUPPORT} has one"


def main() -> int:
    source, build = Path(sys.argv[1]), Path(sys.argv[2])
    wrong = [*check_suites(build), *check_sources(source)]
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
