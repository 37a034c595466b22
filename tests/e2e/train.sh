#!/bin/sh
# Training by the command: killed at any moment it continues to the same bytes; what it writes; how it
# reports broken pairs.
. "$(dirname "$0")/common.sh"

must "a small corpus" "$momu" corpus --hours 0.03 --seed 5 --no-original --quiet -o corpus
options="--data corpus --preset tiny --steps 60 --batch 4 --seconds 2 --threads 2 --seed 9 --checkpoint 0.02 --quiet"

must "an unbroken run" "$momu" train all $options --out whole

# Twenty times killed after some random part of a second, through all networks.
round=0
while [ $round -lt 20 ]; do
    round=$((round + 1))
    "$momu" train all $options --out broken --resume 2>killed.log &
    pid=$!
    sleep "$(awk -v seed="$round$$" 'BEGIN { srand(seed); printf "%.3f", 0.15 + 0.5 * rand() }')"
    kill -KILL $pid 2>/dev/null
    wait $pid 2>/dev/null
done
must "the run continues to its end" "$momu" train all $options --out broken --resume
check "the same weights as an unbroken run" cmp whole/model.safetensors broken/model.safetensors
check "no half file is left" test -z "$(find broken -name '*.part*' -o -name '*.tmp*')"
for network in music motion motion_to_music music_to_motion genre_classifier beat_tracker keypoints; do
    check "log of $network" test -s "broken/log-$network.csv"
    check "picture of $network's loss" grep -q '</svg>' "broken/loss-$network.svg"
    check "$network's steps rise" awk -F, 'NR > 1 && $1 <= last { exit 1 } NR > 1 { last = $1 } END { exit last != 60 }' "broken/log-$network.csv"
done
check "the discriminator took part" awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "discriminator") column = i } $column > 0 { learned = 1 } END { exit !learned }' whole/log-music.csv

# Keypoints of a picture go into a model of bodies once its encoder of keypoints is trained.
must "a model of keypoints" "$momu" model-new --preset tiny-directions2d --seed 1 -o flat.safetensors
must "a dance as keypoints" "$momu" joint --model flat.safetensors --seconds 3 --quiet -o keypoints
must "music for keypoints" sh -c "'$momu' motion-to-music --model whole/model.safetensors keypoints.npz --quiet -o keypoints.wav >/dev/null"
check "music is there" test -s keypoints.wav
must "an untrained model" "$momu" model-new --preset tiny --seed 1 -o untrained.safetensors
"$momu" motion-to-music --model untrained.safetensors keypoints.npz -o no.wav 2>error.txt
check "without that it is refused" test $? -eq 2
check "it names the reason" grep -q "keypoint" error.txt

# What the options of the losses do
must "without a discriminator" "$momu" train music $options --gan 0 --out plain
check "other weights" test -n "$(cmp whole/model.safetensors plain/model.safetensors 2>&1)"
check "no discriminator" awk -F, '{ for (i = 1; i <= NF; i++) if (NR == 1 && $i == "discriminator") column = i } NR > 1 && $column > 0 { exit 1 }' plain/log-music.csv
"$momu" train music --data corpus --out x --preset tiny --gan-start 2 2>error.txt
check "a start beyond the run is refused" test $? -eq 2
check "it names the option" grep -q 'gan-start is 2' error.txt

# Samples on the way
must "samples" sh -c "'$momu' train all $options --steps 4 --samples 4 --out sampled"
for network in music motion motion_to_music music_to_motion keypoints; do
    check "a picture of $network" test "$(head -c 8 sampled/samples/$network-0000004.png | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a
done
check "a sound of music" test -s sampled/samples/music-0000004.wav
check "a sound for a dance" test -s sampled/samples/motion_to_music-0000004.wav
must "a dance for a song can be read" "$momu" beats sampled/samples/music_to_motion-0000004.bvh >/dev/null

# Fine-tuning and checking
must "fine-tuning" "$momu" train motion $options --steps 10 --init whole/model.safetensors --out tuned
must "check" sh -c "'$momu' check whole/model.safetensors --data corpus/train --json >check.json"
for key in music_l1 high_energy motion_l1 joint_error_cm recall_1 recall_5; do
    check "check prints $key" grep -q "\"$key\": \[" check.json
done

# A broken pair is named and left out.
mkdir pairs
for file in corpus/train/*; do cp "$file" pairs/; done
first=$(ls pairs/*.flac | head -n 1)
echo "no sound" >"$first"
must "training with a broken pair" sh -c "'$momu' train music --data pairs --preset tiny --steps 2 --batch 2 --seconds 2 --out y 2>broken.txt"
check "it is named" grep -q "$(basename "$first")" broken.txt
check "it is counted" grep -q "1 broken" broken.txt
finish
