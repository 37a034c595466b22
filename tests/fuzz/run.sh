#!/bin/sh
# Fuzzes the readers: builds every libFuzzer target with clang, in a folder of its own, and runs each over its corpus and
# RUNS more inputs (default 200000). The last line is "N passed, N failed"; an input that fails is kept in FOLDER.
#
#   sh tests/fuzz/run.sh [RUNS] [FOLDER]        FOLDER: build-fuzz
#
# It needs what README.md beside it lists.
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-200000} folder=${2:-build-fuzz}
. tools/packages.sh # for $meson
passed=0 failed=0
mkdir -p "$folder"

sanitize=-fsanitize=fuzzer-no-link,address,undefined
[ -f "$folder/build.ninja" ] ||
    CC=clang $meson setup "$folder" -Dfuzzing=true -Db_lundef=false -Doptimization=1 -Ddebug=true \
        -Dc_args="$sanitize -fno-sanitize-recover=all" -Dwerror=false >"$folder/build.log" 2>&1 || {
    cat "$folder/build.log"
    echo "fuzz: the targets could not be set up; tests/fuzz/README.md names what they need" >&2
    exit 1
}
targets="fuzz_motion fuzz_sound fuzz_safetensors fuzz_json"
ninja -C "$folder" $(for t in $targets; do echo "tests/fuzz/$t"; done) >"$folder/build.log" 2>&1 || {
    cat "$folder/build.log"
    echo "fuzz: the targets could not be built" >&2
    exit 1
}

# fuzz TARGET MAX_LEN CORPUS...: a new folder takes what libFuzzer keeps, so that the corpus stays as it is
fuzz() {
    target=$1 length=$2
    shift 2
    found=$folder/found/$target
    mkdir -p "$found" "$folder/failed"
    begin=$(date +%s)
    if "$folder/tests/fuzz/$target" -runs="$runs" -seed=1 -max_len="$length" -timeout=10 -rss_limit_mb=2048 \
        -artifact_prefix="$folder/failed/$target-" -print_final_stats=0 "$found" "$@" >"$folder/$target.log" 2>&1; then
        echo "$target: $runs inputs, $(($(date +%s) - begin)) s"
    else
        tail -40 "$folder/$target.log"
        echo "$target: failed; the input is in $folder/failed"
        return 1
    fi
}

# All of them at once.
corpus=tests/fuzz/corpus jobs=
fuzz fuzz_motion 8192 $corpus/bvh $corpus/glb $corpus/npz $corpus/deepmimic &
jobs="$jobs $!"
fuzz fuzz_sound 8192 $corpus/sound &
jobs="$jobs $!"
fuzz fuzz_safetensors 8192 $corpus/safetensors &
jobs="$jobs $!"
fuzz fuzz_json 4096 $corpus/json &
jobs="$jobs $!"
for job in $jobs; do
    if wait "$job"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
