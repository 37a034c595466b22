#!/bin/sh
# The main job, file to file, with a new tiny model: both directions and joint generation.
. "$(dirname "$0")/common.sh"

must "model-new" "$momu" model-new --preset tiny --seed 1 -o tiny.safetensors
model="--model tiny.safetensors"

# --- joint, which also makes the inputs of the rest ---
must "joint" "$momu" joint $model --seconds 3 --seed 5 --steps 3 --threads 1 --json -o pair >pair.json
must "joint wrote sound" test -s pair.wav
must "joint wrote motion" test -s pair.bvh
check "joint says its seed" test "$("$probe" json seed <pair.json)" = 5
check "joint says its steps" test "$("$probe" json steps <pair.json)" = 3
check "joint says its length" within "$("$probe" json seconds <pair.json)" 3 0.001
for key in audio motion peak rms flatness skate_before skate_after beat_agreement beat_agreement_chance tempo \
    guidance_music guidance_motion guidance_start_music guidance_start_motion latent_frames genre genre_confidence tempo_used beats_confidence; do
    "$probe" json $key <pair.json >value || bad "joint prints $key"
    checks=$((checks + 1))
done
set -- $("$probe" audio pair.wav)
check "joint: sound of 3 s" within "$1" 48000 1024
check "joint: sound at 16 kHz" test "$2" = 16000
check "joint: sound is not silent" within "$3" 0.5 0.4999
check "joint: sound is not clipped" within "$3" 0 0.9999
set -- $("$probe" motion pair.bvh)
check "joint: motion of 3 s" within "$1" 180 4
check "joint: motion at 60 frames a second" within "$2" 60 0.01
check "joint: motion of 22 joints" test "$(grep -cE 'ROOT|JOINT' pair.bvh)" = 22
must "joint, two threads" "$momu" joint $model --seconds 3 --seed 5 --steps 3 --threads 2 -o pair2 >text
check "text result names the sound" grep -q pair2.wav text
check "same sound for 1 and 2 threads" cmp pair.wav pair2.wav
check "same motion for 1 and 2 threads" cmp pair.bvh pair2.bvh
must "joint, another seed" "$momu" joint $model --seconds 3 --seed 6 --steps 3 -o pair3 >text
check "another seed, another sound" sh -c '! cmp -s pair.wav pair3.wav'

# --- a dance to music ---
must "motion-to-music" "$momu" motion-to-music $model pair.bvh --seed 3 --steps 2 --threads 1 --json -o song.wav >song.json
set -- $("$probe" audio song.wav)
check "music as long as the dance" within "$1" 48000 1024
check "music: JSON names it" test "$("$probe" json audio <song.json)" = song.wav
must "motion-to-music, two threads" "$momu" motion-to-music $model pair.bvh --seed 3 --steps 2 --threads 2 -o song2.wav >text
check "same music for 1 and 2 threads" cmp song.wav song2.wav
must "motion-to-music, 44100 Hz flac" "$momu" motion-to-music $model pair.bvh --steps 1 --rate 44100 -o song.flac >text
set -- $("$probe" audio song.flac)
check "music at the asked rate" test "$2" = 44100
check "music as long as the dance at that rate" within "$1" 132300 2823
must "motion-to-music, ogg" "$momu" motion-to-music $model pair.bvh --steps 1 --guidance 1 --sampler ddim -o song.ogg >text
check "an Ogg file" test "$(head -c 4 song.ogg)" = OggS
must "motion-to-music, a part" "$momu" motion-to-music $model pair.bvh --steps 1 --seconds 1.5 -o part.wav >text
set -- $("$probe" audio part.wav)
check "as long as asked" within "$1" 24000 1024

# --- music to a dance ---
must "music-to-motion" "$momu" music-to-motion $model song.ogg --seed 3 --steps 2 --threads 1 --json -o dance.bvh >dance.json
set -- $("$probe" motion dance.bvh)
check "dance as long as the music" within "$1" 180 4
check "dance of 22 joints" test "$(grep -cE 'ROOT|JOINT' dance.bvh)" = 22
must "music-to-motion, two threads" "$momu" music-to-motion $model song.ogg --seed 3 --steps 2 --threads 2 -o dance2.bvh >text
check "same dance for 1 and 2 threads" cmp dance.bvh dance2.bvh
must "music-to-motion, 30 frames a second" "$momu" music-to-motion $model song.flac --steps 1 --fps 30 --no-foot-lock -o dance.npz >text
set -- $("$probe" motion dance.npz)
check "dance at the asked rate" within "$2" 30 0.01
check "dance as long as the music at that rate" within "$1" 90 2

# --- beats, info, help ---
must "beats of music" "$momu" beats song.wav --json >beats.json
check "beats: music" test "$("$probe" json kind <beats.json)" = music
must "beats of a dance" "$momu" beats dance.bvh --json >beats.json
check "beats: motion" test "$("$probe" json kind <beats.json)" = motion
must "beats as text" "$momu" beats song.wav >text
check "beats: tempo is said" grep -q '^tempo ' text
must "info" "$momu" info tiny.safetensors --json >info.json
check "info: preset" test "$("$probe" json preset <info.json)" = tiny
check "info by \$MOMU_MODEL" env MOMU_MODEL=tiny.safetensors "$momu" info
for command in motion-to-music music-to-motion joint beats info model-new; do
    "$momu" $command --help >text 2>error || bad "$command --help"
    [ -s text ] && [ ! -s error ] || bad "$command --help prints to standard output"
    checks=$((checks + 2))
done
check "momu --help" "$momu" --help
check "momu --version" "$momu" --version

# --- no bar in a pipe, nothing but the results ---
"$momu" joint $model --seconds 1 --steps 1 -o quiet >text 2>error
check "nothing on standard error in a pipe" test ! -s error
check "no temporary files stay" test -z "$(ls -A | grep -v -E '^(tiny.safetensors|pair[23]?[.](wav|bvh|json)|song2?[.](wav|flac|ogg|json)|part.wav|dance2?[.](bvh|npz|json)|beats.json|info.json|quiet[.](wav|bvh)|text|error|value)$')"
finish
