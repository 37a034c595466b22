#!/bin/sh
# A training step takes no memory but its arena's: twice the steps, and the only blocks more are those of the log. $3 the counter
counter=$(realpath "$3")
. "$(dirname "$0")/common.sh"

must "a small corpus" "$momu" corpus --hours 0.03 --seed 5 --no-original --quiet -o corpus
must "a model" "$momu" train all --preset tiny --data corpus --out start --steps 4 --batch 2 --seconds 2 --samples 0 --quiet

# blocks STAGE STEPS
blocks() {
    LD_PRELOAD=$counter "$momu" train "$1" --init start/model.safetensors --data corpus --out run --steps "$2" --batch 4 --seconds 5 --threads 2 \
        --samples 0 --validate 100000 --gan-start 0.1 --seed 1 --quiet 2>&1 | sed -n 's/^blocks //p'
    rm -r run
}
for stage in music motion to-music to-motion genre-classifier beat-tracker keypoints; do
    few=$(blocks $stage 50) many=$(blocks $stage 100)
    # every ten steps a line of the log: its file's block, its buffer, its copy
    check "$stage: $few blocks in 50 steps, $many in 100" test $((many - few)) -le 20
done
finish
