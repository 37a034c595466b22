"""The keywords of Model.motion_to_music, music_to_motion and joint, each defined once, and what makes _verbs.py from them.

    python _keywords.py > _verbs.py

A keyword has the name of its field in momu_generate_options. After a change of that struct, change KEYWORDS and make _verbs.py anew; a test
compares KEYWORDS with the struct and _verbs.py with what this file makes.
"""

from __future__ import annotations

import sys
import textwrap
from typing import NamedTuple

MUSIC, MOTION, JOINT = "motion_to_music", "music_to_motion", "joint"
ALL, MAKES_MUSIC, MAKES_MOTION, HAS_INPUT = (MUSIC, MOTION, JOINT), (MUSIC, JOINT), (MOTION, JOINT), (MUSIC, MOTION)
WIDTH = 140

# How a keyword becomes a field (_options.py has a function for each), and its hint and default.
KINDS = {
    "whole": ("int | None", "None"), "real": ("float | None", "None"), "switch": ("bool", "True"),
    "sampler": ('Literal["dpm-solver++", "ddim"] | int | None', "None"),
    "genre": ("str | int | None", "None"), "curve": ("ArrayLike | None", "None"), "noise": ("ArrayLike | None", "None"),
    "inpainting_audio": ("tuple[AudioLike, Spans] | None", "None"), "inpainting_motion": ("tuple[MotionLike, Spans] | None", "None")}


class Keyword(NamedTuple):
    field: str
    kind: str
    verbs: tuple[str, ...]
    text: str  # for the docstring: what it is, its unit and range, its default

    @property
    def hint(self) -> str:
        return "int" if self.field == "seed" else KINDS[self.kind][0]

    @property
    def default(self) -> str:
        return "0" if self.field == "seed" else KINDS[self.kind][1]


KEYWORDS = (
    Keyword("seed", "whole", ALL, "seed of all noise, a whole number from 0 to 2**64 - 1. The same seed gives the same result"),
    Keyword("steps", "whole", ALL, "denoising steps, 1..1000. None: the model's number"),
    Keyword("sampler", "sampler", ALL, '"dpm-solver++" or "ddim". None: the model\'s'),
    Keyword("guidance_music", "real", MAKES_MUSIC,
            "weight of classifier-free guidance for the music, > 0..50; 1 is no guidance. None: the model's"),
    Keyword("guidance_motion", "real", MAKES_MOTION,
            "weight of classifier-free guidance for the motion, > 0..50; 1 is no guidance. None: the model's"),
    Keyword("guidance_start_music", "real", MAKES_MUSIC,
            "noise level at which the guidance of the music begins, > 0..1, as a share of the highest level; 1 guides from the first step. "
            "None: the model's"),
    Keyword("guidance_start_motion", "real", MAKES_MOTION,
            "noise level at which the guidance of the motion begins, > 0..1, as a share of the highest level; 1 guides from the first step. "
            "None: the model's"),
    Keyword("guidance_rescale", "real", ALL,
            "how far the spread of the guided prediction is set back to that of the conditional one, 0..1. None: 0"),
    Keyword("joint_start", "real", (JOINT,),
            "noise level at which the two sides begin to guide each other, > 0..1, as a share of the highest level. None: the model's"),
    Keyword("seconds", "real", ALL, "length of the result in seconds, at most the input's. None: the input's"),
    Keyword("audio_rate", "real", MAKES_MUSIC, "sample rate of the music in Hz, 1000..384000. None: the model's"),
    Keyword("motion_fps", "real", MAKES_MOTION, "frame rate of the motion in frames per second, 1..1000. None: 60"),
    Keyword("foot_lock", "switch", MAKES_MOTION, "whether feet on the ground are held in place"),
    Keyword("genre", "genre", ALL,
            'name of a genre ("house") or its number, 1..16; "none" leaves the genre unconditioned. None: motion_to_music takes the genre '
            "that the model recognises in the dance, where it can; the others leave it unconditioned"),
    Keyword("tempo", "real", ALL,
            "tempo in beats per minute, 30..300. Without beats, a model that was trained for beats gets a grid of this tempo. None: no tempo "
            "is asked for"),
    Keyword("energy", "curve", ALL,
            "loudness of the performance, 0..1: one value, or a curve of (count,) values spread evenly over the result. None: unconditioned"),
    Keyword("beats", "curve", ALL,
            "times of the beats in seconds, (count,), ascending, 2 or more. None: the beats that the model tracks in the input (track_beats); "
            "joint: a grid drawn from the seed, where the model was trained for beats"),
    Keyword("beats_per_bar", "whole", ALL, "beats in a bar, 1..16; only with beats. None: unconditioned"),
    Keyword("downbeat", "whole", ALL, "index of a beat that opens a bar, 0..count - 1; only with beats. None: 0"),
    Keyword("track_beats", "switch", HAS_INPUT,
            "whether the model tracks the beats of the input, where it can, and conditions the result on them; ignored where beats are given"),
    Keyword("inpainting_audio", "inpainting_audio", MAKES_MUSIC,
            "inpainting: (audio, [(start, end), ...]) keeps the audio within these spans, in seconds, and makes the rest"),
    Keyword("inpainting_motion", "inpainting_motion", MAKES_MOTION,
            "inpainting: (motion, [(start, end), ...]) keeps the motion within these spans, in seconds, and makes the rest"),
    Keyword("music_noise", "noise", MAKES_MUSIC,
            "(latent frames, latent channels) standard normals, which the music starts from. None: drawn from the seed"),
    Keyword("motion_noise", "noise", MAKES_MOTION,
            "(latent frames, latent channels) standard normals, which the motion starts from. None: drawn from the seed"),
)
KEYWORD = {one.field: one for one in KEYWORDS}

# Keywords that are not fields of the struct.
CALL = (
    ("threads", "int | None", "number of threads that work, 1..256. None: one per processor that this process may use"),
    ("progress", "Progress | None", "callable (stage, done, total), called in this thread. If it returns False, the call stops and raises "
                                    "Cancelled; what it raises comes out of the call"))
CLOSING = (
    'genre, tempo, energy, beats and the inpainting keywords need a model that was trained for them (info["controls_trained"]); others raise '
    "UnsupportedError. The `info` of the result says what was used and what was measured. Ctrl-C stops the call and raises "
    "KeyboardInterrupt; other Python threads run during the call.")


class Verb(NamedTuple):
    name: str
    function: str  # of the C interface
    inputs: str  # parameters before the keywords
    input_texts: tuple[tuple[str, str], ...]
    result: str
    summary: str
    handles: str  # Python: the inputs of the C function
    classes: str  # Python: what it makes
    end: str  # Python: from the list of what it made to the result


VERBS = (
    Verb(MUSIC, "momu_motion_to_music", "motion: MotionLike", (
        ("motion", "a Motion, a path, an array (frames, joints, 3 or 2) at 60 frames per second, (array, fps), or (array, fps, names); "
                   "(frames, 22, 3) is the canonical body, momu.BODY_JOINTS, in metres"),),
         "Audio", "Music for a dance: one channel, as long as the motion.", "[Motion._from(motion)]", "[Audio]", "[0]"),
    Verb(MOTION, "momu_music_to_motion", "audio: AudioLike", (("audio", "an Audio, a path, or (samples, rate in Hz)"),),
         "Motion", "A dance to a song, as long as the song, on the canonical body of 22 joints (or keypoints, where the model makes those).",
         "[Audio._from(audio)]", "[Motion]", "[0]"),
    Verb(JOINT, "momu_joint_generate", "seconds: float | None = None", (("seconds", "length of the result in seconds. None: 12"),),
         "Pair", "A song and a dance to it, both from noise: (Audio, Motion).", "[]", "[Audio, Motion]", ""),
)

HEADER = '''"""Made from KEYWORDS by _keywords.py: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Sequence

from ._context import Progress
from .audio import Audio, AudioLike
from .motion import Motion, MotionLike
from .pair import Pair

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    Spans = Sequence[tuple[float, float]]  # start and end, seconds


class Verbs:
    """What a Model makes."""

    def _generate(self, function: str, inputs: list[Any], made: list[Any], threads: int | None, progress: Progress | None,
                  keywords: dict[str, Any]) -> list[Any]:
        raise NotImplementedError
'''


def _wrapped(text: str, first: str, rest: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)


def _method(verb: Verb) -> str:
    keywords = [one for one in KEYWORDS if verb.name in one.verbs and not verb.inputs.startswith(one.field + ":")]
    parameters = [f"{one.field}: {one.hint} = {one.default}" for one in keywords] + [f"{name}: {hint} = None" for name, hint, _ in CALL]
    texts = [*verb.input_texts, *((one.field, one.text) for one in keywords), *((name, text) for name, _, text in CALL)]
    fields = [one.field for one in KEYWORDS if verb.name in one.verbs]
    indent = " " * 8
    call = f'self._generate("{verb.function}", {verb.handles}, {verb.classes}, threads, progress, {{'
    made = _wrapped(", ".join(f'"{field}":\0{field}' for field in fields) + "})", indent + "    ", indent + "    ").replace("\0", " ")
    lines = [f"    def {verb.name}(", f"{indent}self, {verb.inputs}, *,", *(f"{indent}{one}," for one in parameters),
             f"    ) -> {verb.result}:", f'{indent}"""{verb.summary}', "", f"{indent}Args:",
             *(_wrapped(f"{name}: {text}.", indent + "    ", indent + "        ") for name, text in texts), "",
             _wrapped(CLOSING, indent, indent), f'{indent}"""']
    if verb.end:
        lines.append(f"{indent}return {call}\n{made}{verb.end}")
    else:
        lines.append(f"{indent}return {verb.result}(*{call}\n{made})")
    return "\n".join(lines) + "\n"


def verbs() -> str:
    """The text of _verbs.py."""
    return HEADER + "".join("\n" + _method(verb) for verb in VERBS)


if __name__ == "__main__":
    sys.stdout.write(verbs())
