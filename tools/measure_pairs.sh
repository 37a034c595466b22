#!/bin/sh
# How well a model does on a folder of pairs: both directions for each pair and as many joint generations, means of what
# the command measures.
#
#   tools/measure_pairs.sh MOMU MODEL PAIRS OUT
#
# agreement  F1 of the dance's kinematic beats against the music's tracked beats within 70 ms, one to one
# chance     the same at 20 random time offsets: what no synchronisation would give
# flatness   spectral flatness of the music (0 tones, 1 white noise), rms its level, skate: feet in stance, cm/s
set -eu
. "$(dirname "$0")/fail.sh"
[ $# -eq 4 ] || fail "usage: measure_pairs.sh MOMU MODEL PAIRS OUT"
momu=$1 model=$2 pairs=$3 out=$4
mkdir -p "$out"

# field NAME FILE...: the mean of a number in the results' JSON
mean() {
    name=$1
    shift
    cat "$@" | grep -o "\"$name\": [-0-9.e+]*" | awk '{ s += $2; n++ } END { if (n) printf "%.3f", s / n; else printf "-" }'
}
row() {
    label=$1
    shift
    echo "| $label | $(mean beat_agreement "$@") | $(mean beat_agreement_chance "$@") | $(mean flatness "$@") | $(mean rms "$@") |" \
        "$(mean skate_before "$@") | $(mean skate_after "$@") |"
}

number=0
for motion in "$pairs"/*.npz; do
    stem=$(basename "$motion" .npz)
    number=$((number + 1))
    doing "measuring $stem"
    "$momu" motion-to-music --model "$model" "$motion" --seed "$number" --quiet --json -o "$out/$stem.wav" >"$out/$stem.music.json"
    "$momu" music-to-motion --model "$model" "$pairs/$stem.flac" --seed "$number" --quiet --json -o "$out/$stem.bvh" \
        >"$out/$stem.motion.json"
    "$momu" joint --model "$model" --seconds 20 --seed "$number" --quiet --json -o "$out/joint-$stem" >"$out/$stem.joint.json"
done
doing "summing up"
echo "$number pairs"
echo "| | agreement | chance | flatness | rms | skate before the foot lock | after |"
echo "|---|---|---|---|---|---|---|"
row "motion to music" "$out"/*.music.json
row "music to motion" "$out"/*.motion.json
row "joint" "$out"/*.joint.json
