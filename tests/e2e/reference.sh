#!/bin/sh
# Trains every stage of reference/ on the CPU, where there is PyTorch; the command loads the model and
# trains it on. $3 reference
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
for network in music_vae motion_vae motion_to_music music_to_motion genre_classifier beat_tracker keypoints vocoder; do
    check "$network was trained" grep -q "^$network 12/12" log.txt
done
must "music for a dance" sh -c "'$momu' motion-to-music --model whole/model.safetensors '$(ls "$PWD"/corpus/train/*.npz | head -n 1)' --seconds 5 --steps 4 --quiet -o made.wav >/dev/null"
check "a sound" test -s made.wav
must "the command trains it on" "$momu" train to-music --data corpus --init whole/model.safetensors --steps 2 --batch 2 --seconds 2 --quiet --out more

# Format 1 is read by the names of format 2, and graft.py adds networks to such a file
cat >formats.py <<'END'
import sys
import torch
from safetensors import safe_open
sys.path.insert(0, sys.argv[1])
from momu_reference.bundle import load, save_format1
whole = load("whole/model.safetensors")
save_format1(whole, "old.safetensors")
with safe_open("old.safetensors", "pt") as file:
    assert file.metadata()["momu.format"] == "1" and "beats.motion.first.weight" in file.keys()
with safe_open("whole/model.safetensors", "pt") as file:
    assert file.metadata()["momu.format"] == "2" and file.metadata()["momu.min_reader"] == "3"
    assert "beat_tracker.motion.first.weight" in file.keys()
old = load("old.safetensors")
assert old.config == whole.config
for name, value in whole.state_dict().items():
    assert torch.equal(value, old.state_dict()[name]), name
END
must "format 1 is read" python3 formats.py "$reference"
must "the command reads it, too" "$momu" info old.safetensors --json >old.json
must "an untrained model" "$momu" model-new --preset tiny --seed 1 -o untrained.safetensors
must "networks are grafted into it" python3 "$reference/graft.py" old.safetensors untrained.safetensors grafted.safetensors genre_classifier beat_tracker
must "the grafted model trains" "$momu" train beat-tracker --data corpus --init grafted.safetensors --steps 2 --batch 2 --seconds 2 --quiet --out grafted

# Killed and continued: as many steps, the same weights
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
must "it continues" train music --data corpus --out broken --steps 60 --resume
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
