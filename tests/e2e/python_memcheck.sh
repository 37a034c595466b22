#!/bin/sh
# The Python package under valgrind: no memory error and no lost block in which the library has a part. $3 libmomu.so, $4 bindings/python
library=$(realpath "$3") || exit 1
bindings=$(realpath "$4") || exit 1
. "$(dirname "$0")/common.sh"
command -v valgrind >/dev/null || { echo "skipped: valgrind is not installed"; exit 77; }
python=/usr/bin/python3 # Debian's own: valgrind knows it
"$python" -c 'import numpy' 2>/dev/null || { echo "skipped: $python has no NumPy"; exit 77; }

must "model-new" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$bindings" PYTHONMALLOC=malloc PYTHONHASHSEED=1 MOMU_LIBRARY="$library" \
    MOMU_MODEL="$work/tiny.safetensors" MOMU_TEST_ROUNDS=4 OPENBLAS_NUM_THREADS=1
# watched PART TEST...: runs these tests and looks through what valgrind wrote for the library's name
watched() {
    part=$1
    shift
    (cd "$bindings" && valgrind --quiet --log-file="$work/$part.log" --leak-check=full --show-leak-kinds=definite,indirect --num-callers=40 \
        "$python" -m unittest "$@" 2>"$work/$part.txt")
    check "$part passes" test $? -eq 0
    awk '
        function report() { if (text ~ /libmomu/) { print text; found = 1 } text = "" }
        /^==[0-9]+== *$/ { report(); next } { text = text $0 "\n" } END { report(); exit found }' "$work/$part.log" >found.txt
    check "libmomu has no part in an error of $part" test $? -eq 0
    head -n 80 found.txt >&2
    [ $failures -eq 0 ] || tail -n 20 "$work/$part.txt" >&2
}
watched objects tests.test_objects tests.test_bad_input.Refused
watched generation tests.test_threads.Progress.test_raises tests.test_threads.Threads.test_closed_while_in_use tests.test_verbs.Verbs.test_round
# The net must hold: a block that is lost on purpose is found.
cat >leak.py <<'P'
from momu._backend import native
import momu
momu.Audio([0.0] * 1000, 8000)._handle.address = 0
P
valgrind --quiet --log-file=leak.log --leak-check=full --show-leak-kinds=definite "$python" leak.py
check "a leaked sound is reported" grep -q libmomu leak.log
finish
