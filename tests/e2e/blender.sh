#!/bin/sh
# A generated dance, as BVH and as GLB, opens in Blender with all its joints, its length, its mesh and its size. Skipped where
# there is no Blender.
command -v blender >/dev/null 2>&1 || exit 77
model=$(realpath "$4" 2>/dev/null)
examples=$(realpath "$3") || exit 1
. "$(dirname "$0")/common.sh"

must "model-new" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
must "joint" "$momu" joint --model tiny.safetensors --seconds 3 --steps 1 --fps 30 --for blender -o pair
must "the same as GLB" "$momu" convert pair.bvh -o pair.glb
cat >look.py <<'P'
import builtins, bpy
# Two things of Debian 12's Blender 3.4: its BVH importer opens with the mode "rU", which Python 3.11 no longer knows, and its
# glTF importer asks for numpy.bool, which NumPy 1.24 has dropped.
plain_open = builtins.open
builtins.open = lambda file, mode="r", *rest, **named: plain_open(file, mode.replace("U", ""), *rest, **named)


def look(name):
    scene = bpy.context.scene
    armature = next(o for o in scene.objects if o.type == "ARMATURE")
    first, last = armature.animation_data.action.frame_range
    fps = scene.render.fps / scene.render.fps_base
    high = 0
    for frame in range(int(first), int(last) + 1, 5):
        scene.frame_set(frame)
        high = max(high, max((armature.matrix_world @ bone.head).z for bone in armature.pose.bones))
    meshes = [o for o in scene.objects if o.type == "MESH"]
    faces = sum(len(mesh.data.polygons) for mesh in meshes)
    print("RESULT", name, len([b for b in armature.data.bones if not b.name.endswith("_end")]), round((last - first) / fps, 3), round(high, 3), faces)


bpy.ops.import_anim.bvh(filepath="pair.bvh", update_scene_fps=True, update_scene_duration=True)
look("bvh")
try:
    import numpy
    numpy.bool = bool
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.import_scene.gltf(filepath="pair.glb")
    look("glb")
except ImportError:
    print("NUMPY missing")
P
blender --background --factory-startup --python-exit-code 1 --python look.py >log 2>&1
check "Blender reads it" test $? -eq 0
[ "$failures" -eq 0 ] || tail -n 20 log >&2
for format in bvh glb; do
    [ $format = glb ] && grep -q '^NUMPY missing' log && continue
    set -- $(grep "^RESULT $format" log)
    check "$format: 22 bones (found ${3:-none})" test "${3:-0}" = 22
    check "$format: 3 s (found ${4:-none})" within "${4:-0}" 2.95 0.08
    # an untrained model's dancer may lie or stand, but is of a person's size
    check "$format: metres, Z up (found ${5:-none})" within "${5:-0}" 1.3 0.9
done
set -- $(grep "^RESULT glb" log)
[ -z "${6:-}" ] || check "the character is there (found $6 faces)" test "$6" -ge 150
# The example, with a dance that stands: the default model's where it is there, else the example dance.
if [ -f "$model" ]; then
    "$momu" music-to-motion "$examples/data/song.ogg" --model "$model" --fps 30 --for blender -o dance.bvh >/dev/null
else
    "$momu" convert "$examples/data/dance.bvh" --fps 30 --for blender -o dance.bvh >/dev/null
fi
"$momu" convert dance.bvh -o dance.glb >/dev/null
if ! grep -q '^NUMPY missing' log; then
    blender --background --factory-startup --python-exit-code 1 --python "$examples/blender_import.py" -- dance.bvh dance.glb >example 2>&1
    check "examples/blender_import.py" test $? -eq 0
    check "it has checked both" test "$(grep -c '^CHECKED' example)" = 2
    [ "$failures" -eq 0 ] || tail -n 20 example >&2
fi
finish
