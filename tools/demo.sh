#!/bin/sh
# The main job from a fresh clone: installs what is needed, builds, turns a dance into music, music into a dance, and
# generates both. Results lie in out/demo, the library and the command in out/momu; the last lines say what to type
# next and what was measured.
set -eu
. "$(dirname "$0")/fail.sh"
cd "$(dirname "$0")/.."
. tools/packages.sh
need_packages || fail "what is needed could not be installed"

build=build-demo out=out/demo prefix=$PWD/out/momu
mkdir -p $out
# logged WORDS COMMAND...: runs it, and shows what it said when it fails
logged() {
    words=$1
    shift
    echo "$words"
    "$@" >$out/log 2>&1 || { tail -n 40 $out/log >&2; fail "$words: '$*' failed"; }
}
if [ -f $build/build.ninja ]; then # a build folder of an older demo may have another prefix
    logged "Configuring" $meson configure $build --prefix="$prefix"
else
    logged "Configuring" $meson setup $build --prefix="$prefix" -Dtests=false -Dbuildtype=release
fi
logged "Building" $meson compile -C $build
logged "Installing into $prefix" $meson install -C $build
momu=$prefix/bin/momu

if [ -f models/default.safetensors ]; then
    model=models/default.safetensors
else
    model=$out/fresh.safetensors
    echo "There is no models/default.safetensors: fresh weights, whose results are noise."
    "$momu" model-new --preset tiny --seed 1 -o $model
fi
doing "reading $model"
"$momu" info $model

dance=examples/data/dance.bvh
song=examples/data/song.ogg
if [ ! -f $dance ] || [ ! -f $song ]; then
    echo "There is no $dance or $song: generated ones instead."
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

doing "making music for $dance"
echo "A dance into music: $dance"
"$momu" motion-to-music --model $model $dance --seed 1 --json -o $out/music.wav >$out/music.json
doing "making a dance for $song"
echo "Music into a dance: $song"
"$momu" music-to-motion --model $model $song --seed 1 --json -o $out/dance.bvh >$out/dance.json
doing "generating both"
echo "Both together"
"$momu" joint --model $model --seconds 12 --seed 1 --json -o $out/pair >$out/pair.json

# The command under its own name: on a machine of one's own by PATH; for root also by a link, where no other momu is.
link=/usr/local/bin/momu
echo
if [ "$(id -u)" -eq 0 ] && [ -w /usr/local/bin ] && [ ! -e $link ] && [ ! -h $link ] && ! command -v momu >/dev/null; then
    ln -s "$momu" $link
    echo "The command momu is on the PATH: $link, a link to $momu (rm $link takes it away)."
fi
if [ "$(realpath "$(command -v momu || echo /)")" != "$(realpath "$momu")" ]; then
    echo "To have the command momu in this shell, type:"
    echo "    export PATH=\"$prefix/bin:\$PATH\""
fi
echo "Then, for example:"
echo "    momu music-to-motion $song -o dance.bvh"
echo "    momu preview dance.bvh --audio $song -o page.html"

doing "summing up"
echo "The results:"
echo "$PWD/$out/music.wav and its dance: $(said $out/music.json)"
echo "$PWD/$out/pair.wav and $PWD/$out/pair.bvh: $(said $out/pair.json)"
echo "WAV: $PWD/$out/music.wav; BVH: $PWD/$out/dance.bvh, measured: $(said $out/dance.json)"
