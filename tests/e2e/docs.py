"""docs.py SOURCE MOMU LIBRARY DATA: checks the documents.

Runs every fenced block of code in README and docs, and looks up every option of `momu` that they name. A block of C that is no whole
program is put into a main() that has what README's program uses; blocks of sh run where dance.bvh, song.ogg and examples/data/ lie; JSON
must be JSON. Blocks without a language are no code. Besides: widths and lengths, links, and counts that `momu info` prints."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE, MOMU, LIBRARY, DATA = (Path(a).resolve() for a in sys.argv[1:5])
# bindings/python/README.md is run by that package's own tests.
PAGES = [*sorted(SOURCE.glob("*.md")), *sorted((SOURCE / "docs").rglob("*.md")), SOURCE / "reference" / "README.md"]
# What `momu eval` printed, kept as it came.
PRINTED = ("docs/evaluation/", "docs/experiments/ablation-")
COLUMNS, LINES = 100, 300
# What other tests run (tests/lint/install.sh; the whole of tools/test.sh), or needs a machine of its own.
ELSEWHERE = ("meson setup", "meson test", "sh tools/demo.sh", "sh tools/bare.sh", "sh tools/test.sh", "pip install",
             "sh bindings/python/build_wheel.sh", "doxygen")
FRAME = """
int main(void) {
    momu_context *context = NULL; momu_model *model = NULL; momu_motion *dance = NULL; momu_audio *music = NULL;
    (void)dance; (void)music;
%s
    int failed = *momu_context_get_message(context) != 0;
    momu_audio_destroy(music); momu_motion_destroy(dance); momu_model_release(model); momu_context_destroy(context);
    return failed;
}
"""
PYTHON = "import numpy as np\n"


def blocks(page):
    language, lines, start = None, [], 0
    for number, line in enumerate(page.read_text(encoding="utf-8").split("\n"), 1):
        fence = re.match(r"^\s*```(\w*)", line)
        if fence and language is None:
            language, lines, start = fence[1], [], number
        elif fence:
            yield start, language, "\n".join(lines)
            language = None
        elif language is not None:
            lines.append(line)


def run(command, folder, **more):
    environment = dict(os.environ, MOMU_LIBRARY=str(LIBRARY), PYTHONPATH=str(SOURCE / "bindings" / "python"),
                       LD_LIBRARY_PATH=str(LIBRARY.parent), PYTHONDONTWRITEBYTECODE="1",
                       PATH=f"{MOMU.parent}:{os.environ['PATH']}")
    done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    return None if done.returncode == 0 else done.stdout[-1500:] or f"status {done.returncode}"


def run_c(code, folder, suffix):
    if "int main" not in code:
        head = "\n".join(line for line in code.split("\n") if line.startswith("#"))
        code = head + FRAME % "\n".join("    " + line for line in code.split("\n") if not line.startswith("#"))
    source = folder / ("block" + suffix)
    source.write_text(code, encoding="utf-8")
    compiler = (os.environ.get("CC", "cc") if suffix == ".c" else os.environ.get("CXX", "c++")).split()
    said = run(compiler + [str(source), "-I", str(SOURCE / "include"), "-I", str(SOURCE / "examples"), str(LIBRARY), "-o", "block"],
               folder)
    return said or run(["./block"], folder)


def run_block(language, code, folder):
    if language == "sh":
        lines = [line for line in code.split("\n") if line.strip() and not line.lstrip().startswith("#")]
        lines = [line for line in lines if not any(word in line for word in ELSEWHERE)]
        return run(["sh", "-eu", "-c", "\n".join(lines)], folder) if lines else None
    if language in ("c", "cpp"):
        return run_c(code, folder, "." + language)
    if language == "python":
        try:
            import numpy  # noqa: F401
        except ImportError:
            return None
        return run([sys.executable, "-c", PYTHON + code], folder)
    if language == "json":
        try:
            json.loads(code)
            return None
        except ValueError as error:
            return str(error)
    return f"blocks of \"{language}\" are not known here"


def run_notebook(path, folder):
    try:
        import numpy  # noqa: F401
    except ImportError:
        return None
    return run([sys.executable, str(path), "song.ogg"], folder)


def check_options(page, helps):
    text = page.read_text(encoding="utf-8")
    for match in re.finditer(r"\bmomu ([a-z][a-z-]+)((?: +[^`|\n]*)?)", text):
        name, rest = match[1], match[2]
        if name not in helps:
            continue
        for option in re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", re.split(r"\bthen\b|[;&#]", rest)[0]):
            if option not in helps[name]:
                yield f"momu {name} has no {option}"


def check_shape(page, name):
    if name.startswith(PRINTED):
        return
    lines = page.read_text(encoding="utf-8").rstrip("\n").split("\n")
    if len(lines) > LINES:
        yield f"{len(lines)} lines; at most {LINES}"
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS and not line.startswith("|"):
            yield f"line {number} has {len(line)} columns; at most {COLUMNS}"


def anchors(page):
    """The names by which a page's headings are linked to."""
    for heading in re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def check_links(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path) if path else page
        if not linked.exists():
            yield f"links to {target}, which is not there"
        elif anchor and linked.suffix == ".md" and anchor not in anchors(linked):
            yield f"links to {target}: {linked.name} has no such heading"


def count_of(model):
    info = subprocess.run([str(MOMU), "info", str(model), "--json"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return f"{json.loads(info)['parameters']:,}"


def check_counts(folder):
    """The numbers of parameters that documents state, against `momu info`."""
    default = SOURCE / "models" / "default.safetensors"
    if default.exists():
        for name in ("README.md", "docs/model-card.md"):
            if count_of(default) not in (SOURCE / name).read_text(encoding="utf-8"):
                yield f"{name} does not say the default model's {count_of(default)} parameters"
    row = re.search(r"^\| parameters \|(.*)\|$", (SOURCE / "docs/model-format.md").read_text(encoding="utf-8"), re.M)
    stated = dict(zip(("paper", "base", "small", "tiny"), (cell.strip() for cell in row[1].split("|")))) if row else {}
    for preset in ("base", "small", "tiny"):  # a model of preset paper fills 3 GB
        file = folder / f"{preset}.safetensors"
        subprocess.run([str(MOMU), "model-new", "--preset", preset, "-o", str(file)], check=True, stdout=subprocess.DEVNULL)
        if stated.get(preset) != count_of(file):
            yield f"docs/model-format.md states {stated.get(preset)} parameters of preset {preset}; momu info says {count_of(file)}"


def main():
    listing = subprocess.run([str(MOMU), "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
    names = re.findall(r"^  ([a-z][a-z-]+) ", listing, re.M)
    helps = {name: subprocess.run([str(MOMU), name, "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout for name in names}
    count = failed = 0
    for page in (page for page in PAGES if page.exists()):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            shutil.copytree(DATA, folder / "examples" / "data")  # README is read in the checkout
            for file in ("dance.bvh", "song.ogg"):
                shutil.copy(DATA / file, folder)
            subprocess.run([str(MOMU), "convert", "dance.bvh", "-o", "dance.npz"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            for line, language, code in blocks(page):
                if not language:
                    continue
                count += 1
                said = run_block(language, code, folder)
                if said:
                    failed += 1
                    print(f"{page.relative_to(SOURCE)}:{line}: {said}", file=sys.stderr)
        relative = page.relative_to(SOURCE).as_posix()
        for said in [*check_options(page, helps), *check_links(page), *check_shape(page, relative)]:
            failed += 1
            print(f"{page.relative_to(SOURCE)}: {said}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as name:
        for said in check_counts(Path(name)):
            failed += 1
            print(said, file=sys.stderr)
    for notebook in sorted((SOURCE / "examples" / "notebooks").glob("*.py")):
        with tempfile.TemporaryDirectory() as name:
            shutil.copy(DATA / "song.ogg", name)
            said = run_notebook(notebook, Path(name))
            count += 1
            if said:
                failed += 1
                print(f"{notebook.relative_to(SOURCE)}: {said}", file=sys.stderr)
    print(f"{count} blocks and notebooks, {failed} failed")
    return failed > 0


sys.exit(main())
