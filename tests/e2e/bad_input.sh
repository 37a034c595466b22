#!/bin/sh
# Bad input: exit status 2, one sentence that names the file, and no output.
. "$(dirname "$0")/common.sh"

must "model-new" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
must "inputs" "$momu" joint --model tiny.safetensors --seconds 2 --steps 1 -o good
mkdir out

# refuse NAME WORD COMMAND...: the command fails as documented and its sentence holds WORD.
refuse() {
    name=$1
    word=$2
    shift 2
    checks=$((checks + 1))
    "$momu" "$@" >stdout 2>stderr
    status=$?
    [ $status -eq 2 ] || bad "$name: exit status $status, expected 2: $(head -c 200 stderr)"
    [ "$(wc -l <stderr)" -eq 1 ] || bad "$name: expected one line, found: $(cat stderr)"
    grep -q -i -e "$word" stderr || bad "$name: expected \"$word\" in: $(cat stderr)"
    [ ! -s stdout ] || bad "$name: wrote to standard output"
    [ -z "$(ls -A out)" ] || { bad "$name: left $(ls -A out)"; rm -rf out/* out/.[!.]*; }
}
song() { name=$1 word=$2 file=$3; shift 3; refuse "$name" "$word" music-to-motion --model tiny.safetensors --steps 1 "$file" -o out/x.bvh "$@"; }
dance() { name=$1 word=$2 file=$3; shift 3; refuse "$name" "$word" motion-to-music --model tiny.safetensors --steps 1 "$file" -o out/x.wav "$@"; }
model() { refuse "$1" "$2" joint --model "$3" --seconds 1 --steps 1 -o out/x; }

# --- files that are not there, or not what they should be ---
song "missing song" missing.wav missing.wav
dance "missing dance" missing.bvh missing.bvh
model "missing model" missing.safetensors missing.safetensors
: >empty.wav; song "empty song" empty.wav empty.wav
: >empty.bvh; dance "empty dance" empty.bvh empty.bvh
: >empty.safetensors; model "empty model" empty.safetensors empty.safetensors
mkdir folder.wav folder.bvh
song "a folder as song" folder.wav folder.wav
dance "a folder as dance" folder.bvh folder.bvh
echo "this is no sound" >text.wav; song "text as song" text.wav text.wav
echo "this is no motion" >text.bvh; dance "text as dance" text.bvh text.bvh
cp text.bvh text.xyz; dance "unknown extension" text.xyz text.xyz

# --- sound ---
head -c 20000 good.wav >cut.wav; song "truncated sound" cut.wav cut.wav
head -c 30 good.wav >header.wav; song "truncated header" header.wav header.wav
# wav_header BYTES RATE: 8 bit, mono
wav_header() {
    le4() { printf "\\$(printf %03o $(($1 & 255)))\\$(printf %03o $((($1 >> 8) & 255)))\\$(printf %03o $((($1 >> 16) & 255)))\\$(printf %03o $((($1 >> 24) & 255)))"; }
    printf RIFF; le4 $(($1 + 36)); printf 'WAVEfmt '; le4 16; printf '\001\000\001\000'; le4 $2; le4 $2
    printf '\001\000\010\000data'; le4 $1
}
wav_header 0 8000 >none.wav; song "sound of 0 seconds" none.wav none.wav
{ wav_header 40 8000; head -c 40 /dev/zero; } >short.wav; song "sound of 5 ms" "second" short.wav
{ wav_header 10800000 1000; head -c 10800000 /dev/zero; } >long.wav; song "sound of 3 hours" "10800" long.wav
rm long.wav

# --- motion ---
sed 's/CHANNELS 3/CHANNELS 4/' good.bvh >channels.bvh; dance "wrong channel count" channels.bvh channels.bvh
awk '/^Frame Time/ { print; getline; $4 = "nan"; print; next } { print }' good.bvh >nan.bvh; dance "NaN in a BVH" nan.bvh nan.bvh
awk '/^Frame Time/ { print; getline; $4 = ""; print; next } { print }' good.bvh >row.bvh; dance "a number too few" row.bvh row.bvh
head -c 2000 good.bvh >cut.bvh; dance "truncated dance" cut.bvh cut.bvh
head -n "$(($(wc -l <good.bvh) - 5))" good.bvh >frames.bvh; dance "frames missing" frames.bvh frames.bvh
sed 's/^Frames:.*/Frames: 0/' good.bvh | awk '{ print } /^Frame Time/ { exit }' >zero.bvh; dance "motion of 0 seconds" zero.bvh zero.bvh
sed 's/^Frame Time:.*/Frame Time: 0/' good.bvh >time.bvh; dance "frame time 0" time.bvh time.bvh
sed 's/^Frame Time:.*/Frame Time: 200/' good.bvh >hours.bvh; dance "motion of hours" "" hours.bvh
cat >legless.bvh <<'B'
HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Spine
  {
    OFFSET 0 10 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    JOINT Neck
    {
      OFFSET 0 40 0
      CHANNELS 3 Zrotation Xrotation Yrotation
      JOINT Head
      {
        OFFSET 0 10 0
        CHANNELS 3 Zrotation Xrotation Yrotation
        End Site
        {
          OFFSET 0 10 0
        }
      }
    }
  }
}
MOTION
Frames: 60
Frame Time: 0.0166667
B
i=0; while [ $i -lt 60 ]; do echo "0 90 0 0 0 0 0 0 0 0 0 0 0 0 0" >>legless.bvh; i=$((i + 1)); done
dance "motion without legs" "hip\|knee\|leg\|foot\|ankle" legless.bvh

# --- lengths and other values ---
for value in 0 -1 nan inf abc 1e300 ""; do
    refuse "joint --seconds '$value'" "second" joint --model tiny.safetensors --steps 1 --seconds "$value" -o out/x
done
refuse "joint of 3 hours" "10800" joint --model tiny.safetensors --steps 1 --seconds 10800 -o out/x
song "longer than the song" "second" good.wav --seconds 5
song "0 seconds of a song" "seconds" good.wav --seconds 0
refuse "no steps" "steps" joint --model tiny.safetensors --steps 0 -o out/x
refuse "too many steps" "steps" joint --model tiny.safetensors --steps 100000 -o out/x
refuse "guidance 0" "guidance" joint --model tiny.safetensors --guidance 0 -o out/x
refuse "guidance 1000" "guidance" joint --model tiny.safetensors --guidance 1000 -o out/x
refuse "threads 0" "threads" joint --model tiny.safetensors --threads 0 -o out/x
refuse "a negative seed" "seed" joint --model tiny.safetensors --seed -1 -o out/x
refuse "a rate of 3" "rate" joint --model tiny.safetensors --seconds 1 --rate 3 -o out/x
refuse "an untrained control" "genre" joint --model tiny.safetensors --seconds 1 --genre house -o out/x
refuse "an untrained control" "tempo" joint --model tiny.safetensors --seconds 1 --tempo 120 -o out/x
refuse "an unknown genre" "polka" joint --model tiny.safetensors --seconds 1 --genre polka -o out/x
refuse "an unknown option" "--colour" joint --colour red -o out/x
refuse "an option without its value" "-o" joint --model tiny.safetensors -o
refuse "no output" "-o" joint --model tiny.safetensors
refuse "an unknown take" "nothere" motion-to-music --model tiny.safetensors good.bvh --take nothere -o out/x.wav
refuse "output of an unknown extension" "out/x.mid" motion-to-music --model tiny.safetensors good.bvh -o out/x.mid
refuse "output in no folder" "nowhere" motion-to-music --model tiny.safetensors good.bvh -o nowhere/x.wav
refuse "an unknown command" "frobnicate" frobnicate
refuse "no command" "command"
refuse "an unknown preset" "huge" model-new --preset huge -o out/x.safetensors

# --- models ---
model "a model that is none" good.wav good.wav
head -c 100000 tiny.safetensors >cut.safetensors; model "a model cut short" cut.safetensors cut.safetensors
head -c 6 tiny.safetensors >six.safetensors; model "a model of six bytes" six.safetensors six.safetensors
sed 's/"momu.format": *"[0-9]"/"momu.format":"9"/; s/"momu.min_reader": *"[0-9]"/"momu.min_reader":"9"/' tiny.safetensors >newer.safetensors
check "the edit took" sh -c '! cmp -s tiny.safetensors newer.safetensors'
model "a model of a newer format" "newer.safetensors.*newer\|format.*9\|9" newer.safetensors
sed 's/\("stats.mel.mean":{[^}]*"shape":\[\)80\]/\140]/' tiny.safetensors >shape.safetensors
check "the edit took" sh -c '! cmp -s tiny.safetensors shape.safetensors'
model "a tensor of the wrong shape" "stats.mel.mean" shape.safetensors
sed 's/"stats.mel.mean"/"stats.mel.xxxx"/' tiny.safetensors >name.safetensors
model "a tensor of another name" "stats.mel" name.safetensors
refuse "info on a model cut short" cut.safetensors info cut.safetensors
# The build's own command finds the checkout's model: a copy elsewhere does not, and names its own folder.
cp "$momu" alone
momu=$work/alone
refuse "no default model" "no default model.*$work" info
finish
