#!/bin/sh
# The default model on the project's own examples: music that is not silence, not clipped and not noise, a dance that is one.
# $3 the model, $4 examples/data; skipped where there is no model.
[ -f "$3" ] || exit 77
model=$(realpath "$3") || exit 1
data=$4
dance=$data/dance.bvh
song=$data/song.ogg
. "$(dirname "$0")/common.sh"

# between LOW VALUE HIGH
between() {
    awk -v l="$1" -v v="$2" -v h="$3" 'BEGIN { exit !(l <= v && v <= h) }'
}
# Behind the foot lock 0.1 to 1.3 cm/s were measured of the default model. The bound says that
# it does not get worse; a better model lowers it.
SKATE=10
# The training music, at 16 kHz: root mean square .11 to .43, spectral flatness .004 to .052 (white noise has .56). Three times as
# far to either side is still music.
sounds_like_music() {
    peak=$("$probe" json peak <"$2") rms=$("$probe" json rms <"$2") flatness=$("$probe" json flatness <"$2")
    check "$1: not clipped (peak $peak)" between 0.05 "$peak" 0.9999
    check "$1: not silent (rms $rms)" between 0.037 "$rms" 0.9
    check "$1: not noise, not one tone (flatness $flatness)" between 0.0013 "$flatness" 0.155
}

must "info" "$momu" info "$model" --json >info.json
for key in license training_data trained_by; do
    check "the info has its $key" test -n "$("$probe" json $key <info.json)"
done
must "joint" "$momu" joint --model "$model" --seconds 8 --seed 3 --json -o pair >pair.json
sounds_like_music "joint" pair.json
check "joint: feet stay put" between 0 "$("$probe" json skate_after <pair.json)" $SKATE
[ -f "$dance" ] || dance=pair.bvh
[ -f "$song" ] || song=pair.wav
must "motion-to-music" "$momu" motion-to-music --model "$model" "$dance" --seed 3 --json -o music.wav >music.json
sounds_like_music "music for a dance" music.json
set -- $("$probe" audio music.wav)
samples=$1
set -- $("$probe" motion "$dance")
check "music as long as the dance" within "$samples" "$(awk -v f="$1" -v r="$2" 'BEGIN { print 16000 * f / r }')" 1024
if [ "$("$probe" json classifies_genre <info.json)" = 1 ]; then
    check "a genre is found in the dance" test "$("$probe" json genre <music.json)" != none
    must "no genre" "$momu" motion-to-music --model "$model" "$dance" --genre none --steps 1 --json -o free.wav >free.json
    check "no genre is conditioned on" test "$("$probe" json genre <free.json)" = none
fi
if [ "$("$probe" json tracks_beats <info.json)" = 1 ]; then
    check "beats are found in the dance" between 0.25 "$("$probe" json beats_confidence <music.json)" 1
    check "and kept by its music" within "$("$probe" json tempo <music.json)" "$("$probe" json tempo_used <music.json)" 2
    must "free beats" "$momu" motion-to-music --model "$model" "$dance" --no-beat-tracking --steps 1 --json -o free.wav >free.json
    check "no beats are conditioned on" between 0 "$("$probe" json tempo_used <free.json)" 0
fi
must "music-to-motion" "$momu" music-to-motion --model "$model" "$song" --seed 3 --json -o dance.bvh >dance.json
[ "$("$probe" json tracks_beats <info.json)" = 0 ] ||
    check "beats are found in the song" between 0.25 "$("$probe" json beats_confidence <dance.json)" 1
check "a dance's feet stay put" between 0 "$("$probe" json skate_after <dance.json)" $SKATE
finish
