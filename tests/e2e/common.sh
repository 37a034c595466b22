# What the end-to-end scripts share. $1 the command momu, $2 the probe.
set -u
export LC_ALL=C
momu=$(realpath "$1") || exit 1
probe=$(realpath "$2") || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
unset MOMU_MODEL

failures=0
checks=0

# Says that a check failed.
bad() {
    failures=$((failures + 1))
    echo "FAILED: $*" >&2
}

# check NAME COMMAND...: the command succeeds.
check() {
    checks=$((checks + 1))
    name=$1
    shift
    "$@" || bad "$name"
}

# must NAME COMMAND...: the same, and nothing after it makes sense without it.
must() {
    checks=$((checks + 1))
    name=$1
    shift
    if ! "$@"; then
        bad "$name"
        finish
    fi
}

# within A B TOLERANCE: |A - B| <= TOLERANCE
within() {
    awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN { d = a - b; if (d < 0) d = -d; exit !(d <= t) }'
}

# Ends the script: 0 when all went well.
finish() {
    echo "$checks checks, $failures failed"
    [ "$failures" -eq 0 ]
    exit
}
