"""Models, and the three verbs."""

from __future__ import annotations

from typing import Any, Callable, TypeVar

from ._backend import native
from ._context import Generation, Progress
from ._handle import Handle, Owned, path_bytes
from ._options import as_dict, fill
from .audio import Audio, AudioLike, Path
from .errors import check
from .motion import Motion, MotionLike

Verb = TypeVar("Verb", bound=Callable[..., Any])
OPTIONS = """

        Keywords, each 0 or left out for its default: seed (of all noise; 0), steps (1..1000; the model's), guidance_music, guidance_motion
        (> 0..50; the model's), guidance_start_music, guidance_start_motion (> 0..1; the model's), guidance_rescale (0..1; 0), sampler (1: DPM-Solver++, 2: DDIM), seconds (the input's; joint: 12), audio_rate
        (Hz; the model's), motion_fps (60), foot_lock (True), and where the model was trained for it (info["controls_trained"]): genre
        ("house" or its number; music without it has the one found in the dance, info["genre"], unless it is "none"), tempo (beats a minute), energy (one value or a curve, 0..1), beats (seconds, ascending; without them those that the model finds in the input, info["beats_confidence"], unless track_beats is False), beats_per_bar,
        downbeat, inpainting_audio=(audio, [(start, end), ...]), inpainting_motion=(motion, [(start, end), ...]); music_noise and motion_noise,
        (latent frames, latent channels), instead of the seed's. What was really used and measured is in the result's `info`.

        threads: how many work, 1..256; None: one a processor. progress: a callable (stage, done, total), in the calling thread, that
        returns False to stop, which raises Cancelled; what it raises comes out of here. Ctrl-C raises KeyboardInterrupt at once. Other
        Python threads run on meanwhile."""


def _with_options(function: Verb) -> Verb:
    function.__doc__ = (function.__doc__ or "") + OPTIONS
    return function


class Model(Owned):
    """A model file; path None: the default model. It never changes, and any number of threads may use it at the same time."""

    _release = "momu_model_release"

    def __init__(self, path: Path | None = None) -> None:
        box, error = native.box(), native.struct("momu_error")
        status = native.call("momu_model_load", None if path is None else path_bytes(path), None, box, error)
        check(status, native.get(error, "message"))
        self._handle = Handle(native.unbox(box), self._release)

    @property
    def info(self) -> dict[str, Any]:
        """Facts by the names of momu_model_info: preset, license, training_data, sample_rate (Hz), max_seconds, joints, ..."""
        handle, info = self._open(), native.struct("momu_model_info")
        check(native.call("momu_model_get_info", handle.address, info), None)
        return as_dict(info)

    def _generate(self, function: str, inputs: list[Owned], made: list[Any], threads: int | None, progress: Progress | None,
                  keywords: dict[str, Any]) -> list[Any]:
        if progress is not None and not callable(progress):
            raise TypeError(f"progress is {progress!r}; expected a callable (stage, done, total)")
        options, info = native.struct("momu_generate_options"), native.struct("momu_generate_info")
        handles = [self._open(), *[one._open() for one in inputs]]
        generation = Generation(function, handles, options, [kind._release for kind in made], info)
        generation.keep = fill(options, keywords)
        results = generation.run(threads, progress)
        facts = as_dict(info)
        return [kind._own(handle, facts) for kind, handle in zip(made, results)]

    @_with_options
    def motion_to_music(self, motion: MotionLike, *, threads: int | None = None, progress: Progress | None = None, **options: Any) -> Audio:
        """Music for a dance: one channel, as long as the motion. motion: a Motion, a path, an array (frames, joints, 3 or 2) at 60 frames a
        second, or (array, fps)."""
        return self._generate("momu_motion_to_music", [Motion._from(motion)], [Audio], threads, progress, options)[0]

    @_with_options
    def music_to_motion(self, audio: AudioLike, *, threads: int | None = None, progress: Progress | None = None, **options: Any) -> Motion:
        """A dance to a song, as long as the song, on the canonical body of 22 joints (or keypoints, where the model makes those). audio: an
        Audio, a path, or (samples, rate)."""
        return self._generate("momu_music_to_motion", [Audio._from(audio)], [Motion], threads, progress, options)[0]

    @_with_options
    def joint(self, seconds: float = 0, *, threads: int | None = None, progress: Progress | None = None,
              **options: Any) -> tuple[Audio, Motion]:
        """(Audio, Motion), both together from nothing. seconds: how long; 0: 12."""
        options["seconds"] = seconds
        audio, motion = self._generate("momu_joint_generate", [], [Audio, Motion], threads, progress, options)
        return audio, motion

    def __repr__(self) -> str:
        if self.closed:
            return "Model(closed)"
        info = self.info
        return f"Model({info['preset']}, {info['parameters']} parameters, {info['layout']})"


def load(path: Path | None = None) -> Model:
    """A model from its file. None: the default model, which is the file that MOMU_MODEL names, else the one beside the library."""
    return Model(path)
