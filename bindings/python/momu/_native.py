"""The C side: libmomu.so, its structs and its signatures. $MOMU_LIBRARY names another file than the system's."""

import ctypes
import ctypes.util
import os
from ctypes import (CFUNCTYPE, POINTER, Structure, addressof, byref, c_char, c_char_p, c_double, c_float, c_int32,
                    c_int64, c_size_t, c_uint32, c_uint64, c_void_p, sizeof)

import numpy as np

CONTINUE, CANCEL, CANCELLED = 0x100, 0x200, 7


def _load():
    beside = os.path.join(os.path.dirname(__file__), "libmomu.so.0")
    names = [os.environ.get("MOMU_LIBRARY"), beside if os.path.exists(beside) else None, "libmomu.so.0",
             ctypes.util.find_library("momu")]
    for name in names:
        if name:
            try:
                return ctypes.CDLL(name)
            except OSError:
                if name == names[0]:
                    raise
    raise ImportError("libmomu.so.0 was not found: install libmomu, or name the file in MOMU_LIBRARY")


library = _load()


class ErrorText(Structure):
    _fields_ = [("status", c_int32), ("reserved", c_int32), ("message", c_char * 504)]


class ContextOptions(Structure):
    _fields_ = [("struct_size", c_size_t), ("threads", c_int32), ("reserved", c_int32), ("memory_limit", c_uint64),
                ("allocator", c_void_p)]


class BeatsStruct(Structure):
    _fields_ = [("times", POINTER(c_double)), ("count", c_size_t), ("tempo", c_double), ("confidence", c_double)]


class AudioWriteOptions(Structure):
    _fields_ = [("struct_size", c_size_t), ("rate", c_double)]


class MotionWriteOptions(Structure):
    _fields_ = [("struct_size", c_size_t), ("fps", c_double)]


class MotionDescription(Structure):
    _fields_ = [("struct_size", c_size_t), ("kind", c_int32), ("joints", c_int32), ("frames", c_int64), ("fps", c_double),
                ("names", POINTER(c_char_p)), ("parents", POINTER(c_int32)), ("offsets", POINTER(c_float)),
                ("rotations", POINTER(c_float)), ("root", POINTER(c_float)), ("positions", POINTER(c_float)),
                ("confidence", POINTER(c_float))]


class ModelInfo(Structure):
    _fields_ = [("struct_size", c_size_t), ("preset", c_char_p), ("license", c_char_p), ("training_data", c_char_p),
                ("trained_by", c_char_p), ("layout", c_char_p), ("vocoder", c_char_p), ("sample_rate", c_double),
                ("frame_rate", c_double), ("latent_rate", c_double), ("window_seconds", c_double), ("max_seconds", c_double),
                ("guidance_music", c_double), ("guidance_motion", c_double), ("joint_start", c_double),
                ("latent_channels", c_int32), ("sampling_steps", c_int32), ("parameters", c_uint64),
                ("memory_bytes", c_uint64), ("controls_trained", c_uint32), ("joints", c_int32)]


class Span(Structure):
    _fields_ = [("start", c_double), ("end", c_double)]


ProgressCallback = CFUNCTYPE(c_int32, c_void_p, c_char_p, c_uint64, c_uint64)


class GenerateOptions(Structure):
    _fields_ = [("struct_size", c_size_t), ("seed", c_uint64), ("steps", c_int32), ("sampler", c_int32),
                ("guidance_music", c_double), ("guidance_motion", c_double), ("guidance_rescale", c_double),
                ("joint_start", c_double), ("seconds", c_double), ("audio_rate", c_double), ("motion_fps", c_double),
                ("foot_lock", c_int32), ("genre", c_int32), ("tempo", c_double), ("energy", POINTER(c_double)), ("energy_count", c_size_t),
                ("beats", POINTER(c_double)), ("beat_count", c_size_t), ("beats_per_bar", c_int32), ("downbeat", c_int32),
                ("known_audio", c_void_p), ("known_audio_spans", POINTER(Span)), ("known_audio_span_count", c_size_t),
                ("known_motion", c_void_p), ("known_motion_spans", POINTER(Span)), ("known_motion_span_count", c_size_t),
                ("music_noise", POINTER(c_float)), ("music_noise_count", c_size_t),
                ("motion_noise", POINTER(c_float)), ("motion_noise_count", c_size_t),
                ("progress", ProgressCallback), ("progress_user", c_void_p)]


class GenerateInfo(Structure):
    _fields_ = [("struct_size", c_size_t), ("seed", c_uint64), ("steps", c_int32), ("sampler", c_int32),
                ("guidance_music", c_double), ("guidance_motion", c_double), ("guidance_rescale", c_double),
                ("joint_start", c_double), ("seconds", c_double), ("latent_frames", c_int64), ("peak", c_double),
                ("rms", c_double), ("flatness", c_double), ("skate_before", c_double), ("skate_after", c_double),
                ("beat_agreement", c_double), ("beat_agreement_chance", c_double), ("tempo", c_double),
                ("tempo_confidence", c_double), ("motion_tempo", c_double), ("motion_tempo_confidence", c_double),
                ("joints_filled", c_uint32), ("reserved", c_int32)]


def floats(array):
    """A pointer to a contiguous float32 array, which it keeps alive."""
    return array.ctypes.data_as(POINTER(c_float))


def strings(names):
    return (c_char_p * len(names))(*[name.encode() for name in names])


def as_dict(info):
    """The fields of an info struct; text as str."""
    result = {}
    for name, _ in info._fields_:
        if name not in ("struct_size", "reserved"):
            value = getattr(info, name)
            result[name] = value.decode() if isinstance(value, bytes) else value
    return result


def fill_options(options, keywords):
    """Sets the fields that the keywords name; returns what must stay alive during the call."""
    keep = []
    plain = {name for name, kind in options._fields_ if kind in (c_double, c_int32, c_uint64)}
    for name, value in keywords.items():
        if name in ("music_noise", "motion_noise"):
            array = np.ascontiguousarray(value, dtype=np.float32)
            keep.append(array)
            setattr(options, name, floats(array))
            setattr(options, name + "_count", array.size)
        elif name in ("beats", "energy"):
            array = np.ascontiguousarray(np.atleast_1d(value), dtype=np.float64)
            keep.append(array)
            setattr(options, name, array.ctypes.data_as(POINTER(c_double)))
            setattr(options, "beat_count" if name == "beats" else "energy_count", array.size)
        elif name in ("known_audio", "known_motion"):
            recording, spans = value
            held = (Span * len(spans))(*[Span(start, end) for start, end in spans])
            keep += [recording, held]
            setattr(options, name, recording._handle)
            setattr(options, name + "_spans", held)
            setattr(options, name + "_span_count", len(spans))
        elif name == "foot_lock" and isinstance(value, bool):
            options.foot_lock = 1 if value else 2
        elif name == "genre" and isinstance(value, str):
            options.genre = _genre(value)
        elif name in plain:
            setattr(options, name, value)
        else:
            raise TypeError(f"there is no option {name!r}")
    return keep


def _genre(name):
    number = 1
    while True:
        known = library.momu_genre_name(number)
        if known is None:
            raise ValueError(f"there is no genre {name!r}")
        if known.decode() == name:
            return number
        number += 1


def _declare(name, result, *arguments):
    function = getattr(library, name)
    function.restype = result
    function.argtypes = arguments


P = c_void_p
for _name, _result, *_arguments in [
        ("momu_version", c_char_p), ("momu_status_name", c_char_p, c_int32), ("momu_genre_name", c_char_p, c_int32),
        ("momu_context_options_init", None, P, c_size_t), ("momu_context_create", c_int32, P, P, P),
        ("momu_context_destroy", None, P), ("momu_context_error", c_char_p, P),
        ("momu_audio_create", c_int32, P, POINTER(c_float), c_int64, c_int32, c_double, P),
        ("momu_audio_read", c_int32, P, c_char_p, P), ("momu_audio_write_options_init", None, P, c_size_t),
        ("momu_audio_write", c_int32, P, P, c_char_p, P), ("momu_audio_frames", c_int64, P),
        ("momu_audio_channels", c_int32, P), ("momu_audio_rate", c_double, P), ("momu_audio_seconds", c_double, P),
        ("momu_audio_samples", POINTER(c_float), P), ("momu_audio_destroy", None, P),
        ("momu_audio_beats", c_int32, P, P, P), ("momu_beats_destroy", None, P),
        ("momu_motion_description_init", None, P, c_size_t), ("momu_motion_create", c_int32, P, P, P),
        ("momu_motion_read", c_int32, P, c_char_p, c_char_p, P), ("momu_motion_write_options_init", None, P, c_size_t),
        ("momu_motion_write", c_int32, P, P, c_char_p, P), ("momu_motion_get_kind", c_int32, P),
        ("momu_motion_frames", c_int64, P), ("momu_motion_fps", c_double, P), ("momu_motion_seconds", c_double, P),
        ("momu_motion_joints", c_int32, P), ("momu_motion_joint_name", c_char_p, P, c_int32),
        ("momu_motion_joint_parent", c_int32, P, c_int32), ("momu_motion_positions", POINTER(c_float), P),
        ("momu_motion_rotations", POINTER(c_float), P), ("momu_motion_destroy", None, P),
        ("momu_motion_beats", c_int32, P, P, P), ("momu_model_load", c_int32, c_char_p, P, P, P),
        ("momu_model_release", None, P), ("momu_model_get_info", c_int32, P, P),
        ("momu_generate_options_init", None, P, c_size_t), ("momu_motion_to_music", c_int32, P, P, P, P, P, P),
        ("momu_music_to_motion", c_int32, P, P, P, P, P, P), ("momu_joint_generate", c_int32, P, P, P, P, P, P)]:
    _declare(_name, _result, *_arguments)
