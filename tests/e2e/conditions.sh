#!/bin/sh
# Waves instead of mels, MFCCs and dances through learned encoders: each preset trains for a few steps, generates with the same
# bytes at any number of threads, and the condition matters.
. "$(dirname "$0")/common.sh"

must "model-new" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
mkdir pairs
for seed in 1 2 3 4; do
    must "pair $seed" "$momu" joint --model tiny.safetensors --seconds 3 --seed $seed --steps 2 -o pairs/p$seed >text
    echo '{"tempo":120}' >pairs/p$seed.json
done
options="--data pairs --steps 3 --batch 2 --seconds 2 --seed 1"

trains() { # PRESET
    must "$1: trains" "$momu" train all --preset $1 $options --samples 3 --out $1 --threads 1 >text
    must "$1: on two threads" "$momu" train all --preset $1 $options --samples 3 --out $1-two --threads 2 >text
    check "$1: the same weights" cmp $1/model.safetensors $1-two/model.safetensors
    model="--model $1/model.safetensors"
    "$momu" info $1/model.safetensors --json >info.json
    check "$1: info" test "$("$probe" json preset <info.json)" = $1
    for network in music motion motion_to_music music_to_motion; do
        check "$1: a picture of $network" test -s $1/samples/$network-0000003.png
    done
    check "$1: a sound" test -s $1/samples/motion_to_music-0000003.wav
}

makes() { # PRESET
    for threads in 1 2; do
        must "$1: motion-to-music" "$momu" motion-to-music $model pairs/p1.bvh --seed 3 --steps 3 --threads $threads -o song$threads.wav >text
        must "$1: music-to-motion" "$momu" music-to-motion $model pairs/p2.wav --seed 3 --steps 3 --threads $threads -o dance$threads.bvh >text
    done
    check "$1: same music" cmp song1.wav song2.wav
    check "$1: same dance" cmp dance1.bvh dance2.bvh
    must "$1: other music" "$momu" music-to-motion $model pairs/p3.wav --seed 3 --steps 3 -o other.bvh >text
    check "$1: another dance" sh -c "! cmp -s dance1.bvh other.bvh"
    must "$1: another dance" "$momu" motion-to-music $model pairs/p3.bvh --seed 3 --steps 3 -o other.wav >text
    check "$1: other music" sh -c "! cmp -s song1.wav other.wav"
    set -- $("$probe" audio song1.wav) $("$probe" motion dance1.bvh)
    check "music as long as the dance" within "$1" 48000 1024
    check "dance as long as the music" within "$4" 180 4
}

trains tiny-wave
makes tiny-wave
check "waves: no vocoder" test "$("$probe" json vocoder <info.json)" = none
must "waves: both" "$momu" joint $model --seconds 2.3 --seed 3 --steps 3 -o both >text
check "waves: as long as asked" within "$("$probe" audio both.wav | cut -d ' ' -f 1)" 36800 1024
"$momu" check tiny-wave/model.safetensors --data pairs 2>error
check "waves: metrics of mels are refused" test $? -ne 0
check "waves: with the reason" grep -q "reads samples" error

refuses_joint() { # PRESET
    "$momu" joint $model --seconds 2 --steps 2 -o no 2>error
    check "$1: joint is refused" test $? -ne 0
    check "$1: with the reason" grep -q "learned encoder" error
    check "$1: nothing was written" test ! -e no.wav
}

trains tiny-mfcc
makes tiny-mfcc
refuses_joint tiny-mfcc

trains tiny-floor
makes tiny-floor
refuses_joint tiny-floor

# No autoencoder stands before the condition: none of its side has to be trained.
must "floor: the music autoencoder" "$momu" train music --preset tiny-floor $options --out alone >text
must "floor: music from dances without a motion autoencoder" "$momu" train to-music --preset tiny-floor $options --out alone >text
"$momu" train to-motion --preset tiny-floor $options --out alone 2>error
check "floor: dances need theirs" grep -q "needs trained autoencoders" error

# Killed while an encoder trains, it continues to the same weights.
long="--data pairs --steps 200 --batch 2 --seconds 2 --seed 1 --init tiny-mfcc/model.safetensors"
must "mfcc: unbroken" "$momu" train to-motion $long --out whole >text
"$momu" train to-motion $long --checkpoint 0.05 --out broken >killed.log 2>&1 &
pid=$!
sleep 0.4
kill -KILL $pid 2>/dev/null
wait $pid 2>/dev/null
must "mfcc: continues" "$momu" train to-motion $long --out broken --resume >text
check "mfcc: the same weights" cmp whole/model.safetensors broken/model.safetensors
finish
