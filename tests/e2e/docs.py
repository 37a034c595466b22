"""docs.py SOURCE MOMU LIBRARY DATA: runs every fenced block of code in README and docs, and looks up every option of `momu` that they
name. A block of C that is no whole program is put into a main() that has what the README's five lines use; blocks of sh run where
dance.bvh, song.ogg and examples/data lie; JSON must be JSON. Blocks without a language are no code."""
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
PAGES = [SOURCE / "README.md", *sorted((SOURCE / "docs").glob("*.md")), SOURCE / "reference" / "README.md"]
# What other tests run (tests/house/install.sh; the whole of tools/test.sh), or needs a machine of its own.
ELSEWHERE = ("meson setup", "sh tools/demo.sh", "sh tools/bare.sh", "sh tools/test.sh", "pip install", "sh bindings/python/build_wheel.sh", "doxygen")
FRAME = """
int main(void) {
    momu_context *context = NULL; momu_model *model = NULL; momu_motion *dance = NULL; momu_audio *music = NULL;
    (void)dance; (void)music;
%s
    int failed = *momu_context_error(context) != 0;
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


def main():
    listing = subprocess.run([str(MOMU), "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
    names = re.findall(r"^  ([a-z][a-z-]+) ", listing, re.M)
    helps = {name: subprocess.run([str(MOMU), name, "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout for name in names}
    count = failed = 0
    for page in (page for page in PAGES if page.exists()):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for file in ("dance.bvh", "song.ogg"):
                shutil.copy(DATA / file, folder)
            shutil.copytree(DATA, folder / "examples" / "data")  # README is read in the checkout
            subprocess.run([str(MOMU), "convert", "dance.bvh", "-o", "dance.npz"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            for line, language, code in blocks(page):
                if not language:
                    continue
                count += 1
                said = run_block(language, code, folder)
                if said:
                    failed += 1
                    print(f"{page.relative_to(SOURCE)}:{line}: {said}", file=sys.stderr)
        for said in check_options(page, helps):
            failed += 1
            print(f"{page.relative_to(SOURCE)}: {said}", file=sys.stderr)
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
