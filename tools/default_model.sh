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
# OUT      where everything goes; the model is OUT/default.safetensors
# THREADS  (2; on two cores the whole takes about fifteen hours)
# HOURS    of the corpus (20)
#
# Needs python3 with safetensors and PyTorch for reference/graft.py (PYTHON names another).
# The instruments are those of Debian's package musescore-general-soundfont-small. The corpus itself holds takes and
# tracks out for evaluation. Step counts are those of momu.trained_by in models/default.safetensors (momu info), the runs
# of a network added up where their settings agree, and without earlier runs whose weights were replaced;
# tests/train/test_default_model_steps.py compares them.
set -eu
. "$(dirname "$0")/fail.sh"
[ $# -ge 4 ] || fail "usage: default_model.sh MOMU DATA MUSIC OUT [THREADS [HOURS]]"
momu=$1 data=$2 music=$3 out=$4 threads=${5:-2} hours=${6:-20}
mkdir -p "$out/moves/cmu"

doing "unpacking the takes of $data"
for archive in "$data"/cmu/*.tar.xz; do
    tar -xJf "$archive" -C "$out/moves/cmu"
done
for kind in loops deepmimic; do
    ln -sfn "$(realpath "$data/$kind")" "$out/moves/$kind"
done

# more FOLDER OPTIONS...: a corpus in OUT/FOLDER
more() {
    folder=$1
    shift
    doing "making the corpus $folder"
    "$momu" corpus "$@" --moves "$out/moves" --music "$music" --no-original -o "$out/$folder"
}
more corpus --hours "$hours" --seed 1
license='CC BY 4.0'
sources='Dances: CMU Graphics Lab Motion Capture Database (free for all uses; mocap.cs.cmu.edu), CC0 animations by Mesh2Motion/Quaternius, dances of DeepMimic (MIT), and figures of this project. Music: songs composed by this project, played by the soundfont MuseScore General (MIT), and tracks of the Debian packages fretsonfire-songs-sectoid (Expat), noiz2sa-data, mu-cade-data, parsec47-data, torus-trooper-data, tumiki-fighters-data, titanion-data and gunroar-data (BSD-2-Clause). Pairs by momu corpus.'
pairs=$out/corpus
train() {
    stage=$1
    shift
    doing "training stage $stage on $pairs"
    "$momu" train "$stage" --preset small --data "$pairs" --out "$out/train" --seed 1 --threads "$threads" \
        --samples 2000 --license "$license" --training-data "$sources" "$@"
}
train music --steps 14488 --rate 8e-4 --gan 0
train music --steps 1511 --init "$out/train/model.safetensors" --rate 2e-4 --gan-start 0
train motion --steps 25995 --rate 8e-4
train to-music --steps 59768 --rate 8e-4 --seconds 12
train to-motion --steps 31545 --rate 8e-4 --seconds 12
# More songs and dances, and crops as long as generated clips. The validation side stays the same.
# together FOLDER CORPUS ...: their training sides, with the first one's validation side
together() {
    folder=$out/$1
    shift
    doing "putting together $folder"
    mkdir -p "$folder/train"
    for corpus in "$@"; do
        for file in "$out/$corpus"/train/*; do
            ln -sf "$(realpath "$file")" "$folder/train/$corpus-$(basename "$file")"
        done
    done
    ln -sfn "$(realpath "$out/corpus/validation")" "$folder/validation"
    cp "$out/corpus/corpus.json" "$folder/"
}
more second --hours 30 --seed 2
together both corpus second
pairs=$out/both
train to-music --steps 12885 --rate 4e-4 --seconds 25
train to-motion --steps 12958 --rate 4e-4 --seconds 25
# Other songs again; the stage to-music also gets dances of motion capture alone.
more third --hours 30 --seed 3
more captured --hours 14 --seed 11 --material motion-capture
together three corpus third
together captured-too corpus third captured
pairs=$out/captured-too
train to-music --steps 4454 --rate 4e-4 --seconds 25
pairs=$out/three
train to-motion --steps 4968 --rate 4e-4 --seconds 25
# The analysis networks: the genre of dances, the beats of dances and songs.
more fourth --hours 16 --seed 4
together analysed corpus captured fourth
pairs=$out/analysed
train genre-classifier --steps 2500
train beat-tracker --steps 4000
pairs=$out/corpus
train keypoints --steps 2302
# The preset small has no vocoder: the model gets that of base.
doing "giving the model the vocoder of base"
"$momu" model-new --preset base --seed 1 -o "$out/base.safetensors"
"${PYTHON:-python3}" "$(dirname "$0")/../reference/graft.py" "$out/train/model.safetensors" "$out/base.safetensors" \
    "$out/silent.safetensors" vocoder
train vocoder --init "$out/silent.safetensors" --steps 18685 --gan-start 0.75 --bf16
# Chosen on the validation split (docs/experiments/choosing-the-default.md).
doing "setting the window and the guidance"
"${PYTHON:-python3}" "$(dirname "$0")/../reference/configure.py" "$out/train/model.safetensors" "$out/default.safetensors" \
    window_seconds=12 diffusion.guidance_start_music=0.6 diffusion.guidance_motion=1.5
doing "evaluating the model"
"$momu" eval "$out/corpus" --model "$out/default.safetensors" --networks "$(dirname "$0")/../models" --joint 16 -o "$out/report"
