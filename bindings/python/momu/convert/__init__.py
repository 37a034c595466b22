"""Imports other formats: `read_aist` and `read_c3d` return a Motion, `convert_vocoder` and `convert_vggish` write model files.

`python -m momu.convert --help` is the same for a shell.
"""

from __future__ import annotations

from .aist import read_aist
from .c3d import read_c3d
from .checkpoints import TYPES, ConvertError, convert_vggish, convert_vocoder

__all__ = ["ConvertError", "TYPES", "convert_vggish", "convert_vocoder", "read_aist", "read_c3d"]
