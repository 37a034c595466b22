#!/bin/sh
# The sdist: built from the folder, installed by pip where there is no network, and used with a library that stands elsewhere. $3 libmomu.so,
# $4 bindings/python
library=$(realpath "$3") || exit 1
bindings=$(realpath "$4") || exit 1
. "$(dirname "$0")/common.sh"
python=/usr/bin/python3
"$python" -c 'import numpy, setuptools, wheel, venv, ensurepip' 2>/dev/null ||
    { echo "skipped: $python needs NumPy, setuptools, wheel and venv (python3-numpy, python3-setuptools, python3-wheel, python3-venv)"; exit 77; }

must "model-new" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
# In a copy: setuptools leaves momu.egg-info behind.
cp -R "$bindings" source
rm -rf source/build source/*.egg-info
must "the sdist is built" sh -c 'cd source && exec "$1" -W error::DeprecationWarning -c "
import setuptools.build_meta as backend
backend.build_sdist(\"../out\")" >../build.log 2>&1' sh "$python"
tar -tzf out/momu-*.tar.gz >files.txt
for file in LICENSE README.md pyproject.toml momu/_cdef.h momu/py.typed momu/_verbs.py momu/convert/aist.py tests/test_verbs.py tests/__init__.py; do
    check "the sdist has $file" grep -q "^momu-[0-9.]*/$file\$" files.txt
done
check "no compiled files in it" sh -c '! grep -e "\.pyc" -e __pycache__ files.txt'

must "a virtual environment" "$python" -m venv --system-site-packages venv
must "it installs" venv/bin/pip install --quiet --no-index --no-build-isolation --no-deps out/momu-*.tar.gz
# Nothing but the environment, so that the source tree cannot lend a file.
bare() {
    env -i PATH="$work/venv/bin" HOME="$work" OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1 "$@"
}
check "the package is the installed one" sh -c 'case $1 in "$2"/venv/*) ;; *) exit 1 ;; esac' sh \
    "$(bare MOMU_LIBRARY="$library" python -c 'import momu; print(momu.__file__)')" "$work"

# Without a library the import fails, and the sentence says what to do.
if ! bare "$python" -c 'import ctypes; ctypes.CDLL("libmomu.so.0")' 2>/dev/null; then
    check "no library: no import" sh -c '! "$@" 2>error.txt' sh env -i PATH="$work/venv/bin" python -c 'import momu'
    check "and how to get it" grep -q 'ImportError: libmomu was not found .*: install libmomu .*MOMU_LIBRARY' error.txt
    # An installation in a prefix that the linker does not know: its command in PATH is enough.
    mkdir -p prefix/bin prefix/lib
    cp -L "$library" prefix/lib/libmomu.so.0
    cp "$momu" prefix/bin/momu
    check "the library of the command" env -i PATH="$work/venv/bin:$work/prefix/bin" HOME="$work" python -c 'import momu'
fi
cat >use.py <<'P'
import numpy as np
import momu
model = momu.load("tiny.safetensors")
song, dance = model.joint(1, steps=1)
assert model.motion_to_music(np.array(dance.positions), steps=1).seconds > 0.9
assert "<svg" in momu.Pair(song, dance)._repr_html_()
P
check "it generates" bare MOMU_LIBRARY="$library" python use.py
check "python -m momu" bare MOMU_LIBRARY="$library" MOMU_COMMAND="$momu" python -m momu --version

# Its own tests, as they lie in the sdist.
tar -xzf out/momu-*.tar.gz
check "its tests" sh -c 'cd momu-*/ && rm -rf momu && shift && exec "$@"' sh - env -i PATH="$work/venv/bin" HOME="$work" MOMU_LIBRARY="$library" \
    MOMU_MODEL="$work/tiny.safetensors" MOMU_COMMAND="$momu" OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1 \
    python -m unittest -q tests.test_objects tests.test_bad_input tests.test_verbs tests.test_keywords tests.test_declarations tests.test_notebook
[ $failures -eq 0 ] || tail -n 20 build.log error.txt >&2
finish
