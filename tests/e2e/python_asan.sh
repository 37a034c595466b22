#!/bin/sh
# The Python package with a library that was built under AddressSanitizer and UndefinedBehaviorSanitizer (gcc): misuse leaves no error, and no
# block that the library lost. $3 libmomu.so, $4 bindings/python
library=$(realpath "$3") || exit 1
bindings=$(realpath "$4") || exit 1
. "$(dirname "$0")/common.sh"
python=/usr/bin/python3
"$python" -c 'import numpy' 2>/dev/null || { echo "skipped: $python has no NumPy"; exit 77; }
runtime=$(ldd "$library" | sed -n 's/.*lib[au][bs]*[a-z]*san\.so[^ ]* => \([^ ]*\) .*/\1/p' | sort | tr '\n' ' ')
[ -n "$runtime" ] || { echo "skipped: $library has no sanitizer as a shared library"; exit 77; }

must "model-new" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
# guarded PART ARGUMENTS...: Python with the runtime loaded first; what it finds goes to PART.log.*
guarded() {
    part=$1
    shift
    (cd "$bindings" && LD_PRELOAD="$runtime" PYTHONMALLOC=malloc PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$bindings" MOMU_LIBRARY="$library" \
        MOMU_MODEL="$work/tiny.safetensors" MOMU_TEST_ROUNDS=4 OPENBLAS_NUM_THREADS=1 LSAN_OPTIONS=exitcode=0 \
        ASAN_OPTIONS="detect_leaks=1:fast_unwind_on_malloc=0:allocator_may_return_null=1:log_path=$work/$part.log" UBSAN_OPTIONS=halt_on_error=1 \
        "$python" "$@" 2>"$work/$part.txt")
    check "$part passes" test $? -eq 0
    cat "$part".log.* 2>/dev/null >"$part.log"
}
guarded tests -m unittest tests.test_objects tests.test_bad_input tests.test_verbs tests.test_threads.Progress tests.test_threads.Threads
[ $failures -eq 0 ] || tail -n 30 tests.txt >&2
check "no error" sh -c '! grep -E "ERROR: AddressSanitizer|runtime error" tests.log tests.txt'
check "nothing of the library is lost" awk '/^(Direct|Indirect) leak/ { text = "" } { text = text $0 "\n" } /^$/ { if (text ~ / in momui?_/) { print text; found = 1 } text = "" }
    END { exit found }' tests.log
# The net must hold: a block that is lost on purpose is found.
cat >lost.py <<'P'
import momu
momu.Audio([0.0] * 1000, 8000)._handle.address = 0
P
guarded lost "$work/lost.py"
check "a leaked sound is reported" grep -q " in momu_audio_create" lost.log
finish
