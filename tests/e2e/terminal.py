"""terminal.py MOMU DANCE MODEL: on a terminal, a result is refused in place of garbage, and a generation shows one bar that only grows."""
import os
import pty
import re
import subprocess
import sys

MOMU, DANCE, MODEL = sys.argv[1:4]
FAILED = []


def check(name, good, detail=""):
    if not good:
        FAILED.append(name)
        print(f"FAILED: {name} {detail!r}", file=sys.stderr)


def run(arguments, on_terminal):
    """The exit status, and what came to the terminal, which is `on_terminal` of the command."""
    inner, outer = pty.openpty()
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, on_terminal: outer}
    process = subprocess.Popen([MOMU, *arguments], **streams)
    os.close(outer)
    said = b""
    while True:
        try:
            part = os.read(inner, 65536)
        except OSError:
            break
        if not part:
            break
        said += part
    rest = b"".join(pipe or b"" for pipe in process.communicate())
    return process.returncode, said.decode("utf-8", "replace"), rest.decode("utf-8", "replace")


for words in (["convert", DANCE], ["preview", DANCE], ["render", DANCE], ["motion-to-music", "--model", MODEL, DANCE]):
    status, said, rest = run([*words, "-o", "-"], "stdout")
    check(f"{words[0]} refuses a terminal", status == 2 and said == "" and "terminal" in rest, (status, said, rest))
status, said, rest = run(["convert", "-", "-o", "x.bvh"], "stdin")
check("a terminal is no input", status == 2 and "terminal" in rest, (status, rest))

status, said, rest = run(["motion-to-music", "--model", MODEL, "--steps", "6", DANCE, "-o", "bar.wav"], "stderr")
shares = [int(share) for share in re.findall(r"\] +(\d+) %", said)]
check("a bar shows", status == 0 and len(shares) > 6, (status, said[-300:]))
check("the bar only grows", shares == sorted(shares) and shares[0] < 20 and shares[-1] >= 90, shares)
check("the bar is one", "\n" not in said, said[-300:])
check("the bar goes", said.rstrip(" \r").endswith("\r") or said.endswith("\r"), said[-100:])
status, said, rest = run(["motion-to-music", "--model", MODEL, "--steps", "6", DANCE, "--quiet", "-o", "bar.wav"], "stderr")
check("no bar with --quiet", status == 0 and said == "", said)
sys.exit(len(FAILED) > 0)
