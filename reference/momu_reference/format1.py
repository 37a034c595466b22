"""Names of model files in format 1, which are read as format 2: the table of
lib/models/format1.c."""
from __future__ import annotations

TENSORS = {"stats.beats.": "stats.beat_tracker.", "stats.genre.": "stats.genre_classifier.",
           "stats.keypoints.": "stats.keypoint_encoder.", "beats.": "beat_tracker.",
           "genre.": "genre_classifier.", "keypoints.": "keypoint_encoder.",
           "contrast.": "infonce.", "judge.": "embedder."}
# Keys of the config, and names of controls in it, as they stand in the text.
KEYS = {'"beat_finder"': '"beat_tracker"', '"variant"': '"architecture"',
        '"known_latents"': '"inpainting"'}


def old_tensor_name(name: str) -> str:
    for before, today in TENSORS.items():
        if name.startswith(today):
            return before + name[len(today):]
    return name


def old_config_text(text: str) -> str:
    for before, today in KEYS.items():
        text = text.replace(today, before)
    return text


def tensor_name(name: str) -> str:
    for before, today in TENSORS.items():
        if name.startswith(before):
            return today + name[len(before):]
    return name


def config_text(text: str) -> str:
    for before, today in KEYS.items():
        text = text.replace(before, today)
    return text
