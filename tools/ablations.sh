#!/bin/sh
# Trains and evaluates the ablations behind the default model's choices: without InfoNCE, and with a U-Net, each against
# the shipped settings, trained from new weights for as many steps on the same batches. The networks that they do not
# change (music autoencoder, vocoder) come from MODEL.
#
#   tools/ablations.sh MOMU CORPUS MODEL OUT [THREADS [MOTION_STEPS [TO_MUSIC_STEPS [TO_MOTION_STEPS]]]]
#
# Needs python3 with safetensors and PyTorch for reference/graft.py (PYTHON names another). A run whose model is there
# is skipped, so the script may be killed and started again. Reports: OUT/report-{whole,no-infonce,unet}.
set -eu
. "$(dirname "$0")/fail.sh"
[ $# -ge 4 ] || fail "usage: ablations.sh MOMU CORPUS MODEL OUT [THREADS [MOTION_STEPS [TO_MUSIC_STEPS [TO_MOTION_STEPS]]]]"
momu=$1 corpus=$2 model=$3 out=$4 threads=${5:-2} motion_steps=${6:-6000} music_steps=${7:-10000} dance_steps=${8:-7000}
here=$(dirname "$0")
mkdir -p "$out"

graft() {
    "${PYTHON:-python3}" "$here/../reference/graft.py" "$@"
}
# train STAGE FROM NAME OPTIONS...: OUT/NAME.safetensors
train() {
    stage=$1 from=$2 name=$3
    shift 3
    [ ! -f "$out/$name.safetensors" ] || return 0
    doing "training $name"
    rm -rf "${out:?}/$name"
    "$momu" train "$stage" --data "$corpus" --init "$from" --out "$out/$name" --seed 7 --threads "$threads" --samples 0 --quiet "$@"
    cp "$out/$name/model.safetensors" "$out/$name.safetensors"
}
untrained() {
    doing "making new weights of $1"
    "$momu" model-new --preset "$1" --seed 7 -o "$out/$1.untrained.safetensors"
    graft "$out/$1.untrained.safetensors" "$model" "$out/$1.begin.safetensors" music_vae vocoder
}

untrained small
train motion "$out/small.begin.safetensors" motion-infonce --steps "$motion_steps" --rate 8e-4 --infonce 1
train motion "$out/small.begin.safetensors" motion-no-infonce --steps "$motion_steps" --rate 8e-4 --infonce 0
untrained small-unet
graft "$out/small-unet.begin.safetensors" "$out/motion-infonce.safetensors" "$out/unet.begin.safetensors" music_vae motion_vae

# transformers NAME FROM
transformers() {
    train to-music "$2" "$1-to-music" --steps "$music_steps" --rate 8e-4 --seconds 12
    train to-motion "$out/$1-to-music.safetensors" "$1" --steps "$dance_steps" --rate 8e-4 --seconds 12
    doing "evaluating $1"
    "$momu" eval "$corpus" --model "$out/$1.safetensors" --networks "$here/../models" --pairs 50 --joint 12 --threads "$threads" \
        --quiet -o "$out/report-$1" >"$out/report-$1.md"
}
transformers whole "$out/motion-infonce.safetensors"
transformers no-infonce "$out/motion-no-infonce.safetensors"
transformers unet "$out/unet.begin.safetensors"
