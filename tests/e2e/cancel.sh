#!/bin/sh
# Ctrl-C ends a generation soon, with exit status 1, and leaves no file.
. "$(dirname "$0")/common.sh"

must "model-new" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
mkdir out
"$momu" joint --model tiny.safetensors --seconds 300 --steps 1000 -o out/x >stdout 2>stderr &
pid=$!
sleep 1
kill -INT $pid
wait $pid
status=$?
check "exit status 1 (was $status)" test $status -eq 1
check "one sentence" test "$(wc -l <stderr)" -eq 1
check "it says why" grep -q cancelled stderr
check "no output" test -z "$(ls -A out)"
finish
