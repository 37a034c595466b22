"""test_default_model_steps.py SOURCE: tools/default_model.sh and docs/training.md against the
runs that the default model's file lists (momu.trained_by).

The file keeps every run of a network, also those whose weights a later start replaced. So the
script's steps of a network must be the sum of its last runs, however many, and each number of steps
in the page's table must be that of a run.
"""
import json
import re
import sys
from pathlib import Path

STAGES = {"music": "music", "motion": "motion", "to-music": "motion_to_music",
          "to-motion": "music_to_motion", "genre-classifier": "genre_classifier",
          "beat-tracker": "beat_tracker", "keypoints": "keypoints", "vocoder": "vocoder"}
FORMER = {"genre": "genre_classifier", "beats": "beat_tracker"}  # names of runs in older files


def runs_of(path: Path) -> dict[str, list[int]]:
    """Steps of each network's runs, from the model file's header."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        text = json.loads(file.read(size))["__metadata__"]["momu.trained_by"]
    runs: dict[str, list[int]] = {}
    for name, steps in re.findall(r"(\w+): (\d+) steps of batch", text):
        runs.setdefault(FORMER.get(name, name), []).append(int(steps))
    return runs


def script_steps(path: Path) -> dict[str, int]:
    steps: dict[str, int] = {}
    for stage, count in re.findall(r"^train (\S+) .*--steps (\d+)", path.read_text(), re.MULTILINE):
        steps[STAGES[stage]] = steps.get(STAGES[stage], 0) + int(count)
    return steps


def table_steps(path: Path) -> list[int]:
    """The third column of the table of runs."""
    part = path.read_text().split("## The default model's runs", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|") for line in part.splitlines() if line.startswith("| ")]
    return [int(row[3].strip().replace(",", "")) for row in rows if row[3].strip()[0].isdigit()]


def faults(source: Path, model: Path):
    runs, script = runs_of(model), script_steps(source / "tools/default_model.sh")
    if sorted(runs) != sorted(script):
        yield f"the model lists runs of {sorted(runs)}, tools/default_model.sh trains {sorted(script)}"
    for name, steps in script.items():
        own = runs.get(name, [])
        sums = [sum(own[-count:]) for count in range(1, len(own) + 1)]
        if steps not in sums:
            yield f"tools/default_model.sh trains {name} for {steps} steps, the model's last runs add up to {sums}"
    table = table_steps(source / "docs/training.md")
    if len(table) < len(STAGES):
        yield f"docs/training.md lists {len(table)} runs"
    every = {steps for own in runs.values() for steps in own}
    yield from (f"docs/training.md has a run of {steps} steps, the model has none"
                for steps in table if steps not in every)


def main() -> int:
    source = Path(sys.argv[1])
    found = list(faults(source, source / "models/default.safetensors"))
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
