#!/bin/sh
# `python -m momu.convert` on vocoders and VGGish from PyTorch checkpoints; needs torch and safetensors. $3 libmomu.so, $4 bindings/python, $5 reference
python3 -c 'import torch, safetensors, numpy' 2>/dev/null || { echo "skipped: python3 needs torch, safetensors and NumPy"; exit 77; }
library=$(realpath "$3") bindings=$(realpath "$4") reference=$(realpath "$5") here=$(realpath "$(dirname "$0")")
. "$(dirname "$0")/common.sh"
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$bindings" MOMU_LIBRARY="$library" PYTHONWARNINGS=ignore

convert() {
    python3 -m momu.convert vocoder "$@"
}

must "checkpoints" python3 "$here/convert.py" "$reference"
must "model-new" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
for kind in hifi bigvgan vocos; do
    case $kind in hifi) type=hifi-gan ;; *) type=$kind ;; esac
    must "$kind is converted" convert $kind.pt --config $kind.json --type $type --model tiny.safetensors -o $kind.safetensors --same-mels
    check "$kind is named" sh -c "'$momu' info $kind.safetensors | grep -q 'vocoder $type'"
    must "$kind sounds" sh -c "'$momu' joint --model $kind.safetensors --seconds 6 --steps 2 --threads 2 --quiet -o $kind >/dev/null"
    check "$kind left a sound" test -s $kind.wav
    must "$kind once more" sh -c "'$momu' joint --model $kind.safetensors --seconds 6 --steps 2 --threads 1 --quiet -o again >/dev/null"
    check "$kind: the same bytes at any thread count" cmp $kind.wav again.wav
done

refused() {
    name=$1 sentence=$2
    shift 2
    convert "$@" --model tiny.safetensors -o no.safetensors >out.txt 2>error.txt
    check "$name is refused" test $? -eq 2
    check "$name: it says why" grep -q "$sentence" error.txt
    check "$name leaves nothing" test ! -e no.safetensors
}
refused "another sample rate" "sample_rate is 22050" hifi.pt --config fast.json --type hifi-gan
refused "a checkpoint of another kind" "is missing" hifi.pt --config bigvgan.json --type bigvgan
refused "what has no place" "has no place for" hifi.pt --config short.json --type hifi-gan
refused "public Vocos" "same-mels" vocos.pt --config vocos.json --type vocos
# VGGish for the evaluation
must "VGGish is converted" python3 -m momu.convert vggish vggish.pt -o vggish.safetensors
mkdir pairs
for kind in hifi bigvgan; do cp $kind.wav $kind.bvh pairs/; done
"$momu" eval --generated pairs --reference pairs --against pairs --vggish vggish.safetensors --quiet >eval.txt 2>eval.err
check "VGGish evaluates" grep -q "Frechet (VGGish)" eval.txt
python3 -m momu.convert vggish hifi.pt -o no.safetensors >out.txt 2>error.txt
check "a vocoder is no VGGish" test $? -eq 2
check "it says why" grep -q "features.0.weight is missing" error.txt
"$momu" eval --generated pairs --reference pairs --vggish tiny.safetensors --quiet >out.txt 2>error.txt
check "a model is no VGGish" grep -q "momu.vggish is missing" error.txt
echo "no checkpoint" >text.pt
refused "a text" "no PyTorch checkpoint" text.pt --config hifi.json --type hifi-gan
finish
