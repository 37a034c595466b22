#!/bin/sh
# Evaluates a model on pairs of takes and tracks that no training and no library of the corpus has (CMU 05_06, 05_13,
# 05_19; War of freedom, stg3, tt3). `momu corpus` makes them under names that belong to its test side; retrieval and
# Frechet distances take the other sides from CORPUS.
#
#   tools/held_out.sh MOMU MODEL MOVES MUSIC CORPUS OUT
#
# MOVES and MUSIC as for `momu corpus`. OUT/corpus/test has the pairs, OUT/report what was measured.
set -eu
. "$(dirname "$0")/fail.sh"
[ $# -eq 6 ] || fail "usage: held_out.sh MOMU MODEL MOVES MUSIC CORPUS OUT"
momu=$1 model=$2 moves=$3 music=$4 corpus=$(cd "$5" && pwd) out=$6
here=$(cd "$(dirname "$0")" && pwd)

# take NUMBER NAME...
take() {
    number=$1
    shift
    for name; do
        cp "$moves/cmu/05_$number.bvh" "$out/moves/cmu/$name.bvh"
    done
}
# track FILE NAME...: the names' hashes put one copy of each on the test side
track() {
    file=$(find "$music" -path "*$1" | head -n 1)
    [ -n "$file" ] || fail "no $1 under $music"
    shift
    for name; do
        mkdir -p "$out/music/$(dirname "$name")"
        cp "$file" "$out/music/$name"
    done
}

if [ ! -f "$out/corpus/corpus.json" ]; then
    doing "copying the takes and tracks that are held out"
    mkdir -p "$out/moves/cmu"
    take 06 05_04 05_01 05_08
    take 13 05_11 05_02 05_14
    take 19 05_18 05_03
    track 'War of freedom/song.ogg' sectoid/held-war-3/song.ogg sectoid/held-war-1/song.ogg
    track noiz2sa/sounds/stg3.ogg noiz2sa/sounds/held-stg-20.ogg noiz2sa/sounds/held-stg-1.ogg
    track torus-trooper/sounds/musics/tt3.ogg torus-trooper/musics/held-tt-18.ogg torus-trooper/musics/held-tt-1.ogg
    doing "making the corpus $out/corpus"
    "$momu" corpus --hours 3 --seed 3 --moves "$out/moves" --music "$out/music" --material motion-capture --real-share 1 --no-original \
        --out "$out/corpus"
    rm -rf "$out/corpus/train" "$out/corpus/validation"
    ln -s "$corpus/train" "$corpus/validation" "$out/corpus/"
fi
doing "evaluating $model"
"$momu" eval "$out/corpus" --model "$model" --networks "$here/../models" --pairs 12 --seconds 20 --quiet -o "$out/report"
