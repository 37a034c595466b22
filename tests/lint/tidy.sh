#!/bin/sh
# clang-tidy with .clang-tidy over what a build compiles of lib, train and tools; prints what it
# found, less the false alarms of tidy_known.txt. Status 0: nothing, 1: something, 77: no
# clang-tidy. About 8 minutes of processor time, 2 of them for lib; two jobs halve it.
#   tests/lint/tidy.sh BUILD [JOBS [REGEX]]     REGEX picks files: '/lib/dsp/'
set -eu
repo=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:?usage: tidy.sh BUILD [JOBS [REGEX]]} jobs=${2:-2} files=${3:-/(lib|train|tools)/}
[ -f "$build/compile_commands.json" ] || {
    echo "tidy.sh: $build/compile_commands.json: no such file; expected a folder of meson setup" >&2
    exit 2
}
tidy=$(command -v run-clang-tidy || command -v run-clang-tidy-14 || :)
[ -n "$tidy" ] || {
    echo "tidy.sh: run-clang-tidy is not installed (Debian: clang-tidy)" >&2
    exit 77
}
found=$(mktemp)
trap 'rm -f "$found"' EXIT
# -clang-diagnostic-*: the build has the compiler's warnings, and some of its flags are gcc's.
"$tidy" -p "$build" -quiet -j "$jobs" -checks=-clang-diagnostic-* "$files" >"$found" 2>/dev/null || :
ran=$(grep -c 'clang-tidy.* -p' "$found" || :)
[ "$ran" -gt 0 ] || {
    echo "tidy.sh: no file of $build matches $files" >&2
    exit 2
}
# one line a finding, from the repository's root; a header's is found again for each file
esc=$(printf '\033')
sed "s/$esc\[[0-9;]*m//g" "$found" | grep -E '(warning|error): ' |
    sed -e "s#$repo/##" -e 's#^[^ :]*/\.\./##' -e 's#^\(\.\./\)*##' | sort -u >"$found.list" || :
trap 'rm -f "$found" "$found.list" "$found.known"' EXIT
# Lines move: a false alarm is known by its file, its check and words of its message.
grep -v '^#' "$repo/tests/lint/tidy_known.txt" | while read -r file check words; do
    grep -E "^$file:.*\[$check\]\$" "$found.list" | grep -F "$words" || :
done >"$found.known"
grep -vxF -f "$found.known" "$found.list" >"$found" || :
mv "$found" "$found.list"
cat "$found.list"
count=$(wc -l <"$found.list")
echo "tidy.sh: $count findings in $ran files"
[ "$count" -eq 0 ]
