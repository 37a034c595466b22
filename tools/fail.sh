# How a script fails; to be sourced. `fail SENTENCE` ends it with status 1; whatever else stops it under `set -e` is
# named by what the script was doing: `doing WORDS` says so beforehand.
script=${0##*/}
doing="starting"

fail() {
    trap - EXIT
    echo "$script: $*" >&2
    exit 1
}

doing() {
    doing=$*
}

trap 'status=$?; [ $status -eq 0 ] || echo "$script: stopped with status $status while $doing" >&2' EXIT
