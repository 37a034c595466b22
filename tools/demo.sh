#!/bin/sh
# The main job from a fresh clone: installs what is needed, builds, turns a dance into music, music into a dance, and invents both.
# Results lie in out/demo; the last lines say where and what was measured.
set -eu
cd "$(dirname "$0")/.."
. tools/packages.sh
need_packages

build=build-demo
[ -f $build/build.ninja ] || $meson setup $build -Dtests=false -Dbuildtype=release >/dev/null
echo "Building"
$meson compile -C $build >$build/demo.log 2>&1 || { tail -n 40 $build/demo.log; exit 1; }
momu=$PWD/$build/tools/momu
out=out/demo
mkdir -p $out

if [ -f models/default.safetensors ]; then
    model=models/default.safetensors
else
    model=$out/fresh.safetensors
    echo "There is no models/default.safetensors: fresh weights, whose results are noise."
    "$momu" model-new --preset tiny --seed 1 -o $model
fi
"$momu" info $model

dance=examples/data/dance.bvh
song=examples/data/song.ogg
if [ ! -f $dance ] || [ ! -f $song ]; then
    echo "There is no $dance or $song: invented ones instead."
    "$momu" joint --model $model --seconds 10 --seed 7 -o $out/example >/dev/null
    dance=$out/example.bvh
    song=$out/example.wav
fi

# field NAME FILE: a number of a result's JSON, to three digits
field() {
    sed -n "s/.*\"$1\": \([-0-9.e+]*\).*/\1/p" "$2" | awk '{ printf "%.3g", $1 }'
}
# said FILE: what was measured of a result
said() {
    skate=
    if grep -q '"motion":' "$1"; then skate=" foot skate $(field skate_after "$1") cm/s,"; fi
    echo "peak $(field peak "$1"), tempo $(field tempo "$1"),$skate" \
        "beats agree F1 $(field beat_agreement "$1") ($(field beat_agreement_chance "$1") by chance)"
}

echo "A dance into music: $dance"
"$momu" motion-to-music --model $model $dance --seed 1 --json -o $out/music.wav >$out/music.json
echo "Music into a dance: $song"
"$momu" music-to-motion --model $model $song --seed 1 --json -o $out/dance.bvh >$out/dance.json
echo "Both together"
"$momu" joint --model $model --seconds 12 --seed 1 --json -o $out/pair >$out/pair.json

echo "$PWD/$out/music.wav and its dance: $(said $out/music.json)"
echo "$PWD/$out/pair.wav and $PWD/$out/pair.bvh: $(said $out/pair.json)"
echo "WAV: $PWD/$out/music.wav; BVH: $PWD/$out/dance.bvh, measured: $(said $out/dance.json)"
