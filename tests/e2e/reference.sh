#!/bin/sh
# Every stage of reference/ on the CPU, where there is PyTorch: the command goes on with what comes out. $3 reference
python3 -c 'import torch, safetensors, numpy, scipy, soundfile' 2>/dev/null || exit 77
reference=$(realpath "$3")
. "$(dirname "$0")/common.sh"
export PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore OMP_NUM_THREADS=1

must "a small corpus" "$momu" corpus --hours 0.03 --seed 5 --no-original --quiet -o corpus
cat >start.py <<'END'
import sys
sys.path.insert(0, sys.argv[1])
from momu_reference import config
from momu_reference.bundle import Bundle, save
small = config.preset("tiny")
small["vocoder"] = {"type": "vocos", "dim": 32, "ffn": 64, "layers": 2}
save(Bundle(small), "start.safetensors")
END
must "a model to start from" python3 start.py "$reference"
train() {
    stage=$1
    shift
    python3 "$reference/train.py" "$stage" --init start.safetensors --steps 12 --batch 4 --seconds 2 --seed 3 --device cpu --gan-start 0.4 "$@" >log.txt 2>&1 ||
        { tail -n 5 log.txt; return 1; }
}

must "all stages" train all --data corpus --out whole --seconds 1.024 --periods
for network in music_vae motion_vae motion_to_music music_to_motion genre beats keypoints vocoder; do
    check "$network was trained" grep -q "^$network 12/12" log.txt
done
must "music for a dance" sh -c "'$momu' motion-to-music --model whole/model.safetensors '$(ls "$PWD"/corpus/train/*.npz | head -n 1)' --seconds 5 --steps 4 --quiet -o made.wav >/dev/null"
check "a sound" test -s made.wav
must "the command trains on" "$momu" train to-music --data corpus --init whole/model.safetensors --steps 2 --batch 2 --seconds 2 --quiet --out more

# Killed and gone on with: as many steps, the same weights
train music --data corpus --out straight --steps 60
python3 -c "
import sys; sys.path.insert(0, '$reference')
import momu_reference.trainer as t; t.EVERY = 0.05
sys.argv = ['train.py'] + '''music --init start.safetensors --steps 60 --batch 4 --seconds 2 --seed 3 --device cpu --gan-start 0.4 --data corpus --out broken'''.split()
import train, os
save = t.Run.save
def killed(run):
    save(run)
    if run.steps > 30: os._exit(9)
t.Run.save = killed
train.main()" >/dev/null 2>&1
check "it was killed" test $? -eq 9
check "a checkpoint is left" test -s broken/checkpoint.pt
must "it goes on" train music --data corpus --out broken --steps 60 --resume
check "from where it was" grep -q "from step 3" log.txt
check "the same weights" cmp straight/model.safetensors broken/model.safetensors

# Packed data
for what in mels sound latents; do
    must "packed $what" python3 "$reference/pack.py" corpus $what.npz --mib 4 --what $what --model whole/model.safetensors
    check "within its size" test "$(stat -c %s $what.npz)" -le 4194304
done
must "mels train" train motion --data mels.npz --out packed
must "sound trains" train vocoder --init whole/model.safetensors --data sound.npz --out packed --seconds 1.024
must "latents train" train diffusion --init whole/model.safetensors --data latents.npz --out packed
python3 "$reference/pack.py" corpus no.npz --what latents >out.txt 2>error.txt
check "latents without a model are refused" test $? -ne 0
check "it says why" grep -q -- --model error.txt
finish
