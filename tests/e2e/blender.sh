#!/bin/sh
# A generated dance opens in Blender with all its joints and its length. Skipped where there is no Blender.
command -v blender >/dev/null 2>&1 || exit 77
. "$(dirname "$0")/common.sh"

must "model-new" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
must "joint" "$momu" joint --model tiny.safetensors --seconds 3 --steps 1 --fps 30 -o pair
cat >look.py <<'P'
import builtins, bpy
# Blender 3.4's importer opens with the mode "rU", which Python 3.11 (both as in Debian 12) no longer knows.
plain_open = builtins.open
builtins.open = lambda file, mode="r", *rest, **named: plain_open(file, mode.replace("U", ""), *rest, **named)
bpy.ops.import_anim.bvh(filepath="pair.bvh", update_scene_fps=True, update_scene_duration=True)
armature = bpy.context.object
first, last = armature.animation_data.action.frame_range
print("RESULT", len(armature.data.bones), int(last - first + 1), round(bpy.context.scene.render.fps / bpy.context.scene.render.fps_base, 3))
P
blender --background --factory-startup --python-exit-code 1 --python look.py >log 2>&1
check "Blender reads it" test $? -eq 0
[ "$failures" -eq 0 ] || tail -n 20 log >&2
set -- $(grep '^RESULT' log)
check "22 bones (found ${2:-none})" test "${2:-0}" = 22
check "90 frames (found ${3:-none})" within "${3:-0}" 90 2
check "30 frames a second (found ${4:-none})" within "${4:-0}" 30 0.05
finish
