#!/bin/sh
# The wheel: built by its one command, installed where there is neither a compiler nor the system's copy of what is inside, and used. $3 the
# source tree
root=$(realpath "$3") || exit 1
. "$(dirname "$0")/common.sh"
python=/usr/bin/python3
for program in dpkg strip objdump; do
    command -v $program >/dev/null || { echo "skipped: $program is not installed"; exit 77; }
done
pkg-config --exists kissfft-float || { echo "skipped: kissfft (libkissfft-dev) is not installed"; exit 77; }
[ -f "$root/models/default.safetensors" ] || { echo "skipped: there is no default model"; exit 77; }
"$python" -c 'import numpy, venv, ensurepip' 2>/dev/null || { echo "skipped: $python has no NumPy, or no venv"; exit 77; }

must "the wheel is built" env MOMU_WHEEL_BUILD="${MOMU_WHEEL_BUILD:-$work/build}" sh "$root/bindings/python/build_wheel.sh" "$work/out"
# Its tag is the glibc that its binaries ask for, and the same in its name and inside.
wheel=$(basename out/*.whl)
glibc=$(mkdir -p unpacked && "$python" -m zipfile -e "out/$wheel" unpacked && objdump -T unpacked/momu/bundle/*.so.* unpacked/momu/bundle/command |
    sed -n 's/.*[( ]GLIBC_\(2\.[0-9]*\).*/\1/p' | sort -uV | tail -n 1 | tr . _)
check "the tag is that of glibc $glibc" test "$wheel" = "momu-$(sed -n 's/.*MOMU_VERSION_STRING "\([^"]*\)".*/\1/p' "$root/include/momu/version.h")-py3-none-manylinux_${glibc}_$(uname -m).whl"
check "the tag inside" grep -qx "Tag: py3-none-manylinux_${glibc}_$(uname -m)" unpacked/momu-*.dist-info/WHEEL
must "a virtual environment" "$python" -m venv --system-site-packages "$work/venv"
must "it installs" "$work/venv/bin/pip" install --quiet --no-index --no-deps out/*.whl

# Nothing but the environment: no compiler, no library path, no variables.
bare() {
    env -i PATH="$work/venv/bin" HOME="$work" LD_BIND_NOW=1 OPENBLAS_NUM_THREADS=1 "$@"
}
inside=$(bare python -c 'import momu._library as l; print(l.BUNDLE)')
case $inside in "$work/venv/"*) ;; *) bad "the package comes from $inside" ;; esac

# Everything that the two binaries load is the wheel's, or glibc's.
for binary in libmomu.so.0 command; do
    bare LD_TRACE_LOADED_OBJECTS=1 /lib64/ld-linux-x86-64.so.2 --list "$inside/$binary" >"loaded-$binary.txt"
    check "$binary finds its libraries" test $? -eq 0
    check "$binary loads much" grep -q "$inside/momsndfile" "loaded-$binary.txt"
    grep -v -e "=> $inside/" -e 'linux-vdso' -e 'ld-linux' -e 'lib[cm]\.so\.6 ' -e 'lib\(pthread\|dl\|rt\)\.so' "loaded-$binary.txt" && bad "$binary loads what is not inside"
done
check "no library without its licence" sh -c 'cd "$1" && for l in *.so.*; do [ "$l" = libmomu.so.0 ] || grep -q "^$l: " LICENSES/README || exit 1; done' sh "$inside"
check "nothing of FFTW, FluidSynth or LAME" sh -c '! ls "$1" | grep -i -e fftw -e fluid -e mp3lame' sh "$inside"
check "kissfft" bare python -c 'from momu._backend import native; import sys; sys.exit(native.call("momu_capability", b"fft") != b"kissfft")'

cat >use.py <<'P'
import os
import numpy as np
import momu
from momu._library import BUNDLE

model = momu.load()
assert model.info["preset"] != "tiny", model
audio, dance = model.joint(2, seed=1, steps=4)
assert np.isfinite(audio.samples).all() and np.abs(audio.samples).max() > 0.01
audio.write("music.flac")
audio.write("music.ogg")
assert abs(momu.Audio.read("music.ogg").seconds - 2) < 0.1
dance.write("dance.bvh")
assert model.motion_to_music("dance.bvh", steps=2).seconds > 1.9
with open("/proc/self/maps") as file:
    mapped = {line.split()[-1] for line in file if "momu" in line and ".so" in line}
with open("loaded-libmomu.so.0.txt") as file:
    needed = {os.path.basename(line.split()[2]) for line in file if " => " + BUNDLE in line}
assert len(needed) > 5, needed
for name in needed | {"libmomu.so.0"}:
    assert any(os.path.samefile(path, os.path.join(BUNDLE, name)) for path in mapped), name
P
check "it generates with the default model, every library from the wheel" bare python use.py
check "python -m momu" sh -c 'test "$("$@")" = "momu $(sed -n "s/.*MOMU_VERSION_STRING \"\([^\"]*\)\".*/\1/p" '"$root"'/include/momu/version.h)"' sh \
    env -i PATH="$work/venv/bin" python -m momu --version
check "the script momu, with the default model" bare momu joint --seconds 2 --steps 2 --quiet -o pair
check "it left a song and a dance" test -s pair.wav -a -s pair.bvh
bare MOMU_BACKEND=cffi python -c 'import momu' >out.txt 2>error.txt
check "the other back end says how it is made" grep -q 'python -m momu._cffi_build' error.txt
# Where there are cffi and a compiler, its module is made from what the wheel has.
if "$python" -c 'import cffi, os, sysconfig; open(os.path.join(sysconfig.get_path("include"), "Python.h"))' 2>/dev/null && command -v cc >/dev/null; then
    check "the other back end is made" env -i PATH="$work/venv/bin:$PATH" python -m momu._cffi_build
    check "it is used" bare MOMU_BACKEND=cffi python -c 'import momu, sys; sys.exit(momu.backend != "cffi" or momu.load().joint(1, steps=1)[0].seconds < 0.9)'
fi

# The package's own tests, on what was installed.
cp -R "$root/bindings/python/tests" .
must "model-new" bare momu model-new --preset tiny --seed 1 -o tiny.safetensors
check "its tests" bare MOMU_MODEL="$work/tiny.safetensors" PYTHONDONTWRITEBYTECODE=1 python -m unittest tests.test_objects tests.test_bad_input \
    tests.test_verbs tests.test_threads tests.test_declarations tests.test_keywords tests.test_notebook
finish
