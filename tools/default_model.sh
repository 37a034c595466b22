#!/bin/sh
# Makes the default model from the raw data, from beginning to end: corpus, training, evaluation.
#
#   tools/default_model.sh MOMU DATA MUSIC OUT [THREADS [HOURS]]
#
# MOMU     the built command
# DATA     a folder with cmu/*.tar.xz (CMU Graphics Lab takes), loops/*.glb (CC0 animations) and deepmimic/*.txt
# MUSIC    a folder with the unpacked Debian packages fretsonfire-songs-sectoid, noiz2sa-data, mu-cade-data,
#          parsec47-data, torus-trooper-data, tumiki-fighters-data, titanion-data, gunroar-data
#          (apt-get download NAME && dpkg -x NAME*.deb MUSIC)
# OUT      where everything goes; the model is OUT/train/model.safetensors
# THREADS  (2; on two cores the whole takes about nine hours)
# HOURS    of the first corpus (20); the second, for the transformers alone, has 16
#
# Needs python3 with safetensors and PyTorch for reference/grow.py and reference/graft.py (PYTHON names another).
# The instruments are those of Debian's package musescore-general-soundfont-small. Takes and tracks that judge models are
# held out by the corpus itself.
set -eu
here=$(dirname "$0")/../reference
momu=$1 data=$2 music=$3 out=$4 threads=${5:-2} hours=${6:-20}
mkdir -p "$out/moves/cmu"

for archive in "$data"/cmu/*.tar.xz; do
    tar -xJf "$archive" -C "$out/moves/cmu"
done
for kind in loops deepmimic; do
    ln -sfn "$(realpath "$data/$kind")" "$out/moves/$kind"
done

for seed in 1 2; do
    length=$hours
    [ $seed = 1 ] || length=16
    "$momu" corpus --hours "$length" --seed $seed --moves "$out/moves" --music "$music" --no-original -o "$out/corpus$seed"
done
ln -sfn corpus1 "$out/corpus"
# Both training sides, and the first one's others: takes and tracks are on the same side whatever the seed.
mkdir -p "$out/both/train"
for seed in 1 2; do
    for file in "$out/corpus$seed"/train/*; do
        ln -sf "$(realpath "$file")" "$out/both/train/$seed-$(basename "$file")"
    done
done
ln -sfn ../corpus1/validation "$out/both/validation"
cp "$out/corpus1/corpus.json" "$out/both/"
license='CC BY 4.0'
sources='Dances: CMU Graphics Lab Motion Capture Database (free for all uses; mocap.cs.cmu.edu), CC0 animations by Mesh2Motion/Quaternius, dances of DeepMimic (MIT), and figures of this project. Music: songs composed by this project, played by the soundfont MuseScore General (MIT), and tracks of the Debian packages fretsonfire-songs-sectoid (Expat), noiz2sa-data, mu-cade-data, parsec47-data, torus-trooper-data, tumiki-fighters-data, titanion-data and gunroar-data (BSD-2-Clause). Pairs by momu corpus.'
# train DATA STAGE OPTIONS...
train() {
    data=$1 stage=$2
    shift 2
    "$momu" train "$stage" --preset small --data "$out/$data" --out "$out/train" --seed 1 --threads "$threads" \
        --samples 2000 --license "$license" --training-data "$sources" "$@"
}
train corpus music --steps 14500 --rate 8e-4 --gan 0
train corpus music --steps 1500 --init "$out/train/model.safetensors" --rate 2e-4 --gan-start 0
train corpus motion --steps 26000 --rate 8e-4
# Short crops first, which are cheap; then deeper, on crops as long as what is made, of both corpora.
train corpus to-music --steps 60000 --rate 8e-4 --seconds 12
train corpus to-motion --steps 31000 --rate 8e-4 --seconds 12
"${PYTHON:-python3}" "$here/grow.py" "$out/train/model.safetensors" 10 "$out/grown.safetensors"
train both to-music --init "$out/grown.safetensors" --steps MUSIC_STEPS --batch 6 --rate 6e-4 --seconds 25
train both to-motion --steps DANCE_STEPS --batch 6 --rate 6e-4 --seconds 25
train corpus keypoints --steps 1400
# The preset sounds by Griffin-Lim: it gets the vocoder of base.
"$momu" model-new --preset base --seed 1 -o "$out/base.safetensors"
"${PYTHON:-python3}" "$here/graft.py" "$out/train/model.safetensors" "$out/base.safetensors" "$out/silent.safetensors" vocoder
train corpus vocoder --init "$out/silent.safetensors" --steps 18700 --gan-start 0.75
train corpus vocoder --init "$out/train/model.safetensors" --steps VOCODER_STEPS --rate 3e-4 --gan-start 0.5 --bf16
"$momu" eval "$out/corpus" --model "$out/train/model.safetensors" --judges "$(dirname "$0")/../models" --joint 16 -o "$out/report"
