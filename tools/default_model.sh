#!/bin/sh
# Makes the default model from the raw data, from beginning to end: corpus, training.
#
#   tools/default_model.sh MOMU DATA MUSIC OUT [MINUTES [HOURS]]
#
# MOMU     the built command
# DATA     a folder with cmu/*.tar.xz (CMU Graphics Lab takes), loops/*.glb (CC0 animations) and deepmimic/*.txt
# MUSIC    a folder with the unpacked Debian packages fretsonfire-songs-sectoid, noiz2sa-data, mu-cade-data,
#          parsec47-data, torus-trooper-data, tumiki-fighters-data, titanion-data, gunroar-data
#          (apt-get download NAME && dpkg -x NAME*.deb MUSIC)
# OUT      where everything goes; the model is OUT/train/model.safetensors
# MINUTES  training time in all (45)
# HOURS    of the corpus (20)
#
# The instruments are those of Debian's package musescore-general-soundfont-small. Takes and tracks that judge models are
# held out by the corpus itself.
set -eu
momu=$1 data=$2 music=$3 out=$4 minutes=${5:-45} hours=${6:-20}
mkdir -p "$out/moves/cmu"

for archive in "$data"/cmu/*.tar.xz; do
    tar -xJf "$archive" -C "$out/moves/cmu"
done
for kind in loops deepmimic; do
    ln -sfn "$(realpath "$data/$kind")" "$out/moves/$kind"
done

"$momu" corpus --hours "$hours" --seed 1 --moves "$out/moves" --music "$music" --no-original -o "$out/corpus"
license='CC BY 4.0'
sources='Dances: CMU Graphics Lab Motion Capture Database (free for all uses; mocap.cs.cmu.edu), CC0 animations by Mesh2Motion/Quaternius, dances of DeepMimic (MIT), and figures of this project. Music: songs composed by this project, played by the soundfont MuseScore General (MIT), and tracks of the Debian packages fretsonfire-songs-sectoid (Expat), noiz2sa-data, mu-cade-data, parsec47-data, torus-trooper-data, tumiki-fighters-data, titanion-data and gunroar-data (BSD-2-Clause). Pairs by momu corpus.'
part() { awk "BEGIN { print $minutes * $1 }"; }
train() {
    stage=$1 share=$2 rate=$3
    shift 3
    "$momu" train "$stage" --preset small --data "$out/corpus" --out "$out/train" --minutes "$(part "$share")" \
        --rate "$rate" --seed 1 --threads 2 --license "$license" --training-data "$sources" "$@"
}
train music 0.23 8e-4
train motion 0.17 8e-4
train to-music 0.39 8e-4
train to-motion 0.21 8e-4 --bf16
