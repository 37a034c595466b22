#!/bin/sh
# install.sh BUILD EXAMPLES: install into an empty prefix, then build and run an example outside the tree with nothing but
# pkg-config, against the shared and against the static library.
set -u
build=$1 examples=$2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
fail() { echo "$*" >&2; exit 1; }

# The meson that configured this build, where there are several.
meson=$(sed -n 's/^ command = \(.*\) --internal regenerate.*/\1/p' "$build/build.ninja" | head -n 1)
DESTDIR="$work/stage" ${meson:-meson} install -C "$build" --no-rebuild >"$work/log" 2>&1 || { cat "$work/log"; fail "meson install failed"; }
# The build's own prefix, moved: PKG_CONFIG_PATH says where it went.
pc=$(find "$work/stage" -name momu.pc)
[ -n "$pc" ] || fail "momu.pc was not installed"
root=$(sed -n 's/^prefix=//p' "$pc")
mv "$work/stage$root" "$prefix" || fail "nothing in $root"
sed -i "s|^prefix=.*|prefix=$prefix|" "$prefix/${pc#"$work/stage$root/"}"
PKG_CONFIG_PATH=$(dirname "$prefix/${pc#"$work/stage$root/"}")
export PKG_CONFIG_PATH
libdir=$(pkg-config --variable=libdir momu)

for file in include/momu/momu.h include/momu/version.h bin/momu share/man/man1/momu.1; do
    [ -e "$prefix/$file" ] || fail "$file was not installed"
done
[ -e "$libdir/libmomu.so" ] || fail "libmomu.so was not installed"
[ -e "$libdir/libmomu.a" ] || fail "libmomu.a was not installed"
[ "$(pkg-config --modversion momu)" = "$("$prefix/bin/momu" --version | sed 's/momu //')" ] || fail "versions differ"

mkdir "$work/outside" && cd "$work/outside" || exit 1
cp "$examples/song_for_dance.c" .
"$prefix/bin/momu" model-new --preset tiny --seed 1 -o tiny.safetensors || fail "model-new failed"
"$prefix/bin/momu" joint --model tiny.safetensors --seconds 1 --steps 1 -o pair >log || fail "joint failed"

# The default model is found wherever the prefix went: by the command, by a link to it, by a program with libmomu.so.
mkdir -p "$prefix/share/momu"
rm -f "$prefix/share/momu/default.safetensors"
cp tiny.safetensors "$prefix/share/momu/default.safetensors"
unset MOMU_MODEL
ln -s "$prefix/bin/momu" link
for command in "$prefix/bin/momu" ./link; do
    "$command" info | grep -q 'preset *tiny' || fail "$command does not find the default model of its prefix"
done
(PATH=$prefix/bin:$PATH && momu info | grep -q 'preset *tiny') || fail "momu on the PATH does not find the default model of its prefix"

cc=${CC:-cc}
$cc -std=c99 -Wall -Wextra -Wpedantic -Werror song_for_dance.c -o shared $(pkg-config --cflags --libs momu) ||
    fail "the example does not build against libmomu.so"
LD_LIBRARY_PATH=$libdir MOMU_MODEL=tiny.safetensors ./shared pair.bvh shared.wav || fail "the example does not run (shared)"
LD_LIBRARY_PATH=$libdir ./shared pair.bvh found.wav || fail "libmomu.so does not find the default model of its prefix"
cmp shared.wav found.wav || fail "libmomu.so found another default model than its prefix's"
[ -s shared.wav ] || fail "the example made no sound (shared)"

# Static: as in a prefix that has libmomu.a alone.
mkdir "$work/archive" && cp "$libdir/libmomu.a" "$work/archive"
# shellcheck disable=SC2046
$cc -std=c99 song_for_dance.c -o static $(pkg-config --cflags momu) -L"$work/archive" \
    $(pkg-config --static --libs momu | sed "s|-L$libdir||") ||
    fail "the example does not build against libmomu.a by pkg-config --static"
MOMU_MODEL=tiny.safetensors ./static pair.bvh static.wav || fail "the example does not run (static)"
ldd ./static | grep -q libmomu && fail "the static example needs libmomu.so"
cmp shared.wav static.wav || fail "shared and static library give different music"

# CMake, where there is one.
if command -v cmake >/dev/null; then
    cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.13)
project(outside C)
find_package(momu 0.1 REQUIRED)
add_executable(by_cmake song_for_dance.c)
target_link_libraries(by_cmake momu::momu)
add_executable(by_cmake_static song_for_dance.c)
target_link_libraries(by_cmake_static momu::momu_static)
END
    cmake -S . -B cmake-build -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="${cc##* }" >cmake.log 2>&1 &&
        cmake --build cmake-build >>cmake.log 2>&1 || { cat cmake.log; fail "a CMake project does not build"; }
    for program in by_cmake by_cmake_static; do
        MOMU_MODEL=tiny.safetensors "cmake-build/$program" pair.bvh "$program.wav" || fail "$program does not run"
        cmp shared.wav "$program.wav" || fail "$program gives different music"
    done
    sed -i 's/momu 0.1/momu 9.0/' CMakeLists.txt
    cmake -S . -B cmake-refused -DCMAKE_PREFIX_PATH="$prefix" >cmake.log 2>&1 && fail "CMake accepts another version"
    grep -q 'momu' cmake.log || fail "CMake does not say that momu's version differs"
else
    echo "no cmake: the CMake package was not tried"
fi
