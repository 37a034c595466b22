#!/bin/sh
# Captured and hand-made motion as other people publish it, through a new tiny model. $MOMU_TEST_DATA; skipped where that is not.
archive=${MOMU_TEST_DATA:-/nowhere}/cmu/cmu_05_modern_dance.tar.xz
loops=${MOMU_TEST_DATA:-/nowhere}/loops/human-base-animations.glb
[ -f "$archive" ] && [ -f "$loops" ] || exit 77
archive=$(realpath "$archive") loops=$(realpath "$loops")
. "$(dirname "$0")/common.sh"

must "model-new" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
must "takes" tar -xJf "$archive"
for number in 05_02 05_10; do
    take=$(find . -name "$number.bvh")
    must "$number: motion-to-music" "$momu" motion-to-music --model tiny.safetensors --steps 1 --json "$take" -o $number.wav >$number.json
    set -- $("$probe" motion "$take")
    wanted=$(awk -v f="$1" -v r="$2" 'BEGIN { print 16000 * f / r }')
    set -- $("$probe" audio $number.wav)
    check "$number: as long as the take" within "$1" "$wanted" 1024
    check "$number: beats" "$momu" beats "$take" >text
done
must "GLB: a take by name" "$momu" motion-to-music --model tiny.safetensors --steps 1 --json "$loops" --take Dance_Loop -o loop.wav >loop.json
check "GLB: made" test -s loop.wav
"$momu" motion-to-music --model tiny.safetensors "$loops" --take NoSuchTake -o no.wav 2>error
check "GLB: an unknown take is refused" test $? -eq 2
check "GLB: and named" grep -q NoSuchTake error
finish
