#!/bin/sh
# The Python binding, where there is Python with NumPy. $3 libmomu.so, $4 bindings/python
python3 -c 'import numpy' 2>/dev/null || exit 77
library=$(realpath "$3") || exit 1
bindings=$(realpath "$4") || exit 1
. "$(dirname "$0")/common.sh"
must "model-new" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
check "unittest" env PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$bindings" MOMU_LIBRARY="$library" MOMU_MODEL=tiny.safetensors \
    python3 -m unittest discover -s "$bindings" -p 'test_*.py'
finish
