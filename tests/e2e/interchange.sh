#!/bin/sh
# Dances for other programs: momu convert and momu retarget, file to file. $3 examples/data
data=$(realpath "$3") || exit 1
rules=$(realpath "$(dirname "$0")/glb_rules.py") || exit 1
. "$(dirname "$0")/common.sh"
dance=$data/dance.bvh

# has FILE PATTERN: the file has a line like that
has() {
    grep -aEq -- "$2" "$1"
}
# fails STATUS WORDS COMMAND...: ends with the status and says so in one sentence
fails() {
    status=$1 words=$2
    shift 2
    "$@" >out 2>err
    [ $? -eq "$status" ] && [ "$(wc -l <err)" -eq 1 ] && grep -q -- "$words" err
}

must "the example is there" test -f "$dance"
for program in blender unreal unity maya; do
    for root in world in-place extracted; do
        for format in bvh glb; do
            check "$program, $root, $format" "$momu" convert "$dance" --for $program --root $root --fps 30 -o $program-$root.$format >/dev/null
        done
    done
done
check "Blender's names" has blender-world.bvh 'JOINT thigh\.L$'
check "Unreal's names" has unreal-world.bvh 'JOINT thigh_l$'
check "Unity's names" has unity-world.bvh 'JOINT LeftUpperLeg$'
check "HumanIK's names" has maya-world.bvh 'JOINT LeftUpLeg$'
check "ends go with their joints" sh -c '! grep -q "_end" maya-world.bvh'
check "an extracted root" has unreal-extracted.bvh '^ROOT root$'
check "its child moves too" sh -c '[ "$(grep -c "CHANNELS 6" unreal-extracted.bvh)" = 2 ]'
check "one joint moves otherwise" sh -c '[ "$(grep -c "CHANNELS 6" unreal-world.bvh)" = 1 ]'
# A thigh is 41 cm: of the four presets two say so in metres, and Unreal's hangs along Z.
shin() {
    awk '$2 == "'"$2"'" { found = 1 } found && $1 == "OFFSET" { print $'"$3"'; exit }' "$1"
}
check "metres, Y up" within "$(shin blender-world.bvh shin.L 3)" -0.41 0.01
check "metres for Unity" within "$(shin unity-world.bvh LeftLowerLeg 3)" -0.41 0.01
check "centimetres for Maya" within "$(shin maya-world.bvh LeftLeg 3)" -41 1
check "centimetres, Z up" within "$(shin unreal-world.bvh calf_l 4)" -41 1

# What is read again is the same dance: its beats are the same, to the millisecond that is printed.
"$momu" convert "$dance" --fps 30 -o plain.npz >/dev/null
"$momu" beats plain.npz >plain.beats
for file in blender-world.bvh unreal-extracted.bvh unity-world.glb maya-extracted.glb unreal-world.bvh; do
    "$momu" beats $file >file.beats
    check "$file has the same beats" cmp -s plain.beats file.beats
done
check "SMPL's arrays" "$momu" convert "$dance" --for smpl -o smpl.npz >/dev/null
check "they are read again" "$momu" convert smpl.npz -o smpl.bvh >/dev/null
check "keypoints" "$momu" convert "$dance" --for keypoints -o keypoints.npz >/dev/null

check "retarget to another character" "$momu" retarget "$dance" --skeleton unity-world.glb --for maya -o retargeted.bvh >/dev/null
check "with the character's bones and the names asked for" has retargeted.bvh 'JOINT LeftUpLeg$'
check "retarget to a character with a root" "$momu" retarget "$dance" --skeleton unreal-extracted.glb -o retargeted.glb >/dev/null

if command -v python3 >/dev/null 2>&1; then
    check "the rules of glTF" python3 "$rules" ./*.glb >rules
    check "all twelve, and the retargeted one" sh -c '[ "$(wc -l <rules)" = 13 ]'
fi

must "model-new" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
check "joint as GLB" "$momu" joint --model tiny.safetensors --seconds 2 --steps 1 --format glb --for unity -o pair >/dev/null
check "which is there" test -s pair.glb
check "music-to-motion as GLB" "$momu" music-to-motion pair.wav --model tiny.safetensors --steps 1 --root in-place -o dance.glb >/dev/null

check "a model of bytes" "$momu" convert tiny.safetensors --weights int8 -o bytes.safetensors >/dev/null
check "is smaller" sh -c '[ "$(($(wc -c <bytes.safetensors) * 3))" -lt "$(wc -c <tiny.safetensors)" ]'
check "and works" "$momu" joint --model bytes.safetensors --seconds 1 --steps 1 -o bytes >/dev/null
check "as bf16 too" "$momu" convert tiny.safetensors --weights bf16 -o half.safetensors >/dev/null
check "an unknown kind of weights" fails 2 'f32, bf16 or int8' "$momu" convert tiny.safetensors --weights int4 -o x.safetensors
check "weights of a dance" fails 2 'for models' "$momu" convert "$dance" --weights int8 -o x.bvh
check "an unknown program" fails 2 'blender, unreal' "$momu" convert "$dance" --for godot -o x.bvh
check "an unknown root" fails 2 'in-place' "$momu" convert "$dance" --root none -o x.bvh
check "arrays for a program" fails 2 'for unity' "$momu" convert "$dance" --for unity -o x.npz
check "an unknown extension" fails 2 '.bvh .glb .npz' "$momu" convert "$dance" -o x.fbx
check "no such folder" fails 2 'nowhere' "$momu" convert "$dance" -o nowhere/x.bvh
check "keypoints have no bones" fails 2 'positions alone' "$momu" convert keypoints.npz -o x.glb
check "keypoints cannot be retargeted" fails 2 'depth' "$momu" retarget keypoints.npz --skeleton "$dance" -o x.bvh
check "a character is needed" fails 2 'skeleton' "$momu" retarget "$dance" -o x.bvh
check "a character that is none" fails 2 'tiny' "$momu" retarget "$dance" --skeleton tiny.safetensors -o x.bvh
check "nothing was left" sh -c '! ls x.* >/dev/null 2>&1'
finish
