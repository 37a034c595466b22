"""paths.py SOURCE: each path that documents and comments name is in the tree.

Read are Markdown files and the comments of C, Python, shell and meson files. A path begins with one
of the tree's folders, from the project's root. It may have globs (`*`, `?`, `{a,b}`) and the
placeholders NAME and N (`stage_NAME.c`). Prints what does not exist; the exit status is 1 then.
"""
import ast
import io
import re
import sys
import tokenize
from pathlib import Path

TOPS = ("lib", "train", "tools", "tests", "docs", "include", "examples", "reference", "bindings")
# Not behind a letter, a slash, a dot or a dollar: `../docs`, `$work/tools` and `share/docs` begin elsewhere.
PATH = re.compile(r"(?<![\w/.$}\-~])(?:%s)/[\w./*?{},\-]*" % "|".join(TOPS))
# What a program makes, or a test of its own has.
SKIP = re.compile(r"(^|/)(build[^/]*|out|\.git|\.venv|__pycache__|subprojects)/|^tests/(golden|fuzz/corpus)/")


def c_comments(text: str):
    """(line, text) of the comments of C."""
    pattern = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*.*?\*/|//[^\n]*', re.S)
    for found in pattern.finditer(text):
        if found[0].startswith("/"):
            first = text.count("\n", 0, found.start()) + 1
            yield from enumerate(found[0].split("\n"), first)


def python_comments(text: str):
    """(line, text) of the comments and docstrings of Python."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
            yield from enumerate(node.body[0].value.value.split("\n"), node.body[0].lineno)


def hash_comments(text: str):
    """(line, text) of lines that are comments, of a shell script or a build file."""
    for number, line in enumerate(text.split("\n"), 1):
        if re.match(r"\s*#(?!!)", line):
            yield number, line


def all_lines(text: str):
    return enumerate(text.split("\n"), 1)


READERS = {".md": all_lines, ".c": c_comments, ".h": c_comments, ".py": python_comments,
           ".sh": hash_comments, "meson.build": hash_comments}


def braces(path: str):
    """`a/{b,c}` as `a/b` and `a/c`."""
    found = re.search(r"\{([^{}]*)\}", path)
    if not found:
        yield path
        return
    for part in found[1].split(","):
        yield from braces(path[:found.start()] + part + path[found.end():])


def exists(source: Path, path: str) -> bool:
    pattern = re.sub(r"NAME|(?<![A-Z])N(?![A-Za-z])", "*", path)
    return any(True for _ in source.glob(pattern.rstrip("/")))


def check(source: Path):
    for file in sorted(source.rglob("*")):
        name = file.relative_to(source).as_posix()
        reader = READERS.get(file.name) or READERS.get(file.suffix)
        if SKIP.search(name) or not reader or not file.is_file():
            continue
        for number, line in reader(file.read_text(encoding="utf-8")):
            for found in PATH.finditer(line):
                for path in braces(found[0].rstrip(".,")):
                    if not exists(source, path):
                        yield f"{name}:{number} names {path}, which does not exist"


def main() -> int:
    wrong = [*check(Path(sys.argv[1]))]
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
