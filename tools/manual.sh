#!/bin/sh
# manual.sh MOMU: the man page momu(1) on standard output, from what the command says of itself, so that the two never differ.
set -eu
. "$(dirname "$0")/fail.sh"
[ $# -eq 1 ] || fail "usage: manual.sh MOMU"
momu=$1
doing "asking $momu for its version"
version=$("$momu" --version)
version=${version#momu }

# Text as it stands, for troff.
plain() {
    sed -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^\\([.']\\)/\\\\\\&\\1/"
}
# The names of all commands.
names() {
    printf '%s\n' "$help" | sed -n 's/^  \([a-z][a-z-]*\)   *[^ ].*$/\1/p'
}

doing "asking $momu for its help"
help=$("$momu" --help)
cat <<HEAD
.\\" Made by tools/manual.sh from the command's own help.
.TH MOMU 1 "" "libmomu $version" "User Commands"
HEAD
cat <<'HEAD'
.SH NAME
momu \- dance motion into music, music into dance motion, and both from nothing
.SH SYNOPSIS
.B momu
.I COMMAND
.RI [ ARGUMENT ...]
.SH DESCRIPTION
.B momu
turns files of dance motion into music, files of music into dance motion, and generates both together, by a trained model of the method
MoMu\-Diffusion. Each command describes itself with
.BR \-\-help ,
which is repeated below. A file named
.B \-
is standard input or output, and
.B \-\-
ends the options. An output file appears whole or not at all; the same seed gives the same bytes at any number of threads.
.SH COMMANDS
HEAD
for name in $(names); do
    printf '.TP\n.B %s\n' "$(printf %s "$name" | plain)"
    printf '%s\n' "$help" | sed -n "s/^  $name  *\\([^ ].*\\)\$/\\1/p" | plain
done
# Help on standard input for troff: usage lines as they are, text filled, each option a paragraph with its name before it.
section() {
    awk '
        function plain(text) {
            gsub(/\\/, "\\e", text); gsub(/-/, "\\-", text)
            if (text ~ /^[.\047]/) text = "\\&" text
            return text
        }
        /^Usage:/ { part = "usage"; print ".nf" }
        part == "usage" && !/^(Usage:| {7})/ { part = "text"; print ".fi\n.PP" }
        /^Options:$/ { part = "options"; next }
        /^$/ { next }
        part == "usage" { print plain(substr($0, 8)); next }
        part == "options" && /^  [ -]/ && substr($0, 1, 28) ~ /--/ {
            left = substr($0, 1, 28); right = substr($0, 30)
            if (match($0, /^ +(-.,)? +--[a-z0-9-]+( [A-Z]+)?$/)) { left = $0; right = "" }
            gsub(/^ +| +$/, "", left)
            print ".TP\n.B " plain(left)
            if (right != "") print plain(right)
            next
        }
        { sub(/^ +/, ""); print plain($0) }'
}
for name in $(names); do
    printf '.SH %s\n' "$(printf %s "momu $name" | tr a-z A-Z | plain)"
    "$momu" "$name" --help | section
done
cat <<'TAIL'
.SH EXIT STATUS
.TP
0
Done.
.TP
1
Something failed that the input is not to blame for: memory, a full disk, Ctrl\-C.
.TP
2
Bad input or usage; one sentence on standard error says what and where.
.SH ENVIRONMENT
.TP
.B MOMU_MODEL
The model file that is used where none is named.
.SH FILES
.TP
.I PREFIX/share/momu/default.safetensors
The default model, by way of
.I ../share/momu
from the command or the library, so that a prefix may be moved. Looked for after
.B MOMU_MODEL
and
.I momu/default.safetensors
in the folder of the command or the library; before the
.I models
folder of the checkout that a build folder lies in, and the data directory that the build was made for.
.SH EXAMPLES
.nf
momu motion\-to\-music dance.bvh \-o music.wav
momu music\-to\-motion song.ogg \-\-seed 7 \-o dance.bvh
momu joint \-\-seconds 12 \-o pair
momu convert dance.bvh \-\-for unreal \-\-root extracted \-o dance.glb
.fi
TAIL
