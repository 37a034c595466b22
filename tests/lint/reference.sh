#!/bin/sh
# reference.sh SOURCE MOMU.1: the API reference comes from the headers without a warning, and the man page is one. Skipped where
# neither doxygen nor groff is installed.
set -u
source=$1 page=$(realpath "$2")
command -v doxygen >/dev/null 2>&1 || command -v groff >/dev/null 2>&1 || exit 77
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
if command -v doxygen >/dev/null 2>&1; then
    (cd "$source" && { cat docs/Doxyfile; echo "OUTPUT_DIRECTORY = $work"; } | doxygen - >"$work/log" 2>&1) || failed=1
    if [ -s "$work/log" ]; then
        cat "$work/log" >&2
        failed=1
    fi
    for word in momu_motion_to_music momu_joint_generate momu_motion_retarget MOMU_TARGET_UNREAL; do
        grep -rq "$word" "$work/html" || { echo "the reference does not mention $word" >&2; failed=1; }
    done
fi
if command -v groff >/dev/null 2>&1; then
    groff -ww -man -Tutf8 "$page" >"$work/page" 2>"$work/log" || failed=1
    if [ -s "$work/log" ]; then
        cat "$work/log" >&2
        failed=1
    fi
    grep -q 'the input is not to blame' "$work/page" || { echo "the man page is cut" >&2; failed=1; }
fi
exit $failed
