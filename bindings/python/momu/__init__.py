"""libmomu for Python: dance motion into music, music into dance motion, and both from nothing.

    import momu
    model = momu.Model()                                  # the default model, or Model("file.safetensors")
    music = model.motion_to_music(momu.Motion.read("dance.bvh"), seed=1)
    music.write("music.wav")

A thin layer over libmomu.so by ctypes: nothing is compiled. Arrays that come out are views of the library's memory, which lives as
long as the view does; calls let other Python threads run.
"""

from __future__ import annotations

import os
import threading

import numpy as np

from . import _native as native

__all__ = ["Audio", "Beats", "Cancelled", "Error", "Model", "Motion", "version"]


class Error(Exception):
    """A call failed; str() is the library's sentence, `status` its number."""

    def __init__(self, status, sentence):
        super().__init__(sentence)
        self.status = status


class Cancelled(Error):
    """A progress callback returned False, or the context was cancelled."""


def version():
    """The linked library's version."""
    return native.library.momu_version().decode()


def _check(status, sentence):
    if status == 0:
        return
    text = sentence.decode("utf-8", "replace") or native.library.momu_status_name(status).decode()
    raise (Cancelled if status == native.CANCELLED else Error)(status, text)


def _path(path):
    return os.fsencode(os.fspath(path))


class _Context:
    """A context of the calling thread: one thread at a time may use one."""

    _local = threading.local()

    def __init__(self, threads):
        options = native.ContextOptions()
        native.library.momu_context_options_init(native.byref(options), native.sizeof(options))
        options.threads = threads
        self.handle = native.c_void_p()
        error = native.ErrorText()
        status = native.library.momu_context_create(native.byref(options), native.byref(self.handle), native.byref(error))
        _check(status, error.message)

    def __del__(self):
        native.library.momu_context_destroy(self.handle)

    def call(self, function, *arguments):
        status = function(self.handle, *arguments)
        _check(status, native.library.momu_context_error(self.handle))

    @classmethod
    def get(cls, threads=None):
        threads = threads or os.cpu_count() or 1
        contexts = cls._local.__dict__.setdefault("contexts", {})
        if threads not in contexts:
            contexts[threads] = cls(threads)
        return contexts[threads]




def _view(owner, pointer, shape):
    if not pointer:
        return None
    buffer = (native.c_float * int(np.prod(shape))).from_address(native.addressof(pointer.contents))
    buffer.owner = owner
    array = np.frombuffer(buffer, dtype=np.float32).reshape(shape)
    array.flags.writeable = False
    return array


class Beats:
    """times (seconds), tempo (beats a minute, 0: none), confidence (0..1)"""

    def __init__(self, pointer):
        found = pointer.contents
        self.times = np.array([found.times[i] for i in range(found.count)])
        self.tempo = found.tempo
        self.confidence = found.confidence
        native.library.momu_beats_destroy(pointer)

    def __repr__(self):
        return f"Beats(tempo={self.tempo:.2f}, confidence={self.confidence:.2f}, {len(self.times)} beats)"


class Audio:
    """Sound: samples (frames, channels) float32, rate"""

    def __init__(self, samples, rate):
        samples = np.ascontiguousarray(samples, dtype=np.float32)
        if samples.ndim == 1:
            samples = samples[:, None]
        if samples.ndim != 2:
            raise ValueError("samples must be (frames,) or (frames, channels)")
        self._handle = native.c_void_p()
        _Context.get().call(native.library.momu_audio_create, native.floats(samples), samples.shape[0], samples.shape[1],
                            float(rate), native.byref(self._handle))

    @classmethod
    def _own(cls, handle):
        audio = cls.__new__(cls)
        audio._handle = handle
        return audio

    @classmethod
    def read(cls, path):
        handle = native.c_void_p()
        _Context.get().call(native.library.momu_audio_read, _path(path), native.byref(handle))
        return cls._own(handle)

    def __del__(self):
        native.library.momu_audio_destroy(getattr(self, "_handle", None))

    def write(self, path, rate=0):
        options = native.AudioWriteOptions()
        native.library.momu_audio_write_options_init(native.byref(options), native.sizeof(options))
        options.rate = rate
        _Context.get().call(native.library.momu_audio_write, self._handle, _path(path), native.byref(options))

    @property
    def samples(self):
        shape = (native.library.momu_audio_frames(self._handle), native.library.momu_audio_channels(self._handle))
        return _view(self, native.library.momu_audio_samples(self._handle), shape)

    @property
    def rate(self):
        return native.library.momu_audio_rate(self._handle)

    @property
    def seconds(self):
        return native.library.momu_audio_seconds(self._handle)

    def beats(self):
        found = native.POINTER(native.BeatsStruct)()
        _Context.get().call(native.library.momu_audio_beats, self._handle, native.byref(found))
        return Beats(found)


class Motion:
    """Motion: positions (frames, joints, 3 or 2), rotations (frames, joints, 4; w x y z) or None, joint_names, parents, fps"""

    def __init__(self, positions, fps, names=None, confidence=None):
        positions = np.ascontiguousarray(positions, dtype=np.float32)
        if positions.ndim != 3 or positions.shape[2] not in (2, 3):
            raise ValueError("positions must be (frames, joints, 3), or (frames, joints, 2) for keypoints")
        d = native.MotionDescription()
        native.library.momu_motion_description_init(native.byref(d), native.sizeof(d))
        d.kind = 1 if positions.shape[2] == 3 else 2
        d.frames, d.joints = positions.shape[:2]
        d.fps = fps
        d.positions = native.floats(positions)
        if names is not None:
            d.names = native.strings(names)
        if confidence is not None:
            confidence = np.ascontiguousarray(confidence, dtype=np.float32)
            if confidence.shape != positions.shape[:2]:
                raise ValueError("confidence must be (frames, joints)")
            d.confidence = native.floats(confidence)
        if names is not None and len(names) != positions.shape[1]:
            raise ValueError("one name a joint")
        self._handle = native.c_void_p()
        _Context.get().call(native.library.momu_motion_create, native.byref(d), native.byref(self._handle))

    @classmethod
    def _own(cls, handle):
        motion = cls.__new__(cls)
        motion._handle = handle
        return motion

    @classmethod
    def read(cls, path, take=None):
        handle = native.c_void_p()
        _Context.get().call(native.library.momu_motion_read, _path(path), take.encode() if take else None, native.byref(handle))
        return cls._own(handle)

    def __del__(self):
        native.library.momu_motion_destroy(getattr(self, "_handle", None))

    def write(self, path, fps=0):
        options = native.MotionWriteOptions()
        native.library.momu_motion_write_options_init(native.byref(options), native.sizeof(options))
        options.fps = fps
        _Context.get().call(native.library.momu_motion_write, self._handle, _path(path), native.byref(options))

    @property
    def fps(self):
        return native.library.momu_motion_fps(self._handle)

    @property
    def seconds(self):
        return native.library.momu_motion_seconds(self._handle)

    @property
    def joint_names(self):
        count = native.library.momu_motion_joints(self._handle)
        return [native.library.momu_motion_joint_name(self._handle, j).decode() for j in range(count)]

    @property
    def parents(self):
        count = native.library.momu_motion_joints(self._handle)
        return np.array([native.library.momu_motion_joint_parent(self._handle, j) for j in range(count)])

    def _array(self, function, last):
        shape = (native.library.momu_motion_frames(self._handle), native.library.momu_motion_joints(self._handle), last)
        return _view(self, function(self._handle), shape)

    @property
    def positions(self):
        keypoints = native.library.momu_motion_get_kind(self._handle) == 2
        return self._array(native.library.momu_motion_positions, 2 if keypoints else 3)

    @property
    def rotations(self):
        return self._array(native.library.momu_motion_rotations, 4)

    def beats(self):
        found = native.POINTER(native.BeatsStruct)()
        _Context.get().call(native.library.momu_motion_beats, self._handle, native.byref(found))
        return Beats(found)


class Model:
    """A model file. Keywords of the three verbs are the fields of momu_generate_options (momu/generate.h): seed, steps, guidance_music,
    guidance_motion, seconds, audio_rate, motion_fps, tempo, energy, ...; besides `threads`, and `progress`, a function
    (stage, done, total) that may return False to stop. What was used and measured is in `.info` of the result."""

    def __init__(self, path=None):
        self._handle = native.c_void_p()
        error = native.ErrorText()
        status = native.library.momu_model_load(_path(path) if path is not None else None, None, native.byref(self._handle),
                                                native.byref(error))
        _check(status, error.message)

    def __del__(self):
        native.library.momu_model_release(getattr(self, "_handle", None))

    @property
    def info(self):
        info = native.ModelInfo()
        info.struct_size = native.sizeof(info)
        _check(native.library.momu_model_get_info(self._handle, native.byref(info)), b"")
        return native.as_dict(info)

    def _run(self, function, inputs, outputs, threads, progress, keywords):
        options = native.GenerateOptions()
        native.library.momu_generate_options_init(native.byref(options), native.sizeof(options))
        keep = native.fill_options(options, keywords)
        raised = []

        def forward(user, stage, done, total):
            try:
                return native.CANCEL if progress(stage.decode(), done, total) is False else native.CONTINUE
            except BaseException as error:  # carried over the C frames
                raised.append(error)
                return native.CANCEL

        if progress is not None:
            keep.append(native.ProgressCallback(forward))
            options.progress = keep[-1]
        info = native.GenerateInfo()
        info.struct_size = native.sizeof(info)
        try:
            _Context.get(threads).call(function, self._handle, *inputs, native.byref(options),
                                       *[native.byref(handle) for handle in outputs], native.byref(info))
        except Cancelled:
            if raised:
                raise raised[0] from None
            raise
        return native.as_dict(info)

    def motion_to_music(self, motion, *, threads=None, progress=None, **options):
        handle = native.c_void_p()
        info = self._run(native.library.momu_motion_to_music, [motion._handle], [handle], threads, progress, options)
        audio = Audio._own(handle)
        audio.info = info
        return audio

    def music_to_motion(self, audio, *, threads=None, progress=None, **options):
        handle = native.c_void_p()
        info = self._run(native.library.momu_music_to_motion, [audio._handle], [handle], threads, progress, options)
        motion = Motion._own(handle)
        motion.info = info
        return motion

    def joint(self, *, threads=None, progress=None, **options):
        """(Audio, Motion)"""
        sound, dance = native.c_void_p(), native.c_void_p()
        info = self._run(native.library.momu_joint_generate, [], [sound, dance], threads, progress, options)
        audio, motion = Audio._own(sound), Motion._own(dance)
        audio.info = motion.info = info
        return audio, motion
