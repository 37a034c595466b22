#!/bin/sh
# Every block of code in README and docs. $3 libmomu.so, $4 the project, $5 the default model
command -v python3 >/dev/null 2>&1 || exit 77
here=$(realpath "$(dirname "$0")") library=$(realpath "$3") source=$(realpath "$4") model=$(realpath "$5" 2>/dev/null)
. "$(dirname "$0")/common.sh"
if [ ! -f "$model" ]; then
    "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
    model=$work/tiny.safetensors
fi
check "documents" env MOMU_MODEL="$model" python3 "$here/docs.py" "$source" "$momu" "$library" "$source/examples/data"
finish
