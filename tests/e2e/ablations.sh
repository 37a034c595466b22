#!/bin/sh
# The ablations that are presets: each trains for a few steps on pairs of body and sound, and what was trained generates in
# both directions and jointly, with the same bytes at any number of threads.
. "$(dirname "$0")/common.sh"

must "model-new" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
mkdir pairs
for seed in 1 2 3 4; do
    must "pair $seed" "$momu" joint --model tiny.safetensors --seconds 3 --seed $seed --steps 2 -o pairs/p$seed >text
    echo '{"tempo":120}' >pairs/p$seed.json
done

trains() { # PRESET
    must "$1: trains" "$momu" train all --preset $1 --data pairs --out $1 --steps 3 --batch 2 --seconds 2 --seed 1 --threads 1 >text
    must "$1: wrote a model" test -s $1/model.safetensors
    model="--model $1/model.safetensors"
    "$momu" info $1/model.safetensors --json >info.json
    check "$1: info" test "$("$probe" json preset <info.json)" = $1
    check "$1: a step's loss was logged" test "$(wc -l <$1/log-music_to_motion.csv)" -ge 2
}

# makes PRESET EXTENSION: all three verbs, twice; EXTENSION of its dances
makes() {
    for threads in 1 2; do
        must "$1: motion-to-music" "$momu" motion-to-music $model pairs/p1.bvh --seed 3 --steps 3 --threads $threads -o song$threads.wav >text
        must "$1: music-to-motion" "$momu" music-to-motion $model pairs/p2.wav --seed 3 --steps 3 --threads $threads -o dance$threads$2 >text
        must "$1: joint" "$momu" joint $model --seconds 2.3 --seed 3 --steps 3 --threads $threads -o both$threads >text
    done
    check "$1: same music" cmp song1.wav song2.wav
    check "$1: same dance" cmp dance1$2 dance2$2
    check "$1: same joint music" cmp both1.wav both2.wav
    check "$1: same joint dance" cmp both1$2 both2$2
    must "$1: other music" "$momu" music-to-motion $model pairs/p3.wav --seed 3 --steps 3 -o other$2 >text
    check "$1: another dance" sh -c "! cmp -s dance1$2 other$2"
    must "$1: a tempo" "$momu" motion-to-music $model pairs/p1.bvh --seed 3 --steps 3 --tempo 90 -o tempo.wav >text
    check "$1: other music" sh -c "! cmp -s song1.wav tempo.wav"
    set -- $("$probe" audio song1.wav) $("$probe" motion dance1$2)
    check "music as long as the dance" within "$1" 48000 1024
    check "dance as long as the music" within "$4" 180 4
}

trains tiny-unet
makes tiny-unet .bvh

trains tiny-directions2d
makes tiny-directions2d .npz
"$momu" music-to-motion $model pairs/p2.wav --steps 1 -o flat.bvh 2>error
check "keypoints: BVH is refused" test $? -eq 2
check "keypoints: and the extension named" grep -q "flat.bvh.*expected .npz" error
check "keypoints: nothing was written" test ! -e flat.bvh
must "keypoints: a dance of them is input" "$momu" motion-to-music $model dance1.npz --steps 1 --json -o flat.wav >flat.json
check "keypoints: beats" "$momu" beats dance1.npz >text
"$momu" joint $model --seconds 1 --steps 1 --json -o flat >joint.json
check "keypoints: joint names its .npz" test "$("$probe" json motion <joint.json)" = flat.npz
check "keypoints: no foot skate is measured" sh -c "! grep -q skate joint.json"
"$momu" motion-to-music --model tiny.safetensors dance1.npz --steps 1 -o no.wav 2>error
check "a model of bodies refuses keypoints" test $? -eq 2
mkdir flat
for seed in 1 2 3; do
    cp pairs/p$seed.wav flat/ && cp dance1.npz flat/p$seed.npz
done
must "keypoints: are trained on" "$momu" train motion --init tiny-directions2d/model.safetensors --data flat --out again --steps 2 --batch 2 --seconds 2 --threads 1 >text
finish
