#!/bin/sh
# scripts.sh PROJECT: scripts say what failed, and CI's closing line counts all of it.
set -u
project=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
fail() { echo "$*" >&2; exit 1; }

for script in "$project"/tools/*.sh; do
    sh -n "$script" || fail "$script does not parse"
    case ${script##*/} in fail.sh | packages.sh) continue ;; esac
    grep -q '/fail\.sh"$' "$script" || fail "$script does not source fail.sh"
done

# said STATUS WORDS LINES: a script of those lines ends with the status and says the words.
said() {
    printf 'set -eu\n. "%s/tools/fail.sh"\n%s\n' "$project" "$3" >"$work/script.sh"
    sh "$work/script.sh" >"$work/out" 2>"$work/err"
    status=$?
    [ $status -eq "$1" ] || fail "'$3' ended with $status, not $1"
    [ "$(cat "$work/err")" = "$2" ] || fail "'$3' said '$(cat "$work/err")', not '$2'"
}
said 0 "" "true"
said 3 "script.sh: stopped with status 3 while counting" 'doing "counting"; sh -c "exit 3"; echo on'
said 1 "script.sh: no such thing" 'fail "no such thing"'
# The last line of a sourced file stops its reader where it is a test that fails.
said 0 "" ". '$project/tools/packages.sh'"
# Neither apt-get nor a silent end. PATH has just enough to run.
mkdir "$work/bin"
ln -s "$(command -v sh)" "$work/bin/sh"
PATH=$work/bin sh -eu -c ". '$project/tools/packages.sh'; need_packages" >"$work/out" 2>"$work/err" && fail "packages without apt-get are no failure"
grep -q apt-get "$work/err" || fail "a machine without apt-get gets '$(cat "$work/err")'"
for tool in manual measure_pairs held_out default_model ablations bare; do
    sh "$project/tools/$tool.sh" >"$work/out" 2>"$work/err" && fail "$tool.sh without arguments succeeds"
    grep -q "^$tool.sh: " "$work/err" || fail "$tool.sh without arguments says '$(cat "$work/err")'"
done

# CI, with a demo that ends with a status and tests that print a line.
mkdir -p "$work/ci/.ci" "$work/ci/tools"
cp "$project/.ci/run" "$work/ci/.ci/run"
# closes STATUS LINE EXPECTED: the last line and, by it, CI's status.
closes() {
    echo "exit $1" >"$work/ci/tools/bare.sh"
    printf 'echo "   8 passed, 1 failed, 0 skipped"\n%s\n' "$2" >"$work/ci/tools/test.sh"
    sh "$work/ci/.ci/run" >"$work/out" 2>&1
    status=$?
    [ "$(tail -n 1 "$work/out")" = "$3" ] || fail "CI closes with '$(tail -n 1 "$work/out")', not '$3'"
    [ "$(grep -c '^[0-9]* passed' "$work/out")" -eq 1 ] || fail "CI has more than one closing line"
    case $3 in *" 0 failed,"*) expected=0 ;; *) expected=1 ;; esac
    [ $status -eq $expected ] || fail "CI ends with status $status at '$3'"
}
closes 0 'echo "5 passed, 0 failed, 2 skipped"' "6 passed, 0 failed, 2 skipped"
closes 77 'echo "5 passed, 0 failed, 2 skipped"' "5 passed, 0 failed, 3 skipped"
closes 1 'echo "5 passed, 0 failed, 2 skipped"' "5 passed, 1 failed, 2 skipped"
closes 0 'echo "5 passed, 2 failed, 0 skipped"; exit 1' "6 passed, 2 failed, 0 skipped"
closes 0 'exit 1' "1 passed, 1 failed, 0 skipped"
