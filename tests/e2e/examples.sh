#!/bin/sh
# The programs in examples/, run as their first lines say. $3 where they were built, $4 examples, $5 the default model
built=$(realpath "$3") || exit 1
source=$(realpath "$4") || exit 1
model=$(realpath "$5" 2>/dev/null)
. "$(dirname "$0")/common.sh"
if [ ! -f "$model" ]; then
    "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
    model=$work/tiny.safetensors
fi
export MOMU_MODEL="$model"
song=$source/data/song.ogg
# Six seconds of song suffice for most.
must "a short song" "$momu" motion-to-music "$source/data/dance.bvh" --seconds 6 --steps 4 -o short.wav >/dev/null
must "a short dance" "$momu" music-to-motion short.wav --steps 4 -o short.bvh >/dev/null

# said FILE PATTERN: the program's output has such a line
said() {
    grep -q -- "$2" "$1" || { cat "$1" >&2; false; }
}

check "minimal" "$built/minimal" short.wav minimal.bvh
check "minimal made a dance" "$momu" beats minimal.bvh >/dev/null
check "dance_for_song" "$built/dance_for_song" short.wav dance.glb 7 >out
check "dance_for_song prints what was measured" said out 'seed 7, beats agree'
check "dance_for_song made a GLB with a root" grep -aq '"name":"root"' dance.glb
check "song_for_dance" "$built/song_for_dance" short.bvh song.wav
check "song_for_dance made a song" "$momu" beats song.wav >/dev/null
check "joint_loop" "$built/joint_loop" 2 loop 5 >out
check "joint_loop made two parts" test -s loop-1.wav -a -s loop-1.bvh -a -s loop-2.wav -a -s loop-2.bvh
check "joint_loop goes on" said out 'section 2: 8'
check "progress_cancel" "$built/progress_cancel" short.wav cancel.bvh >out 2>progress
check "progress_cancel was stopped by its callback" said out 'stopped by the callback: cancelled'
check "progress_cancel was stopped from elsewhere" said out 'stopped from elsewhere: cancelled'
check "progress_cancel went on" said out 'and then done: cancel.bvh'
check "threads" "$built/threads" short.wav many 3 >out
check "threads: the same seed gives the same bytes" said out '3 dances; seed 1 twice gave the same bytes'
check "game_loop" "$built/game_loop" "$song" 18 240 >out
check "game_loop danced" said out '[1-9][0-9]* frames danced'
if [ -x "$built/embed" ]; then
    check "embed" "$built/embed" short.wav embed.bvh >out
    check "embed caught what its callback threw" said out 'caught: thrown by the callback'
    check "embed caught a missing file" said out 'caught: no such file.wav'
fi
for program in minimal dance_for_song song_for_dance joint_loop progress_cancel threads game_loop; do
    "$built/$program" >out 2>err
    check "$program without arguments prints its usage" said err "^usage: $program"
done
check "a missing song is named" sh -c '! "$1" gone.ogg x.glb 2>err && grep -q gone.ogg err' sh "$built/dance_for_song"
check "minimal names the model that is missing" sh -c '! MOMU_MODEL=gone.safetensors "$1" short.wav x.bvh 2>err && grep -q gone.safetensors err' \
    sh "$built/minimal"
finish
