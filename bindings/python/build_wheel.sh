#!/bin/sh
# Builds the wheel: the library with kissfft, the command, what both are linked with, and the models.
#   sh bindings/python/build_wheel.sh [OUT]      makes OUT/momu-VERSION-py3-none-manylinux_GLIBC_ARCHITECTURE.whl (OUT: out)
# The build folder is build-wheel, or $MOMU_WHEEL_BUILD.
set -eu
root=$(realpath "$(dirname "$0")/../..")
out=$(realpath -m "${1:-out}")
cd "$root"
. tools/packages.sh
for program in ldd strip readelf dpkg; do
    command -v $program >/dev/null || { echo "build_wheel.sh: $program is not installed; Debian's packages are libc-bin, binutils and dpkg" >&2; exit 1; }
done
build=${MOMU_WHEEL_BUILD:-$root/build-wheel}
# An RPATH of the old kind holds for the libraries of libraries too, and goes before what the environment says.
[ -f "$build/build.ninja" ] || $meson setup "$build" -Dbuildtype=release -Dfft=kissfft -Dcorpus=false -Dtests=false \
    '-Dc_link_args=-Wl,--disable-new-dtags,-rpath,$ORIGIN' >/dev/null
$meson compile -C "$build" >"$build/wheel.log" 2>&1 || { tail -n 30 "$build/wheel.log" >&2; exit 1; }
exec python3 bindings/python/build_wheel.py "$build" "$out"
