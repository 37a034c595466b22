#!/bin/sh
# A small corpus by the command: complete, the same bytes by any number of threads and in several runs,
# and no incomplete pair when it is killed or the disk is full. Skipped without the soundfont.
soundfont=/usr/share/sounds/sf3/MuseScore_General_Lite.sf3
[ -f "$soundfont" ] || exit 77
. "$(dirname "$0")/common.sh"

corpus() {
    "$momu" corpus --hours 0.08 --seed 5 --no-original --quiet "$@"
}
# same A B: the same files with the same bytes
same() {
    diff -r "$1" "$2" >difference
}
# whole DIR: every sound and motion has its annotations, and nothing else is there
whole() {
    for file in "$1"/train/* "$1"/validation/* "$1"/test/*; do
        [ -f "$file" ] || continue
        case $file in
        *.part-*) echo "$file"; return 1 ;;
        esac
        stem=${file%.flac} stem=${stem%.original} stem=${stem%.npz} stem=${stem%.json}
        [ -f "$stem.json" ] || { echo "$file"; return 1; }
    done
}

must "made" corpus --threads 2 -o one >text
check "prints the beat F1" grep -q "F1 0" text
check "manifest" test -s one/corpus.json
check "no mark of an unfinished run" test ! -e one/unfinished.json
check "a pair for training" test -s one/train/item00000.json
check "a pair for validation" test -s one/validation/item00002.json
for annotations in one/*/*.json; do
    stem=${annotations%.json}
    check "$stem: sound" test -s "$stem.flac"
    set -- $("$probe" audio "$stem.flac")
    samples=$1
    check "$stem: 16 kHz" within "$2" 16000 0
    set -- $("$probe" motion "$stem.npz")
    check "$stem: as long as its sound" within "$samples" "$(awk -v f="$1" -v r="$2" 'BEGIN { print 16000 * f / r }')" 512
    for key in seconds tempo genre_number energy beats downbeats beat_energy sections music dance measured; do
        check "$stem: has its $key" grep -q "\"$key\":" "$annotations"
    done
done
must "made by one thread" corpus --threads 1 -o two >text
check "the same bytes by any number of threads" same one two
must "asked for again" corpus -o two >text
check "nothing changed" same one two

for option in "--seed 6" "--hours 0.09" "--original-rate 44100"; do
    corpus $option -o two 2>error && bad "$option in the same folder"
    check "$option: says what is in the folder" grep -q "two: holds a corpus whose" error
done
check "still the same" same one two
mkdir alien && echo 1 >alien/file
corpus -o alien 2>error
check "another folder is refused" test $? -eq 2
check "and named" grep -q "alien: is not empty" error
corpus --soundfont /nowhere.sf2 -o none 2>error
check "no soundfont" test $? -eq 2
check "no soundfont: named" grep -q "/nowhere.sf2" error
corpus --moves /nowhere -o none 2>error
check "no moves" test $? -eq 2
check "no moves: named" grep -q "/nowhere" error

# Killed, and killed again, until there is something to go on with; then to the end.
round=0
for seconds in 0.6 1.2 2.5 5 10 20; do
    [ $round -lt 3 ] || [ ! -e three/unfinished.json ] || break
    round=$((round + 1))
    timeout -s KILL $seconds "$momu" corpus --hours 0.08 --seed 5 --no-original --quiet -o three >text 2>&1
    check "killed after $seconds s: no manifest, but the mark of an unfinished run" \
        test ! -e three/corpus.json -o ! -e three/unfinished.json
done
# What a kill may leave at worst: files that were being written, a pair without its annotations.
mkdir -p three/train
echo half >three/train/item00001.npz.part-4711
echo half >three/train/item00001.flac
rm -f three/train/item00001.json three/corpus.json
must "to the end" corpus --threads 2 -o three >text
check "the same bytes after kills" same one three

# Files may grow to 64 KiB only: what a full disk looks like.
(trap '' XFSZ; ulimit -f 128; corpus -o four) 2>error
check "a file that cannot grow is refused" test $? -ne 0
check "with its path" grep -q "four/.*could not be written" error
check "no half pair is left" whole four
must "with room again" corpus --threads 2 -o four >text
check "the same bytes after a full disk" same one four
finish
