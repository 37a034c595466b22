"""A song and a dance that belong together."""

from __future__ import annotations

from typing import Any, NamedTuple

from . import _html
from .audio import Audio
from .motion import Motion


class Pair(NamedTuple):
    """(audio, motion): what Model.joint() returns. Pair(song, dance) of any two shows both in a notebook, on one time axis."""

    audio: Audio
    motion: Motion

    @property
    def info(self) -> dict[str, Any]:
        """What generation reported of both, or {}."""
        return self.motion.info or self.audio.info

    def _repr_html_(self) -> str:
        return _html.pair(self.audio, self.motion)
