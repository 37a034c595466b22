"""Motion."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Sequence, Union

import numpy as np

from ._arrays import address, checked, real, shaped, texts
from ._backend import constant, native
from ._context import call
from ._handle import Handle, Owned, path_bytes, view
from .audio import Path
from .beats import Beats
from .errors import ArgumentError

if TYPE_CHECKING:
    from .model import Model

MotionLike = Union["Motion", Path, np.ndarray, "list[Any]", "tuple[Any, float]"]  # what a verb takes
KINDS = {constant("MOMU_MOTION_" + kind.upper()): kind for kind in ("joints", "positions", "keypoints")}
DEFAULT_FPS = 60.0  # of arrays without a rate, as of files without one


TARGETS = {name: constant("MOMU_TARGET_" + name.upper()) for name in ("none", "blender", "unreal", "unity", "maya", "smpl", "keypoints")}
ROOTS = {name: constant("MOMU_ROOT_" + name.upper().replace("-", "_")) for name in ("world", "in-place", "extracted")}


def _one_of(option: str, value: str, known: dict[str, int]) -> int:
    if value not in known:
        raise ArgumentError(f"{option} is {value!r}; expected one of {', '.join(known)}")
    return known[value]


def _create(kind: str, frames: int, joints: int, fps: float, names: Sequence[str] | None, arrays: dict[str, np.ndarray]) -> Handle:
    description = native.struct("momu_motion_description")
    native.set(description, "kind", constant("MOMU_MOTION_" + kind))
    native.set(description, "frames", frames)
    native.set(description, "joints", min(joints, 2**31 - 1))
    native.set(description, "fps", real(fps, "fps"))
    keep = None
    if names is not None:
        if isinstance(names, str) or len(names) != joints:
            raise ArgumentError(f"names: there are {len(names)}; expected one for each of {joints} joints")
        keep = texts(names)
        native.set(description, "names", address(keep[0]))
    for field, array in arrays.items():
        native.set(description, field, address(array))
    box = native.box()
    call("momu_motion_create", description, box)
    del keep
    return Handle(native.unbox(box), "momu_motion_destroy")


class Motion(Owned):
    """Motion that never changes, from positions (frames, joints, 3) in metres, Y up, or keypoints (frames, joints, 2), x right, y down.

    fps: frames a second, 1..1000. names: one a joint; may be left out for 14, 17 (COCO) and 25 (BODY_25) keypoints. confidence:
    (frames, joints), 0..1; where it is 0 the position is not looked at. Skeletons with rotations: Motion.from_rotations(). The arrays are
    copied once, into the library. `info` is what generation reported, or {}.
    """

    _release = "momu_motion_destroy"
    info: dict[str, Any]

    def __init__(self, positions: Any, fps: float = DEFAULT_FPS, names: Sequence[str] | None = None, confidence: Any = None) -> None:
        expected = "(frames, joints, 3), or (frames, joints, 2) for keypoints"
        array = checked(positions, "positions", expected)
        if array.ndim != 3 or array.shape[2] not in (2, 3):
            raise ArgumentError(f"positions: the shape is {array.shape}; expected {expected}")
        arrays = {"positions": array}
        if confidence is not None:
            arrays["confidence"] = shaped(confidence, "confidence", array.shape[:2], "(frames, joints)")
        self._handle = _create("POSITIONS" if array.shape[2] == 3 else "KEYPOINTS", array.shape[0], array.shape[1], fps, names, arrays)
        self.info = {}

    @classmethod
    def from_rotations(cls, rotations: Any, root: Any, offsets: Any, parents: Any, fps: float, names: Sequence[str]) -> "Motion":
        """Motion on a skeleton. rotations: (frames, joints, 4) quaternions w x y z, parent to joint; root: (frames, 3), where joint 0 is,
        metres; offsets: (joints, 3) from the parent in the rest pose, metres; parents: (joints,), -1 for joint 0, else a joint before."""
        array = checked(rotations, "rotations", "(frames, joints, 4)")
        if array.ndim != 3 or array.shape[2] != 4:
            raise ArgumentError(f"rotations: the shape is {array.shape}; expected (frames, joints, 4)")
        frames, joints = array.shape[:2]
        arrays = {"rotations": array, "root": shaped(root, "root", (frames, 3), "(frames, 3)"),
                  "offsets": shaped(offsets, "offsets", (joints, 3), "(joints, 3)"),
                  "parents": shaped(parents, "parents", (joints,), "(joints,)", np.int32)}
        return cls._own(_create("JOINTS", frames, joints, fps, names, arrays), {})

    @classmethod
    def _own(cls, handle: Handle, info: dict[str, Any]) -> "Motion":
        made = cls.__new__(cls)
        made._handle, made.info = handle, info
        return made

    @classmethod
    def read(cls, path: Path, take: str | None = None) -> "Motion":
        """A motion file: BVH, GLB, NPZ, NPY. take: the animation, where a file holds several; None: the first."""
        box = native.box()
        call("momu_motion_read", path_bytes(path), None if take is None else take.encode(), box)
        return cls._own(Handle(native.unbox(box), cls._release), {})

    @classmethod
    def _from(cls, value: MotionLike) -> "Motion":
        """What a verb takes: a Motion, a path, an array at 60 frames a second, or (array, fps)."""
        if isinstance(value, Motion):
            return value
        if isinstance(value, (str, os.PathLike)):
            return cls.read(value)
        if isinstance(value, tuple) and len(value) == 2 and np.ndim(value[1]) == 0:
            return cls(*value)
        if isinstance(value, (np.ndarray, list)) or hasattr(value, "__array__"):
            return cls(value)
        raise TypeError(f"the motion is a {type(value).__name__}; expected a Motion, a path, an array, or (array, fps)")

    def write(self, path: Path, fps: float = 0, target: str | None = None, root: str = "world") -> None:
        """Writes .bvh, .glb or .npz. fps: frames a second in the file; 0: the motion's own. target: None, or the program that shall open it:
        "blender", "unreal", "unity", "maya" (names, units, axes), or for .npz "smpl" or "keypoints". root: where the travel over the ground
        is kept: "world" (in the first joint), "in-place" (nowhere) or "extracted" (in a joint "root" of its own)."""
        handle, options = self._open(), native.struct("momu_motion_write_options")
        native.set(options, "fps", real(fps, "fps"))
        native.set(options, "target", _one_of("target", "none" if target is None else target, TARGETS))
        native.set(options, "root", _one_of("root", root, ROOTS))
        call("momu_motion_write", handle.address, path_bytes(path), options)

    def retarget(self, figure: "Motion | Path") -> "Motion":
        """The dance on another figure: a Motion, or a motion file, of the skeleton that shall dance, whose rest pose is upright."""
        handle, other, box = self._open(), Motion._from(figure)._open(), native.box()
        call("momu_motion_retarget", handle.address, other.address, box)
        return Motion._own(Handle(native.unbox(box), self._release), {})

    @property
    def kind(self) -> str:
        """"joints", "positions" or "keypoints"."""
        return KINDS[self._ask("momu_motion_get_kind")]

    @property
    def frames(self) -> int:
        return self._ask("momu_motion_frames")

    @property
    def joints(self) -> int:
        return self._ask("momu_motion_joints")

    @property
    def fps(self) -> float:
        """Frames a second."""
        return self._ask("momu_motion_fps")

    @property
    def seconds(self) -> float:
        return self._ask("momu_motion_seconds")

    @property
    def joint_names(self) -> list[str]:
        handle = self._open()
        return [native.call("momu_motion_joint_name", handle.address, joint).decode() for joint in range(self.joints)]

    @property
    def parents(self) -> np.ndarray:
        """(joints,) int32, -1 for a root."""
        handle = self._open()
        return np.array([native.call("momu_motion_joint_parent", handle.address, joint) for joint in range(self.joints)], dtype=np.int32)

    def _array(self, name: str, *shape: int) -> Any:
        handle = self._open()
        return view(handle, native.call("momu_motion_" + name, handle.address), shape)

    @property
    def positions(self) -> np.ndarray:
        """(frames, joints, 3) metres, or (frames, joints, 2) for keypoints; float32, read-only, the library's own memory."""
        return self._array("positions", self.frames, self.joints, 2 if self.kind == "keypoints" else 3)

    @property
    def rotations(self) -> np.ndarray | None:
        """(frames, joints, 4) quaternions w x y z, parent to joint; None without a skeleton."""
        return self._array("rotations", self.frames, self.joints, 4)

    @property
    def root(self) -> np.ndarray | None:
        """(frames, 3) where joint 0 is, metres; None without a skeleton."""
        return self._array("root", self.frames, 3)

    @property
    def offsets(self) -> np.ndarray | None:
        """(joints, 3) from the parent in the rest pose, metres; None without a skeleton."""
        return self._array("offsets", self.joints, 3)

    @property
    def confidence(self) -> np.ndarray | None:
        """(frames, joints) 0..1; None where all is certain."""
        return self._array("confidence", self.frames, self.joints)

    def beats(self, model: Model | None = None) -> Beats:
        """The musical beats of a dance by the model's beat tracker where it has one, else its kinematic beats: the moments at which it brakes."""
        return Beats._of("momu_motion_beats", self._open(), model)

    def __repr__(self) -> str:
        return "Motion(closed)" if self.closed else f"Motion({self.seconds:.2f} s, {self.joints} joints at {self.fps:g} fps, {self.kind})"
