"""Made from KEYWORDS by _keywords.py: do not edit."""

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

    def motion_to_music(
        self, motion: MotionLike, *,
        seed: int = 0,
        steps: int | None = None,
        sampler: Literal["dpm-solver++", "ddim"] | int | None = None,
        guidance_music: float | None = None,
        guidance_start_music: float | None = None,
        guidance_rescale: float | None = None,
        seconds: float | None = None,
        audio_rate: float | None = None,
        genre: str | int | None = None,
        tempo: float | None = None,
        energy: ArrayLike | None = None,
        beats: ArrayLike | None = None,
        beats_per_bar: int | None = None,
        downbeat: int | None = None,
        track_beats: bool = True,
        inpainting_audio: tuple[AudioLike, Spans] | None = None,
        music_noise: ArrayLike | None = None,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> Audio:
        """Music for a dance: one channel, as long as the motion.

        Args:
            motion: a Motion, a path, an array (frames, joints, 3 or 2) at 60 frames per second, (array, fps), or (array, fps, names);
                (frames, 22, 3) is the canonical body, momu.BODY_JOINTS, in metres.
            seed: seed of all noise, a whole number from 0 to 2**64 - 1. The same seed gives the same result.
            steps: denoising steps, 1..1000. None: the model's number.
            sampler: "dpm-solver++" or "ddim". None: the model's.
            guidance_music: weight of classifier-free guidance for the music, > 0..50; 1 is no guidance. None: the model's.
            guidance_start_music: noise level at which the guidance of the music begins, > 0..1, as a share of the highest level; 1 guides
                from the first step. None: the model's.
            guidance_rescale: how far the spread of the guided prediction is set back to that of the conditional one, 0..1. None: 0.
            seconds: length of the result in seconds, at most the input's. None: the input's.
            audio_rate: sample rate of the music in Hz, 1000..384000. None: the model's.
            genre: name of a genre ("house") or its number, 1..16; "none" leaves the genre unconditioned. None: motion_to_music takes the
                genre that the model recognises in the dance, where it can; the others leave it unconditioned.
            tempo: tempo in beats per minute, 30..300. Without beats, a model that was trained for beats gets a grid of this tempo. None: no
                tempo is asked for.
            energy: loudness of the performance, 0..1: one value, or a curve of (count,) values spread evenly over the result. None:
                unconditioned.
            beats: times of the beats in seconds, (count,), ascending, 2 or more. None: the beats that the model tracks in the input
                (track_beats); joint: a grid drawn from the seed, where the model was trained for beats.
            beats_per_bar: beats in a bar, 1..16; only with beats. None: unconditioned.
            downbeat: index of a beat that opens a bar, 0..count - 1; only with beats. None: 0.
            track_beats: whether the model tracks the beats of the input, where it can, and conditions the result on them; ignored where
                beats are given.
            inpainting_audio: inpainting: (audio, [(start, end), ...]) keeps the audio within these spans, in seconds, and makes the rest.
            music_noise: (latent frames, latent channels) standard normals, which the music starts from. None: drawn from the seed.
            threads: number of threads that work, 1..256. None: one per processor that this process may use.
            progress: callable (stage, done, total), called in this thread. If it returns False, the call stops and raises Cancelled; what
                it raises comes out of the call.

        genre, tempo, energy, beats and the inpainting keywords need a model that was trained for them (info["controls_trained"]); others
        raise UnsupportedError. The `info` of the result says what was used and what was measured. Ctrl-C stops the call and raises
        KeyboardInterrupt; other Python threads run during the call.
        """
        return self._generate("momu_motion_to_music", [Motion._from(motion)], [Audio], threads, progress, {
            "seed": seed, "steps": steps, "sampler": sampler, "guidance_music": guidance_music,
            "guidance_start_music": guidance_start_music, "guidance_rescale": guidance_rescale, "seconds": seconds,
            "audio_rate": audio_rate, "genre": genre, "tempo": tempo, "energy": energy, "beats": beats, "beats_per_bar": beats_per_bar,
            "downbeat": downbeat, "track_beats": track_beats, "inpainting_audio": inpainting_audio, "music_noise": music_noise})[0]

    def music_to_motion(
        self, audio: AudioLike, *,
        seed: int = 0,
        steps: int | None = None,
        sampler: Literal["dpm-solver++", "ddim"] | int | None = None,
        guidance_motion: float | None = None,
        guidance_start_motion: float | None = None,
        guidance_rescale: float | None = None,
        seconds: float | None = None,
        motion_fps: float | None = None,
        foot_lock: bool = True,
        genre: str | int | None = None,
        tempo: float | None = None,
        energy: ArrayLike | None = None,
        beats: ArrayLike | None = None,
        beats_per_bar: int | None = None,
        downbeat: int | None = None,
        track_beats: bool = True,
        inpainting_motion: tuple[MotionLike, Spans] | None = None,
        motion_noise: ArrayLike | None = None,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> Motion:
        """A dance to a song, as long as the song, on the canonical body of 22 joints (or keypoints, where the model makes those).

        Args:
            audio: an Audio, a path, or (samples, rate in Hz).
            seed: seed of all noise, a whole number from 0 to 2**64 - 1. The same seed gives the same result.
            steps: denoising steps, 1..1000. None: the model's number.
            sampler: "dpm-solver++" or "ddim". None: the model's.
            guidance_motion: weight of classifier-free guidance for the motion, > 0..50; 1 is no guidance. None: the model's.
            guidance_start_motion: noise level at which the guidance of the motion begins, > 0..1, as a share of the highest level; 1 guides
                from the first step. None: the model's.
            guidance_rescale: how far the spread of the guided prediction is set back to that of the conditional one, 0..1. None: 0.
            seconds: length of the result in seconds, at most the input's. None: the input's.
            motion_fps: frame rate of the motion in frames per second, 1..1000. None: 60.
            foot_lock: whether feet on the ground are held in place.
            genre: name of a genre ("house") or its number, 1..16; "none" leaves the genre unconditioned. None: motion_to_music takes the
                genre that the model recognises in the dance, where it can; the others leave it unconditioned.
            tempo: tempo in beats per minute, 30..300. Without beats, a model that was trained for beats gets a grid of this tempo. None: no
                tempo is asked for.
            energy: loudness of the performance, 0..1: one value, or a curve of (count,) values spread evenly over the result. None:
                unconditioned.
            beats: times of the beats in seconds, (count,), ascending, 2 or more. None: the beats that the model tracks in the input
                (track_beats); joint: a grid drawn from the seed, where the model was trained for beats.
            beats_per_bar: beats in a bar, 1..16; only with beats. None: unconditioned.
            downbeat: index of a beat that opens a bar, 0..count - 1; only with beats. None: 0.
            track_beats: whether the model tracks the beats of the input, where it can, and conditions the result on them; ignored where
                beats are given.
            inpainting_motion: inpainting: (motion, [(start, end), ...]) keeps the motion within these spans, in seconds, and makes the
                rest.
            motion_noise: (latent frames, latent channels) standard normals, which the motion starts from. None: drawn from the seed.
            threads: number of threads that work, 1..256. None: one per processor that this process may use.
            progress: callable (stage, done, total), called in this thread. If it returns False, the call stops and raises Cancelled; what
                it raises comes out of the call.

        genre, tempo, energy, beats and the inpainting keywords need a model that was trained for them (info["controls_trained"]); others
        raise UnsupportedError. The `info` of the result says what was used and what was measured. Ctrl-C stops the call and raises
        KeyboardInterrupt; other Python threads run during the call.
        """
        return self._generate("momu_music_to_motion", [Audio._from(audio)], [Motion], threads, progress, {
            "seed": seed, "steps": steps, "sampler": sampler, "guidance_motion": guidance_motion,
            "guidance_start_motion": guidance_start_motion, "guidance_rescale": guidance_rescale, "seconds": seconds,
            "motion_fps": motion_fps, "foot_lock": foot_lock, "genre": genre, "tempo": tempo, "energy": energy, "beats": beats,
            "beats_per_bar": beats_per_bar, "downbeat": downbeat, "track_beats": track_beats, "inpainting_motion": inpainting_motion,
            "motion_noise": motion_noise})[0]

    def joint(
        self, seconds: float | None = None, *,
        seed: int = 0,
        steps: int | None = None,
        sampler: Literal["dpm-solver++", "ddim"] | int | None = None,
        guidance_music: float | None = None,
        guidance_motion: float | None = None,
        guidance_start_music: float | None = None,
        guidance_start_motion: float | None = None,
        guidance_rescale: float | None = None,
        joint_start: float | None = None,
        audio_rate: float | None = None,
        motion_fps: float | None = None,
        foot_lock: bool = True,
        genre: str | int | None = None,
        tempo: float | None = None,
        energy: ArrayLike | None = None,
        beats: ArrayLike | None = None,
        beats_per_bar: int | None = None,
        downbeat: int | None = None,
        inpainting_audio: tuple[AudioLike, Spans] | None = None,
        inpainting_motion: tuple[MotionLike, Spans] | None = None,
        music_noise: ArrayLike | None = None,
        motion_noise: ArrayLike | None = None,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> Pair:
        """A song and a dance to it, both from noise: (Audio, Motion).

        Args:
            seconds: length of the result in seconds. None: 12.
            seed: seed of all noise, a whole number from 0 to 2**64 - 1. The same seed gives the same result.
            steps: denoising steps, 1..1000. None: the model's number.
            sampler: "dpm-solver++" or "ddim". None: the model's.
            guidance_music: weight of classifier-free guidance for the music, > 0..50; 1 is no guidance. None: the model's.
            guidance_motion: weight of classifier-free guidance for the motion, > 0..50; 1 is no guidance. None: the model's.
            guidance_start_music: noise level at which the guidance of the music begins, > 0..1, as a share of the highest level; 1 guides
                from the first step. None: the model's.
            guidance_start_motion: noise level at which the guidance of the motion begins, > 0..1, as a share of the highest level; 1 guides
                from the first step. None: the model's.
            guidance_rescale: how far the spread of the guided prediction is set back to that of the conditional one, 0..1. None: 0.
            joint_start: noise level at which the two sides begin to guide each other, > 0..1, as a share of the highest level. None: the
                model's.
            audio_rate: sample rate of the music in Hz, 1000..384000. None: the model's.
            motion_fps: frame rate of the motion in frames per second, 1..1000. None: 60.
            foot_lock: whether feet on the ground are held in place.
            genre: name of a genre ("house") or its number, 1..16; "none" leaves the genre unconditioned. None: motion_to_music takes the
                genre that the model recognises in the dance, where it can; the others leave it unconditioned.
            tempo: tempo in beats per minute, 30..300. Without beats, a model that was trained for beats gets a grid of this tempo. None: no
                tempo is asked for.
            energy: loudness of the performance, 0..1: one value, or a curve of (count,) values spread evenly over the result. None:
                unconditioned.
            beats: times of the beats in seconds, (count,), ascending, 2 or more. None: the beats that the model tracks in the input
                (track_beats); joint: a grid drawn from the seed, where the model was trained for beats.
            beats_per_bar: beats in a bar, 1..16; only with beats. None: unconditioned.
            downbeat: index of a beat that opens a bar, 0..count - 1; only with beats. None: 0.
            inpainting_audio: inpainting: (audio, [(start, end), ...]) keeps the audio within these spans, in seconds, and makes the rest.
            inpainting_motion: inpainting: (motion, [(start, end), ...]) keeps the motion within these spans, in seconds, and makes the
                rest.
            music_noise: (latent frames, latent channels) standard normals, which the music starts from. None: drawn from the seed.
            motion_noise: (latent frames, latent channels) standard normals, which the motion starts from. None: drawn from the seed.
            threads: number of threads that work, 1..256. None: one per processor that this process may use.
            progress: callable (stage, done, total), called in this thread. If it returns False, the call stops and raises Cancelled; what
                it raises comes out of the call.

        genre, tempo, energy, beats and the inpainting keywords need a model that was trained for them (info["controls_trained"]); others
        raise UnsupportedError. The `info` of the result says what was used and what was measured. Ctrl-C stops the call and raises
        KeyboardInterrupt; other Python threads run during the call.
        """
        return Pair(*self._generate("momu_joint_generate", [], [Audio, Motion], threads, progress, {
            "seed": seed, "steps": steps, "sampler": sampler, "guidance_music": guidance_music, "guidance_motion": guidance_motion,
            "guidance_start_music": guidance_start_music, "guidance_start_motion": guidance_start_motion,
            "guidance_rescale": guidance_rescale, "joint_start": joint_start, "seconds": seconds, "audio_rate": audio_rate,
            "motion_fps": motion_fps, "foot_lock": foot_lock, "genre": genre, "tempo": tempo, "energy": energy, "beats": beats,
            "beats_per_bar": beats_per_bar, "downbeat": downbeat, "inpainting_audio": inpainting_audio,
            "inpainting_motion": inpainting_motion, "music_noise": music_noise, "motion_noise": motion_noise}))
