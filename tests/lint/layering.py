"""layering.py SOURCE BUILD: who may include and who may link whom (docs/architecture.md).

Includes are read from the sources, links from the symbols of each folder's static library. Prints
what breaks the rules; the exit status is 1 then.
"""
import re
import subprocess
import sys
from pathlib import Path

# A folder sees what stands in its list, and itself. The library's order is the order of its lists.
BASE = ["base"]
MATTER = BASE + ["dsp", "motion", "nn"]
MODELS = MATTER + ["io", "diffusion", "models"]
LIBRARY = MODELS + ["features", "generate"]
TRAINING = ["train/losses", "train/datasets", "train/corpus", "train/metrics"]
MAY_SEE = {
    "base": [],
    "dsp": BASE,
    "motion": BASE,
    "nn": BASE,
    "io": BASE + ["dsp", "motion"],
    "diffusion": BASE + ["nn"],
    "models": MATTER + ["io", "diffusion"],
    "features": MODELS,
    "generate": MODELS + ["features"],
    "api": LIBRARY,
    "tools/draw": BASE + ["motion"],
    "tools/view": BASE + ["dsp", "motion", "io", "tools/draw"],
    "train/losses": MODELS,
    "train/datasets": LIBRARY,
    "train/corpus": MODELS + ["train/datasets"],
    "train/metrics": MODELS + ["features", "train/datasets"],
    "train/stages": LIBRARY + TRAINING + ["tools/draw"],
    "train/evaluate": LIBRARY + TRAINING + ["train/stages", "tools/draw"],
}
# Foreign libraries and the files that see them.
FOREIGN = {
    r"sndfile\.h": r"^lib/io/",
    r"zlib\.h": r"^lib/io/|^tools/draw/png\.c$",
    r"(cjson/)?cJSON\.h": r"^lib/io/",
    r"soxr\.h": r"^lib/dsp/resample\.c$",
    r"fftw3\.h|kissfft/.*|kiss_fft.*\.h": r"^lib/dsp/fft\.c$",
    r"(openblas/)?cblas.*\.h": r"^lib/nn/blas\.c$|^train/metrics/symmetric\.c$",
    r"fluidsynth.*": r"^train/corpus/music/band\.c$",
}
FOREIGN_SYMBOLS = {"cblas_": ["nn", "train/metrics"], "dsyev_": ["train/metrics"]}


def folder_of(path: str) -> str:
    """The folder of the rules in which a file, written from the project's root, lies."""
    parts = path.split("/")
    return parts[1] if parts[0] == "lib" else "/".join(parts[:2])


def includes(source: Path):
    """(file, line, included text, whether in angle brackets) of all sources under the rules."""
    for top in ("lib", "train", "tools/draw", "tools/view"):
        for file in sorted((source / top).rglob("*.[ch]")):
            name = file.relative_to(source).as_posix()
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                found = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
                if found:
                    yield name, number, found[2], found[1] == "<"


def check_includes(source: Path):
    for name, number, what, foreign in includes(source):
        place = f"{name}:{number}"
        if foreign:
            for pattern, where in FOREIGN.items():
                if re.fullmatch(pattern, what) and not re.match(where, name):
                    yield f"{place} includes <{what}>, which {where} alone may"
            continue
        if "/" not in what:
            yield f"{place} includes \"{what}\" without its folder"
            continue
        mine = folder_of(name)
        target = source / what if (source / what).is_file() else source / "lib" / what
        if not target.is_file() and what != "tools/view/page_files.h":
            yield f"{place} includes \"{what}\", which is neither under lib/ nor from the project's root"
            continue
        other = folder_of(target.relative_to(source).as_posix())
        if mine not in MAY_SEE:
            yield f"{place}: {mine} is no folder of the rules"
        elif other != mine and other not in MAY_SEE[mine]:
            yield f"{place} includes \"{what}\", which {mine} may not"


def symbols(archive: Path):
    """(defined, undefined) names of an archive."""
    text = subprocess.run(["nm", "-P", str(archive)], capture_output=True, text=True, check=True).stdout
    defined, undefined = set(), set()
    for line in text.splitlines():
        fields = line.split()
        if len(fields) >= 2 and fields[1] in "UTtDdBbRrVvW":
            (undefined if fields[1] == "U" else defined).add(fields[0])
    return defined, undefined - defined


def archives(build: Path):
    """Folder -> the static libraries that its build file makes, the libraries of many left out."""
    for folder in MAY_SEE:
        where = build / (folder if "/" in folder else "lib/" + folder)
        found = sorted(where.glob("libmomui_*.a"))
        if found:
            yield folder, found


def check_links(build: Path):
    table = {}
    for folder, files in archives(build):
        pairs = [symbols(file) for file in files]
        defined = set().union(*(d for d, _ in pairs))
        table[folder] = (defined, set().union(*(u for _, u in pairs)) - defined)
    if len(table) < 10:
        yield f"{build} holds the static libraries of {len(table)} folders alone: is it built?"
    owner = {name: folder for folder, (defined, _) in table.items() for name in defined
             if name.startswith(("momu_", "momui_"))}
    for folder, (_, undefined) in table.items():
        for name in sorted(undefined):
            other = owner.get(name)
            public = name.startswith("momu_") and folder == "train/evaluate" and other == "api"
            if other and other not in MAY_SEE[folder] and not public:
                yield f"{folder} calls {name} of {other}, which it may not"
            for prefix, allowed in FOREIGN_SYMBOLS.items():
                if name.startswith(prefix) and folder not in allowed:
                    yield f"{folder} calls {name}, which {allowed} alone may"


def check_names(source: Path):
    """No two files of the libraries have one name, and none is longer than 800 lines."""
    seen = {}
    for top in ("lib", "train"):
        for file in sorted((source / top).rglob("*.[ch]")):
            name = file.relative_to(source).as_posix()
            if file.name in seen:
                yield f"{name} has the name of {seen[file.name]}"
            seen[file.name] = name
            lines = len(file.read_text(encoding="utf-8").splitlines())
            if lines > 800:
                yield f"{name} has {lines} lines, expected 800 at most"


def circles(edges: dict):
    """Circles of a graph, each as the list of its nodes with the first one again at the end."""
    done, path = set(), []

    def visit(node):
        if node in path:
            yield path[path.index(node):] + [node]
            return
        if node in done:
            return
        path.append(node)
        for other in sorted(edges.get(node, ())):
            yield from visit(other)
        path.pop()
        done.add(node)

    for node in sorted(edges):
        yield from visit(node)


def check_circles(source: Path):
    """No two headers or sources of the libraries need each other in a circle, a file's pair being one."""
    edges = {}
    for name, _, what, foreign in includes(source):
        if foreign or "/" not in what or not name.startswith(("lib/", "train/")):
            continue
        target = source / what if (source / what).is_file() else source / "lib" / what
        if not target.is_file():
            continue
        here = re.sub(r"\.[ch]$", "", name)
        there = re.sub(r"\.[ch]$", "", target.relative_to(source).as_posix())
        if here != there:
            edges.setdefault(here, set()).add(there)
    for circle in circles(edges):
        yield "need each other in a circle: " + " -> ".join(circle)


def objects(archive: Path):
    """Object file -> (defined, undefined) names of an archive."""
    text = subprocess.run(["nm", "-A", "-P", str(archive)], capture_output=True, text=True, check=True).stdout
    table = {}
    for line in text.splitlines():
        found = re.match(r".*[\[:/]([^\]:/]+)\.o\]?: (\S+) ([A-Za-z])\b", line)
        if found and found[3] in "UTDBRVW":
            table.setdefault(found[1], (set(), set()))[found[3] == "U"].add(found[2])
    return table


def check_object_circles(build: Path):
    """No two object files of a folder need each other's symbols. The two of an instruction set's
    kernels do: one makes the products for the table that the other declares."""
    for folder, files in archives(build):
        table = {}
        for file in files:
            if not re.match(r"libmomui_nn_", file.name):
                table.update(objects(file))
        owner = {name: here for here, (defined, _) in table.items() for name in defined}
        edges = {here: {owner[name] for name in undefined if name in owner} - {here}
                 for here, (_, undefined) in table.items()}
        for circle in circles(edges):
            yield f"object files of {folder} need each other in a circle: " + " -> ".join(circle)


def main() -> int:
    source, build = Path(sys.argv[1]), Path(sys.argv[2])
    faults = [*check_includes(source), *check_links(build), *check_names(source), *check_circles(source),
              *check_object_circles(build)]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
