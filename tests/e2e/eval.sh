#!/bin/sh
# The evaluation: every system in every table, files of other systems, and inputs that have nothing to score. $3 the folder of the evaluation networks
networks=$(realpath "$3")
. "$(dirname "$0")/common.sh"

must "some songs" "$momu" corpus --hours 0.2 --seed 5 --no-original --quiet -o songs
# so few are not split: three for the test, two for the Frechet distances, the others for training
mkdir corpus corpus/test corpus/validation corpus/train
number=0
for song in songs/*/*.flac; do
    number=$((number + 1))
    part=train
    [ $number -le 5 ] && part=validation
    [ $number -le 3 ] && part=test
    mv "${song%.flac}".* corpus/$part/
done
must "a model" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors

# value TABLE ROW COLUMN [FIELD]: a number of report.csv
value() {
    awk -F, -v t="\"$1\"" -v r="\"$2\"" -v c="\"$3\"" -v f="${4:-4}" '$1 == t && $2 == r && $3 == c { print $f }' "$report/report.csv"
}
# More than a word with nan or inf in it: a number.
no_nan() {
    ! grep -Eiq '(^|[^a-z])-?(nan|inf)([^a-z]|$)' "$report"/report.*
}
eval_model() { # REPORT THREADS
    "$momu" eval corpus --model tiny.safetensors --networks "$networks" --pairs 3 --retrieval 3 --joint 1 --repeats 1 --seconds 12 \
        --steps 2 --tables --threads "$2" --quiet -o "$1" >"$1.txt"
}
must "evaluating a model" eval_model one 1
must "evaluating it on two threads" eval_model two 2
report=one
for form in md csv json; do
    check "report.$form: the same bytes at any number of threads" cmp one/report.$form two/report.$form
done
check "no table shows what is no number" no_nan
for table in beats-music beats-motion paper-music paper-motion quality-music quality-motion; do
    for system in "ground truth" "through the autoencoder" made retrieved metronome "other track"; do
        check "$table has a row of $system" grep -q "^\"$table\",\"$system\"," one/report.csv
    done
done
for table in origin-music genre-motion sanity joint table2 table3 table4 table5 table6 table7 joint-start joint-length; do
    check "table $table" grep -q "^\"$table\"," one/report.csv
done
check "the metronome keeps the beat" test "$(value beats-music metronome "F1 70 ms" | cut -c 1-3)" != 0.2
check "a warning where the metronome wins" grep -q "^Warning: the metronome" one/report.md
check "charts" grep -q '</svg>' one/joint-start.svg
check "five outputs for one input differ" awk -v d="$(value quality-music made 'diversity within')" 'BEGIN { exit !(d > 0) }'

# Files of other systems: the truth itself scores as the truth.
mkdir made pairs
for file in corpus/test/*; do cp "$file" pairs/; done
for file in pairs/*.flac pairs/*.npz; do cp "$file" made/; done
must "evaluating files" "$momu" eval --generated made --reference pairs --networks "$networks" --against corpus/train --quiet -o files >files.txt
report=files
for column in BCS BHS F1; do
    check "paper: $column of the truth" test "$(value paper-music made $column)" = 100
done
for column in "F1 70 ms" precision BAS; do
    check "beats: $column" test "$(value beats-motion made "$column")" = "$(value beats-motion 'ground truth' "$column")"
done
check "an interval" test -n "$(value beats-motion made 'F1 70 ms' 6)"
check "no model is used" sh -c "! grep -q 'through the autoencoder' files/report.csv"
check "no retrieval without a training part" sh -c "! grep -q retrieved files/report.csv"

# Silence, a character that stands still, one frame, a shorter dance, a broken one: all named or defined.
first=$(basename "$(ls pairs/*.flac | head -n 1)" .flac)
second=$(basename "$(ls pairs/*.flac | sed -n 2p)" .flac)
mkdir odd truth
for stem in $first $second; do cp "pairs/$stem".* truth/; done
{ # one second of silence: 16 bit, mono, 16 kHz
    printf 'RIFF\044\175\000\000WAVEfmt \020\000\000\000\001\000\001\000\200\076\000\000\000\175\000\000\002\000\020\000data\000\175\000\000'
    head -c 32000 /dev/zero
} >silence.wav
cp silence.wav "odd/$first.wav"
must "a dance" "$momu" joint --model tiny.safetensors --seconds 6 --steps 2 --quiet -o dance >text
awk '/^Frame Time/ { print; moving = 1; next } !moving { print } moving { if (!frame) frame = $0; print frame }' dance.bvh >"odd/$first.bvh"
awk '/^Frames:/ { print "Frames: 1"; next } { print } moving { exit } /^Frame Time/ { moving = 1 }' dance.bvh >"odd/$second.bvh"
must "silence, a frozen character, one frame" "$momu" eval --generated odd --reference truth --networks "$networks" --quiet -o odd-report >odd.txt
report=odd-report
check "no table shows what is no number" no_nan
check "silence has no beats" test "$(value beats-music made 'F1 70 ms')" = 0
check "a character that stands still has no beats" test "$(value beats-motion made 'F1 70 ms')" = 0
check "nothing in common is no better than chance" grep -q "no better than chance" odd-report/report.md
check "both dances count" test "$(value beats-motion made clips)" = 2
echo "no motion" >"odd/$second.bvh"
must "a broken dance" "$momu" eval --generated odd --reference truth --networks "$networks" --quiet -o odd-report >odd.txt 2>odd.err
check "it is named" grep -q "left out: $second: odd/$second.bvh" odd.err
check "and counted" grep -q "1 failed" odd.txt

# Refusals.
refused() { # SENTENCE ARGUMENTS...
    sentence=$1
    shift
    "$momu" eval "$@" --networks "$networks" --quiet >out.txt 2>err.txt
    check "$*: is refused" test $? -eq 2
    check "$*: says '$sentence'" grep -q "$sentence" err.txt
}
mkdir empty
refused "empty: no pairs" empty --model tiny.safetensors
refused "no sound or motion" --generated empty --reference truth
cp silence.wav odd/stranger.wav
refused "odd/stranger: the reference folder has no sound of that name" --generated odd --reference truth
refused "belong together" --generated odd
refused "nowhere" nowhere --model tiny.safetensors
refused "music, motion or both" corpus --direction up
refused "genre, no-genre, tempo, beats and no-beats are the conditions" corpus --condition colour
refused "do not go together" corpus --condition genre,no-genre
refused "do not go together" corpus --condition beats,no-beats
refused "2 to 300" corpus --seconds 1
finish
