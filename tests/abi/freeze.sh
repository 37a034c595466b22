#!/bin/sh
# freeze.sh FOLDER LIBRARY: begins a new frozen version, FOLDER, from the headers of this checkout and the library built from
# them. docs/abi.md says when.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/momu"
cp "$here"/../../include/momu/*.h "$1/momu/"
python3 "$here/layout.py" "$1" "${CC:-cc}" >"$1/layout.txt"
nm -D --defined-only "$2" | awk '$2 == "T" { print $3 }' | sed 's/@.*//' | LC_ALL=C sort >"$1/symbols.txt"
for name in $(sed -n 's/.*MOMU_API momu_status \(momu_[a-z_]*\)(.*/\1/p' "$1/momu/experimental.h"); do
    sed -i "/^$name\$/d" "$1/symbols.txt" # outside the promise
done
