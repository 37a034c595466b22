#!/bin/sh
# Everything that is tested: builds with gcc and clang without a warning, all suites, the sanitizers, a fuzz run of every
# reader and clang-tidy. The last line is "N passed, N failed, N skipped"; the exit status is 0 when nothing failed.
#   tools/test.sh          all of it
#   tools/test.sh quick    gcc and its suites alone
#   tools/test.sh fast     gcc and its suite `fast` alone
set -u
. "$(dirname "$0")/fail.sh"
cd "$(dirname "$0")/.." || fail "cannot enter the checkout"
. tools/packages.sh
doing="testing"
part=${1:-all}
case $part in
all | quick | fast) ;;
*) fail "$part: expected quick, fast or nothing" ;;
esac
more="xz-utils musescore-general-soundfont-small python3-numpy python3-cffi python3-dev python3-venv python3-pip libkissfft-dev cmake libmp3lame-dev" # the last: Debian's sndfile.pc names it for static linking
[ "$part" != all ] || more="$more clang clang-tidy libclang-rt-14-dev valgrind doxygen groff-base chromium blender ffmpeg"
if ! need_packages $more; then
    trap - EXIT
    echo "FAILED: what is needed could not be installed"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi

passed=0 failed=0 skipped=0
# Keeps OpenBLAS from starting threads of its own: tests run side by side.
export OPENBLAS_NUM_THREADS=1

# build NAME SETUP...: configures and compiles build-test-NAME, or only $targets of it; a failure counts as one.
targets=
build() {
    folder=build-test-$1
    shift
    if [ ! -f "$folder/build.ninja" ]; then
        rm -rf "$folder"
        if ! $meson setup "$folder" "$@" >"$folder.log" 2>&1; then
            tail -n 30 "$folder.log"
            echo "FAILED: meson setup $folder"
            failed=$((failed + 1))
            return 1
        fi
    fi
    echo "== building $folder"
    if ! $meson compile -C "$folder" $targets >"$folder/compile.log" 2>&1; then
        grep -E 'error|warning|FAILED' "$folder/compile.log" | head -n 30
        tail -n 10 "$folder/compile.log"
        echo "FAILED: $folder does not compile"
        failed=$((failed + 1))
        return 1
    fi
    passed=$((passed + 1))
}

# number LABEL: what meson's summary says behind it
number() {
    sed -n "s/^$1: *\([0-9]*\) *$/\1/p" "$folder/test.log" | tail -n 1
}

# suites ARGUMENTS...: runs tests of the folder that was built last
suites() {
    echo "== testing $folder $*"
    $meson test -C "$folder" --no-rebuild --print-errorlogs "$@" >"$folder/test.log" 2>&1
    status=$?
    good=$(number Ok) bad=$(number Fail) late=$(number Timeout) odd=$(number 'Unexpected Pass') left=$(number Skipped)
    bad=$((${bad:-0} + ${late:-0} + ${odd:-0}))
    if [ -z "$good" ]; then
        good=0 bad=1
    fi
    [ $status -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + ${left:-0}))
    echo "   $good passed, $bad failed, ${left:-0} skipped"
    [ "$bad" -eq 0 ] || sed -n '/FAIL\|TIMEOUT\|ERROR\|FAILED\|stderr/p' "$folder/test.log" | head -n 60
}

# fuzz: every reader over its corpus and 200,000 inputs more
fuzz() {
    echo "== fuzzing build-test-fuzz"
    sh tests/fuzz/run.sh 200000 build-test-fuzz >build-test-fuzz.log 2>&1
    status=$?
    good=$(sed -n 's/^\([0-9]*\) passed, [0-9]* failed$/\1/p' build-test-fuzz.log | tail -n 1)
    bad=$(sed -n 's/^[0-9]* passed, \([0-9]*\) failed$/\1/p' build-test-fuzz.log | tail -n 1)
    [ $status -eq 0 ] || [ "${bad:-0}" -gt 0 ] || bad=1
    passed=$((passed + ${good:-0})) failed=$((failed + ${bad:-0}))
    echo "   ${good:-0} passed, ${bad:-0} failed, 0 skipped"
    [ "${bad:-0}" -eq 0 ] || tail -n 60 build-test-fuzz.log
}

# tidy: clang-tidy over the library
tidy() {
    echo "== clang-tidy over lib"
    if sh tests/lint/tidy.sh build-test-gcc "$(nproc)" /lib/ >build-test-tidy.log 2>&1; then
        passed=$((passed + 1))
        echo "   1 passed, 0 failed, 0 skipped"
    else
        failed=$((failed + 1))
        echo "   0 passed, 1 failed, 0 skipped"
        head -n 30 build-test-tidy.log
    fi
}

if [ "$part" = fast ]; then
    build gcc -Dwerror=true -Dbuildtype=release && suites -t 4 --suite fast
else
    build gcc -Dwerror=true -Dbuildtype=release && suites -t 4
fi
if [ "$part" = all ]; then
    tidy
    # What is slow is so by much computing; what the second compiler is for is in the fast ones.
    CC=clang build clang -Dwerror=true -Dbuildtype=release && suites -t 4 --suite fast --suite api
    fuzz
    # Leaks of the process's end are looked for, too.
    export ASAN_OPTIONS=detect_stack_use_after_return=1:allocator_may_return_null=1
    export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
    export TSAN_OPTIONS=halt_on_error=1:suppressions=$PWD/tests/tsan.supp
    # Without -Werror: gcc's warnings are not sure of themselves in instrumented code.
    # Of the slow tests only those whose code the fast ones do not reach.
    build asan -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false && {
        suites -t 4 --no-suite slow --no-suite lint
        suites -t 4 api_alloc api_unet_alloc models_bundle python_asan e2e_command e2e_train train
    }
    targets="test_threads test_cancel test_base"
    build tsan -Dbuildtype=debugoptimized -Db_sanitize=thread -Db_lundef=false &&
        suites -t 6 api_threads api_cancel base
fi

trap - EXIT
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
