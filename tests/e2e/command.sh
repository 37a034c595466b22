#!/bin/sh
# What all sub-commands share: standard input and output, --, --quiet, --version, help, completions, a full disk, terminals, and the keys
# of --json. $3 docs/command.md
page=$(realpath "$3") here=$(realpath "$(dirname "$0")") || exit 1
. "$(dirname "$0")/common.sh"
must "model-new" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
must "inputs" "$momu" joint --model tiny.safetensors --seconds 6 --steps 1 --seed 1 --json -o pair >joint.json
names=$("$momu" --help | sed -n 's/^  \([a-z-]*\)   *[a-z].*/\1/p')
check "commands are listed" test "$(echo "$names" | wc -l)" -ge 11

# fails STATUS WORDS COMMAND...: ends with the status and says so in one sentence
fails() {
    status=$1 words=$2
    shift 2
    "$@" 2>err
    [ $? -eq "$status" ] && [ "$(wc -l <err)" -eq 1 ] && grep -q -- "$words" err
}

# --- version, help ---
version=$("$momu" --version)
for sub in $names; do
    check "$sub --version" test "$("$momu" $sub --version)" = "$version"
    check "$sub -V" test "$("$momu" $sub -V)" = "$version"
    "$momu" $sub --help >help.txt 2>err || bad "$sub --help"
    check "$sub --help says nothing else" test ! -s err
    check "$sub: usage" grep -q "^Usage: momu $sub" help.txt
    check "$sub: lines end before column 80" awk 'length > 79 { exit 1 }' help.txt
    check "$sub -h is the same" sh -c "'$momu' $sub -h | cmp -s - help.txt"
    check "$sub: a full disk" fails 1 "standard output: No space" sh -c "'$momu' $sub --help >/dev/full"
done
check "momu -V" test "$("$momu" -V)" = "$version"
check "momu: a full disk" fails 1 "No space" sh -c "'$momu' --help >/dev/full"
for command in "info tiny.safetensors" "info tiny.safetensors --json" "beats pair.wav" "completions bash" "convert pair.bvh -o -" "preview pair.bvh -o -" \
    "render pair.bvh -o -" "motion-to-music pair.bvh --model tiny.safetensors --steps 1 -o -"; do
    check "$command: a full disk" fails 1 "No space" sh -c "'$momu' $command >/dev/full"
done

# --- standard input and output ---
model="--model tiny.safetensors --steps 1 --seed 3"
"$momu" motion-to-music $model pair.bvh -o plain.wav >text
check "a dance from standard input" sh -c "'$momu' motion-to-music $model - -o piped.wav <pair.bvh >text"
check "gives the same music" cmp plain.wav piped.wav
check "music to standard output" sh -c "'$momu' motion-to-music $model pair.bvh -o - >out.wav 2>words"
check "is the same file" cmp plain.wav out.wav
check "words go to standard error" grep -q "seed 3" words
"$momu" motion-to-music $model pair.bvh -o - --json >out.wav 2>words
check "JSON with the result" test "$("$probe" json seed <words)" = 3
check "FLAC to standard output" test "$("$momu" motion-to-music $model pair.bvh --format flac --quiet -o - 2>&1 | head -c 4)" = fLaC
check "Ogg to standard output" test "$("$momu" motion-to-music $model pair.bvh --format ogg --quiet -o - 2>&1 | head -c 4)" = OggS
"$momu" music-to-motion $model plain.wav -o plain.bvh >text
for file in plain.wav; do
    check "a song through a pipe, both ways" sh -c "cat $file | '$momu' music-to-motion $model - --quiet -o - >out.bvh"
    check "gives the same dance" cmp plain.bvh out.bvh
done
check "GLB to standard output" test "$("$momu" convert pair.bvh --format glb --quiet -o - | head -c 4)" = glTF
"$momu" convert pair.bvh -o plain.npz >text
"$momu" convert plain.npz -o twice.npz >text
check "a chain" sh -c "'$momu' convert pair.bvh --format npz --quiet -o - | '$momu' convert - --quiet -o chain.npz"
check "gives the same file" cmp twice.npz chain.npz
check "a chain of retargeting" sh -c "'$momu' retarget - --skeleton pair.bvh --quiet -o - <plain.npz | '$momu' beats - --json >beats.json"
check "beats know a dance" test "$("$probe" json kind <beats.json)" = motion
"$momu" beats --json - <plain.wav >beats.json
check "and a song" test "$("$probe" json kind <beats.json)" = music
check "info from standard input" sh -c "'$momu' info - <tiny.safetensors | grep -q 'preset *tiny'"
"$momu" preview pair.bvh --audio plain.wav --title t -o plain.html >text
check "a page to standard output" sh -c "'$momu' preview pair.bvh --audio - --title t -o - <plain.wav >out.html"
check "is a page" grep -q '</html>' out.html
"$momu" render pair.bvh -o plain.png >text
check "a sheet to standard output" sh -c "'$momu' render - -o - <pair.bvh | cmp -s - plain.png"
for command in "beats -" "info -" "motion-to-music $model - -o x.wav"; do
    check "$command: nothing comes" fails 2 "standard input is empty" sh -c "'$momu' $command </dev/null"
done
check "noise is no dance" fails 2 "" sh -c "head -c 1000 /dev/zero | '$momu' convert - -o x.bvh"
check "two files on one input" fails 2 "one file" sh -c "'$momu' preview - --audio - -o x.html <pair.bvh"
check "two files on one output" fails 2 "prefix" "$momu" joint $model -o -
check "a format against the extension" fails 2 "contradicts" "$momu" convert pair.bvh --format glb -o x.bvh
check "nothing was left" sh -c '! ls x.* >/dev/null 2>&1'

# --- an agreement no better than chance is said to be none ---
for seed in 1 2 3 4; do
    "$momu" joint --model tiny.safetensors --seconds 6 --steps 1 --seed $seed -o agree >words
    "$momu" joint --model tiny.safetensors --seconds 6 --steps 1 --seed $seed --json -o agree >agree.json
    f1=$("$probe" json beat_agreement <agree.json) chance=$("$probe" json beat_agreement_chance <agree.json)
    sentence="no better than chance"
    awk -v f="$f1" -v c="$chance" 'BEGIN { exit !(f > c + 0.05) }' && sentence="by chance"
    check "F1 $f1 and $chance by chance: $sentence" grep -q "$sentence" words
done

# --- -- and --quiet ---
cp pair.bvh ./-dance.bvh
check "-- ends the options" "$momu" convert --quiet -o dash.bvh -- -dance.bvh
check "an option after --" fails 2 "" "$momu" convert -o y.bvh -- --help
for command in "joint $model -o q" "motion-to-music $model pair.bvh -o q.wav" "convert pair.bvh -o q.bvh" "preview pair.bvh -o q.html" "render pair.bvh -o q.png"; do
    check "$command --quiet prints nothing" test -z "$("$momu" $command --quiet 2>&1)"
done

# --- completions ---
if command -v bash >/dev/null 2>&1; then
    "$momu" completions bash >completions.bash
    # complete WORD...: what bash would offer for the last word
    complete() {
        bash -c 'compopt() { :; }; . ./completions.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _momu; printf "%s\n" "${COMPREPLY[@]}"' - "$@"
    }
    check "bash: a command" test "$(complete momu mus)" = music-to-motion
    check "bash: an option" test "$(complete momu joint --joint-s)" = --joint-start
    check "bash: a choice" test "$(complete momu joint --sampler dd)" = ddim
    check "bash: a choice with spaces" test "$(complete momu joint --genre drum)" = "drum and bass"
    check "bash: a file" test "$(complete momu beats twice.n)" = twice.npz
    check "bash: a shell" test "$(complete momu completions z)" = zsh
    for sub in $names; do
        complete momu $sub -- | sort >offered
        "$momu" $sub --help | sed -n 's/^  ....--\([a-z0-9-]*\).*/--\1/p; s/^  -., --\([a-z0-9-]*\).*/--\1/p' | sort -u >options
        check "bash offers $sub's options" cmp -s options offered
    done
fi
for shell in zsh fish; do
    "$momu" completions $shell >completions.$shell
    command -v $shell >/dev/null 2>&1 && check "$shell reads its completions" $shell -n completions.$shell
    check "$shell: every command" sh -c "for name in $(echo $names); do grep -q -- \"\$name\" completions.$shell || exit 1; done"
done
check "an unknown shell" fails 2 "bash, zsh or fish" "$momu" completions tcsh

# --- terminals, and the keys of --json ---
if command -v python3 >/dev/null 2>&1; then
    check "a terminal" env PYTHONDONTWRITEBYTECODE=1 python3 "$here/terminal.py" "$momu" pair.bvh tiny.safetensors
    "$momu" motion-to-music $model pair.bvh --json -o m.wav >music.json
    "$momu" music-to-motion $model plain.wav --json -o d.bvh >motion.json
    "$momu" info tiny.safetensors --json >info.json
    set -- joint=joint.json motion-to-music=music.json music-to-motion=motion.json beats=beats.json info=info.json
    if echo "$names" | grep -q '^check$'; then
        mkdir pairs
        cp pair.wav pair.bvh pairs/
        "$momu" check tiny.safetensors --data pairs --json >check.json
        set -- "$@" check=check.json
    fi
    if echo "$names" | grep -q '^eval$'; then
        "$momu" eval --generated pairs --reference pairs --against pairs --json --quiet >eval.json
        set -- "$@" eval=eval.json
    fi
    if echo "$names" | grep -q '^corpus$' && [ -f /usr/share/sounds/sf3/MuseScore_General_Lite.sf3 ]; then
        "$momu" corpus --hours 0.01 --seed 5 --no-original --quiet -o songs >text
        "$momu" dataset-report songs --minutes 0 --quiet --json report.json >text
        set -- "$@" dataset-report=report.json
    fi
    check "docs/command.md lists the keys" python3 "$here/command.py" "$page" "$@"
fi
finish
