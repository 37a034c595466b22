"""What a notebook shows of sounds and motions: a player, and a picture over time of the sound's envelope, the dancer and both sides' beats.

Everything is inside the HTML: the sound as 16-bit WAV of at most WAV_BYTES, the picture as SVG.
"""

from __future__ import annotations

import base64
import html
import io
import wave
from typing import TYPE_CHECKING, Any, Optional

import numpy as np

from .errors import Error

if TYPE_CHECKING:
    from .audio import Audio
    from .motion import Motion

WAV_BYTES = 4 << 20  # what a notebook's file grows by; a longer sound is cut, and the text says so
BEATS_SECONDS = 600  # longer ones are shown without beats, so that a cell shows at once
WIDTH, SOUND_HEIGHT, DANCER_HEIGHT, AXIS_HEIGHT, MARGIN = 720, 60, 110, 28, 6
DANCERS = 12  # at most, side by side
SOUND_COLOUR, MUSIC_BEAT_COLOUR, DANCE_BEAT_COLOUR = "#868e96", "#e8590c", "#1c7ed6"
# Bones between named joints, for motions without a skeleton; those whose two ends exist are drawn.
LIMBS = (("shoulder", "elbow"), ("elbow", "wrist"), ("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"), ("ankle", "foot"),
         ("ankle", "big_toe"))
BONES = [(f"{side}_{one}", f"{side}_{other}") for side in ("left", "right") for one, other in LIMBS]
BONES += [("left_shoulder", "right_shoulder"), ("left_hip", "right_hip"), ("neck", "left_shoulder"), ("neck", "right_shoulder"),
          ("neck", "head"), ("neck", "nose")]


def _wav(audio: Audio) -> tuple[bytes, float]:
    """The sound as a WAV file of one or two channels, and how many seconds of it there was room for."""
    samples, rate = audio.samples, max(1, round(audio.rate))
    if samples.shape[1] > 2:
        samples = samples.mean(axis=1, keepdims=True)
    samples = samples[:WAV_BYTES // (2 * samples.shape[1])]
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(samples.shape[1])
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return file.getvalue(), len(samples) / rate


def _player(audio: Audio) -> str:
    data, seconds = _wav(audio)
    source = base64.b64encode(data).decode("ascii")
    cut = "" if seconds > audio.seconds - 0.01 else f"<div>The player has the first {seconds:.1f} s of {audio.seconds:.1f} s.</div>"
    return f'<audio controls preload="metadata" style="width:{WIDTH}px;max-width:100%" src="data:audio/wav;base64,{source}"></audio>{cut}'


def _beats(of: Any) -> Any:
    """The Beats of a sound or a motion, or None where they cannot be tracked."""
    try:
        return of.beats() if of.seconds <= BEATS_SECONDS else None
    except Error:  # a motion of a hand, say: the picture then has no beats
        return None


def _path(lines: Any, colour: str, width: float) -> str:
    """Lines [(x, y), (x, y), ...] of one colour."""
    data = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line) for line in lines)
    return f'<path d="{data}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linecap="round"/>' if data else ""


def _envelope(audio: Audio, top: float, width: float) -> str:
    """The peaks of the sound, a column a pixel."""
    level = np.abs(audio.samples).max(axis=1) if audio.samples.size else np.zeros(1, np.float32)
    columns = max(1, min(int(width), len(level)))
    starts = np.arange(columns) * len(level) // columns
    peaks = np.maximum.reduceat(level, starts)
    middle = top + SOUND_HEIGHT / 2
    heights = np.maximum(0.5, peaks / max(1e-6, float(peaks.max())) * (SOUND_HEIGHT / 2 - 2))
    xs = MARGIN + (np.arange(columns) + 0.5) * width / columns
    return _path([[(x, middle - h), (x, middle + h)] for x, h in zip(xs, heights)], SOUND_COLOUR, 1)


def _bones(motion: Motion) -> list[tuple[int, int]]:
    if motion.kind == "joints":
        return [(parent, joint) for joint, parent in enumerate(motion.parents.tolist()) if parent >= 0]
    index = {name: joint for joint, name in enumerate(motion.joint_names)}
    return [(index[one], index[other]) for one, other in BONES if one in index and other in index]


def _dancers(motion: Motion, top: float, width: float) -> str:
    """The dancer from the front at even times, each at its time's place on the axis."""
    count = min(DANCERS, motion.frames)
    frames = ((np.arange(count) + 0.5) * motion.frames / count).astype(int)
    points = np.array(motion.positions[frames][:, :, :2], dtype=np.float64)
    if motion.kind != "keypoints":
        points[:, :, 1] *= -1  # Y is up in space, down in a picture
    if motion.confidence is not None:
        points[motion.confidence[frames] == 0] = np.nan
    points[~np.isfinite(points).all(axis=2)] = np.nan
    seen = np.isfinite(points[:, :, 0]).any(axis=1)
    points, frames = points[seen], frames[seen]
    if not len(points):
        return ""
    points[:, :, 0] -= (np.nanmax(points[:, :, 0], axis=1) + np.nanmin(points[:, :, 0], axis=1))[:, None] / 2
    lowest, highest = np.nanmin(points[:, :, 1]), np.nanmax(points[:, :, 1])
    widest = 2 * np.nanmax(np.abs(points[:, :, 0]))
    scale = min((DANCER_HEIGHT - 10) / max(highest - lowest, 1e-9), 0.95 * width / DANCERS / max(widest, 1e-9))
    points *= scale
    points[:, :, 1] += top + DANCER_HEIGHT - 5 - highest * scale
    points[:, :, 0] += (MARGIN + (frames + 0.5) / motion.frames * width)[:, None]
    bones = _bones(motion) or [(joint, joint) for joint in range(motion.joints)]  # points where no bone is known
    lines = [[figure[one], figure[other]] for figure in points for one, other in bones if np.isfinite(figure[[one, other]]).all()]
    return _path(lines, "currentColor", 2)


def _picture(audio: Optional[Audio], motion: Optional[Motion]) -> str:
    """The rows above one time axis, and a line of text on the beats."""
    seconds = max(audio.seconds if audio else 0.0, motion.seconds if motion else 0.0, 1e-9)
    inner, top, parts, said = WIDTH - 2 * MARGIN, 0.0, [], []
    if audio:
        parts.append(_envelope(audio, top, inner * audio.seconds / seconds))
        top += SOUND_HEIGHT
    if motion:
        parts.append(_dancers(motion, top, inner * motion.seconds / seconds))
        top += DANCER_HEIGHT
    for of, name, colour, begin, end in ((audio, "music", MUSIC_BEAT_COLOUR, top, top + 7),
                                         (motion, "dance", DANCE_BEAT_COLOUR, top + 8, top + 15)):
        found = _beats(of) if of else None
        if found is not None and len(found.times):
            xs = MARGIN + found.times / seconds * inner
            parts.append(_path([[(x, begin), (x, end)] for x in xs], colour, 1.5))
            said.append(f'<span style="color:{colour}">{name} beats</span> ({found.tempo:.1f} beats per minute)')
    ends = ((MARGIN, "start", "0 s"), (WIDTH - MARGIN, "end", f"{seconds:.1f} s"))
    parts += [f'<text x="{x}" y="{top + 26:g}" text-anchor="{anchor}" font-size="10" fill="currentColor">{text}</text>'
              for x, anchor, text in ends]
    svg = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + AXIS_HEIGHT:g}" width="{WIDTH}" '
           f'style="max-width:100%;display:block" role="img" aria-label="beats over time">{"".join(parts)}</svg>')
    return svg + (f"<div>{', '.join(said)}</div>" if said else "")


def _whole(title: str, parts: list[str]) -> str:
    return f'<div><div><code>{html.escape(title)}</code></div>{"".join(parts)}</div>'


def audio(shown: Audio) -> str:
    return _whole(repr(shown), [] if shown.closed else [_player(shown), _picture(shown, None)])


def motion(shown: Motion) -> str:
    return _whole(repr(shown), [] if shown.closed else [_picture(None, shown)])


def pair(song: Audio, dance: Motion) -> str:
    parts = [] if song.closed else [_player(song)]
    if not (song.closed and dance.closed):
        parts.append(_picture(None if song.closed else song, None if dance.closed else dance))
    return _whole(f"{song!r}, {dance!r}", parts)
