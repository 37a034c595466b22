#!/bin/sh
# symbols.sh SHARED STATIC LIST: the shared library exports exactly the symbols of LIST, the static one defines no
# external name that does not begin with momu_ or momui_, and neither can end the program that it is part of.
set -u
shared=$1 static=$2 list=$3
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export LC_ALL=C
failed=0

nm -D --defined-only "$shared" | awk '$2 != "A" { print $3 }' | sed 's/@.*//' | sort >"$work/exported"
grep -v '^#' "$list" | sort >"$work/expected"
if ! diff -u "$work/expected" "$work/exported"; then
    echo "The exported symbols are not those of $list (+ is new, - is gone)." >&2
    failed=1
fi

nm --defined-only --extern-only "$static" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u >"$work/static"
if [ ! -s "$work/static" ]; then
    echo "$static holds no symbols." >&2
    failed=1
fi
# What the compiler adds for its sanitizers is not ours.
if grep -v -E '^(momui?_|__asan_|__odr_asan|__ubsan|__tsan|__sancov|__start_|__stop_)' "$work/static"; then
    echo "$static defines the names above, which begin with neither momu_ nor momui_." >&2
    failed=1
fi

nm -D --undefined-only "$shared" | awk '{ print $NF }' | sed 's/@.*//' | sort -u >"$work/needed"
if grep -x -E 'abort|exit|_exit|__assert_fail|printf|puts|putchar|vprintf|perror|srand|rand|setlocale|openblas_set_num_threads' \
    "$work/needed"; then
    echo "$shared calls the functions above: it must neither end, print nor change its host's settings." >&2
    failed=1
fi
exit $failed
