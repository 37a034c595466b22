#!/bin/sh
# The Python package, by one of its back ends. $3 libmomu.so, $4 bindings/python, $5 ctypes or cffi
library=$(realpath "$3") || exit 1
bindings=$(realpath "$4") || exit 1
backend=$5
. "$(dirname "$0")/common.sh"

# fit PYTHON: it has NumPy, and for cffi what compiles its module
fit() {
    "$1" -c 'import numpy' 2>/dev/null || return 1
    [ "$backend" = ctypes ] || "$1" -c 'import cffi, os, sysconfig; open(os.path.join(sysconfig.get_path("include"), "Python.h"))' 2>/dev/null
}
python=
for candidate in python3 /usr/bin/python3; do
    [ -n "$python" ] || { fit "$candidate" && python=$candidate; }
done
if [ -z "$python" ] || { [ "$backend" = cffi ] && ! command -v cc >/dev/null; }; then
    echo "skipped: $backend needs Python with NumPy, and cffi also the package cffi, Python.h and a C compiler"
    exit 77
fi

must "model-new" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$bindings:$work/cffi" MOMU_LIBRARY="$library" MOMU_MODEL="$work/tiny.safetensors" \
    MOMU_COMMAND="$momu" MOMU_BACKEND="$backend" OPENBLAS_NUM_THREADS=1
if [ -n "${MOMU_TEST_DATA:-}" ] && [ -d "$MOMU_TEST_DATA/aist/motions" ]; then
    export MOMU_AIST="$MOMU_TEST_DATA/aist"
fi
if [ "$backend" = cffi ]; then
    must "the module compiles" env MOMU_BACKEND=ctypes "$python" -m momu._cffi_build -o cffi
fi
check "unittest" sh -c 'cd "$1" && exec "$2" -m unittest discover -s tests -t .' sh "$bindings" "$python"
finish
