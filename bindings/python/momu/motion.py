"""Motion."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal, Sequence, Union, get_args

import numpy as np

from . import _html
from ._arrays import address, checked, real, shaped, texts
from ._backend import constant, native
from ._context import call
from ._handle import Handle, Owned, path_bytes, view
from .audio import Path
from .beats import Beats
from .errors import ArgumentError

if TYPE_CHECKING:
    from .model import Model

# What the methods of Model take as a motion.
MotionLike = Union["Motion", Path, np.ndarray, "list[Any]", "tuple[Any, float]", "tuple[Any, float, Sequence[str]]"]
KINDS = {constant("MOMU_MOTION_" + kind.upper()): kind for kind in ("joints", "positions", "keypoints")}
DEFAULT_FPS = 60.0  # frames per second of arrays and files without a frame rate
# The joints of the canonical body, in the order in which the library's own motions have them.
BODY_JOINTS = ("pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2", "left_ankle", "right_ankle", "spine3",
               "left_foot", "right_foot", "neck", "left_collar", "right_collar", "head", "left_shoulder", "right_shoulder", "left_elbow",
               "right_elbow", "left_wrist", "right_wrist")
KEYPOINTS = (14, 17, 25)  # numbers of keypoints whose usual order the library knows
Target = Literal["none", "blender", "unreal", "unity", "maya", "smpl", "keypoints"]
RootMotion = Literal["world", "in-place", "extracted"]
TARGETS = {name: constant("MOMU_TARGET_" + name.upper()) for name in get_args(Target)}
ROOTS = {name: constant("MOMU_ROOT_" + name.upper().replace("-", "_")) for name in get_args(RootMotion)}


def _one_of(option: str, value: str, known: dict[str, int]) -> int:
    if value not in known:
        raise ArgumentError(f"{option} is {value!r}; expected one of {', '.join(known)}")
    return known[value]


def _is_array(value: Any) -> bool:
    return isinstance(value, (np.ndarray, list)) or hasattr(value, "__array__")


def _usual_names(joints: int, axes: int) -> Sequence[str] | None:
    """Names for an array that came without, by the number of its joints, as for motion files. None: the library fills them in."""
    if joints in KEYPOINTS:
        return None if axes == 2 else Motion(np.zeros((1, joints, 2))).joint_names
    if joints == len(BODY_JOINTS) and axes == 3:
        return BODY_JOINTS
    usual = f"{len(BODY_JOINTS)} (the body), " if axes == 3 else ""
    raise ArgumentError(f"names: none were given for {joints} joints, and only {usual}14, 17 (COCO) and 25 (BODY_25) have a usual order: "
                        "expected one name a joint, as in Motion(array, fps, names) or (array, fps, names)")


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
    """Motion, immutable, from positions (frames, joints, 3) in metres, Y up, or keypoints (frames, joints, 2), x right, y down.

    fps: frames per second, 1..1000; 60 if left out. names: one a joint; may be left out for 22 joints in space, which are then those of the
    canonical body (momu.BODY_JOINTS), and for 14, 17 (COCO) and 25 (BODY_25) keypoints. confidence: (frames, joints), 0..1; where it is 0
    the library ignores the position. For skeletons with rotations use Motion.from_rotations(). The library keeps one copy of the arrays.
    `info` is what generation reported, or {}.
    """

    _release = "momu_motion_destroy"
    info: dict[str, Any]

    def __init__(self, positions: Any, fps: float = DEFAULT_FPS, names: Sequence[str] | None = None, confidence: Any = None) -> None:
        expected = "(frames, joints, 3), or (frames, joints, 2) for keypoints"
        array = checked(positions, "positions", expected)
        if array.ndim != 3 or array.shape[2] not in (2, 3):
            raise ArgumentError(f"positions: the shape is {array.shape}; expected {expected}")
        if names is None:
            names = _usual_names(array.shape[1], array.shape[2])
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
        """Reads a motion file: BVH, GLB, NPZ, NPY. take: name of the animation, for a file of several; None: the first."""
        box = native.box()
        call("momu_motion_read", path_bytes(path), None if take is None else take.encode(), box)
        return cls._own(Handle(native.unbox(box), cls._release), {})

    @classmethod
    def _from(cls, value: MotionLike) -> "Motion":
        """What a method of Model takes: a Motion, a path, an array at 60 frames per second, (array, fps), or (array, fps, names)."""
        if isinstance(value, Motion):
            return value
        if isinstance(value, (str, os.PathLike)):
            return cls.read(value)
        if isinstance(value, tuple) and len(value) in (2, 3) and _is_array(value[0]):
            return cls(*value)
        if _is_array(value):
            return cls(value)
        raise TypeError(f"the motion is a {type(value).__name__}; expected a Motion, a path, an array, (array, fps), or "
                        "(array, fps, names)")

    def write(self, path: Path, fps: float = 0, target: Target | None = None, root: RootMotion = "world") -> None:
        """Writes .bvh, .glb or .npz.

        Args:
            fps: frames per second in the file, 1..1000. 0: the motion's own.
            target: the program that will open the file, whose names, units and axes it gets: "blender", "unreal", "unity" or "maya"; for
                .npz "smpl" or "keypoints". None: the library's own.
            root: where the file has the travel over the ground: "world" (in the first joint), "in-place" (nowhere) or "extracted" (in a
                separate joint "root").
        """
        handle, options = self._open(), native.struct("momu_motion_write_options")
        native.set(options, "fps", real(fps, "fps"))
        native.set(options, "target", _one_of("target", "none" if target is None else target, TARGETS))
        native.set(options, "root", _one_of("root", root, ROOTS))
        call("momu_motion_write", handle.address, path_bytes(path), options)

    def retarget(self, character: "Motion | Path") -> "Motion":
        """Retargets the dance to another character: a Motion or a motion file of its skeleton, whose rest pose is upright."""
        handle, other, box = self._open(), Motion._from(character)._open(), native.box()
        call("momu_motion_retarget", handle.address, other.address, box)
        return Motion._own(Handle(native.unbox(box), self._release), {})

    @property
    def kind(self) -> str:
        """"joints", "positions" or "keypoints"."""
        return KINDS[self._ask("momu_motion_get_kind")]

    @property
    def frames(self) -> int:
        return self._ask("momu_motion_get_frames")

    @property
    def joints(self) -> int:
        return self._ask("momu_motion_get_joints")

    @property
    def fps(self) -> float:
        """Frames per second."""
        return self._ask("momu_motion_get_fps")

    @property
    def seconds(self) -> float:
        return self._ask("momu_motion_get_seconds")

    @property
    def joint_names(self) -> list[str]:
        handle = self._open()
        return [native.call("momu_motion_get_joint_name", handle.address, joint).decode() for joint in range(self.joints)]

    @property
    def parents(self) -> np.ndarray:
        """(joints,) int32, -1 for a root."""
        handle = self._open()
        return np.array([native.call("momu_motion_get_joint_parent", handle.address, joint) for joint in range(self.joints)], dtype=np.int32)

    def _array(self, name: str, *shape: int) -> Any:
        handle = self._open()
        return view(handle, native.call("momu_motion_get_" + name, handle.address), shape)

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
        """(frames, joints) 0..1; None: all 1."""
        return self._array("confidence", self.frames, self.joints)

    def beats(self, model: Model | None = None) -> Beats:
        """The musical beats of a dance by the model's beat tracker where it has one, else its kinematic beats: the times at which it decelerates."""
        return Beats._of("momu_motion_beats", self._open(), model)

    def __repr__(self) -> str:
        return "Motion(closed)" if self.closed else f"Motion({self.seconds:.2f} s, {self.joints} joints at {self.fps:g} fps, {self.kind})"

    def _repr_html_(self) -> str:
        return _html.motion(self)
