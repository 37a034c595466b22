"""Imports a dance into Blender, from BVH and from GLB, and checks what came: joints, frames, duration, feet on the floor.

    momu music-to-motion song.ogg --fps 30 --for blender -o dance.bvh
    momu convert dance.bvh -o dance.glb
    blender --background --factory-startup --python-exit-code 1 --python blender_import.py -- dance.bvh dance.glb [scene.blend]

With a third name the scene is saved. Written for Blender 3.4 (Debian 12) and later.
"""
import builtins
import sys

import bpy

JOINTS = 22
FLOOR = (-0.05, 0.12)  # metres: how high the lowest joint may be while a foot stands


def patch_importers():
    """Debian 12's Blender 3.4 with Python 3.11 and NumPy 1.24: its BVH importer opens with the mode "rU", which is gone, and its glTF
    importer asks for numpy.bool, which is gone too."""
    plain_open = builtins.open
    builtins.open = lambda file, mode="r", *rest, **named: plain_open(file, mode.replace("U", ""), *rest, **named)
    try:
        import numpy
        if not hasattr(numpy, "bool"):
            numpy.bool = bool
    except ImportError:
        print("no NumPy: Blender's glTF importer needs it")


def load(path):
    """The armature that the file brings."""
    if path.lower().endswith(".bvh"):
        bpy.ops.import_anim.bvh(filepath=path, update_scene_fps=True, update_scene_duration=True)
    else:
        bpy.ops.import_scene.gltf(filepath=path)
    return next(thing for thing in bpy.context.selected_objects if thing.type == "ARMATURE")


def measure(armature):
    """(bones, seconds, height of the lowest joint in each frame)"""
    scene = bpy.context.scene
    first, last = (int(round(f)) for f in armature.animation_data.action.frame_range)
    bones = [bone for bone in armature.pose.bones if not bone.name.endswith("_end")]
    lowest = []
    for frame in range(first, last + 1):
        scene.frame_set(frame)
        lowest.append(min((armature.matrix_world @ bone.head).z for bone in bones))
    return bones, (last - first) / (scene.render.fps / scene.render.fps_base), lowest


def check(path, seconds):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bones, found, lowest = measure(load(path))
    standing = sorted(lowest)[len(lowest) // 2]
    print(f"CHECKED {path}: {len(bones)} joints, {len(lowest)} frames, {found:.2f} s, the lowest joint typically at {standing * 100:.1f} cm")
    assert len(bones) == JOINTS, f"{path}: {len(bones)} joints, expected {JOINTS}"
    assert seconds is None or abs(found - seconds) < 0.1, f"{path}: {found} s, expected {seconds}"
    assert FLOOR[0] < standing < FLOOR[1], f"{path}: the feet are not on the floor: {standing} m"
    return found


def main():
    files = sys.argv[sys.argv.index("--") + 1:]
    patch_importers()
    seconds = check(files[0], None)
    check(files[1], seconds)
    if len(files) > 2:
        bpy.ops.wm.save_as_mainfile(filepath=files[2])


main()
