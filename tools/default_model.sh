#!/bin/sh
# Makes the default model from the raw data, from beginning to end: lists, pairs, training.
#
#   tools/default_model.sh MOMU DATA MUSIC OUT [MINUTES]
#
# MOMU     the built command
# DATA     a folder with cmu/*.tar.xz (CMU Graphics Lab takes) and loops/*.glb (CC0 animations)
# MUSIC    a folder with the unpacked Debian packages fretsonfire-songs-sectoid, noiz2sa-data, mu-cade-data,
#          parsec47-data, torus-trooper-data, tumiki-fighters-data, titanion-data, gunroar-data
#          (apt-get download NAME && dpkg -x NAME*.deb MUSIC)
# OUT      where everything goes; the model is OUT/train/model.safetensors
# MINUTES  training time in all (45)
set -eu
momu=$1 data=$2 music=$3 out=$4 minutes=${5:-45}
mkdir -p "$out/cmu"

for archive in "$data"/cmu/*.tar.xz; do
    tar -xJf "$archive" -C "$out/cmu"
done

# Takes 05_06, 05_13 and 05_19 are held out whole: they judge models.
tab=$(printf '\t')
{
    find "$out/cmu" -name '05_*.bvh' ! -name '05_06.bvh' ! -name '05_13.bvh' ! -name '05_19.bvh' |
        sort | sed "s/\$/${tab}${tab}3/"
    for take in Dance_Loop Walk_Formal_Loop; do
        printf '%s\t%s\t1\n' "$data/loops/human-base-animations.glb" "$take"
    done
    for take in 'Dance Body Roll' 'Dance Charleston' 'Dance Reach Hip' 'Jumping Jacks' 'Head Nod' \
        'Victory'; do
        printf '%s\t%s\t1\n' "$data/loops/human-addon-animations.glb" "$take"
    done
} >"$out/moves.list"

# The tracks 'War of freedom', stg3.ogg (noiz2sa) and tt3.ogg are held out whole. Stems (guitar, rhythm, drums) are
# parts of songs that are there as songs too.
find "$music" -type f \( -name '*.ogg' -o -name '*.OGG' -o -name '*.mp3' -o -name '*.wav' \) -size +200k \
    ! -ipath '*war*of*freedom*' ! -path '*noiz2sa*stg3.ogg' ! -name 'tt3.ogg' ! -name 'guitar.ogg' \
    ! -name 'rhythm.ogg' ! -name 'drums.ogg' ! -name 'preview.ogg' | sort >"$out/music.list"

"$momu" pairs --moves "$out/moves.list" --music "$out/music.list" -o "$out/pairs" --hours 3 --seed 1
license='CC BY 4.0'
sources='Dances: CMU Graphics Lab Motion Capture Database, subject 05 (free for all uses; mocap.cs.cmu.edu), and CC0 animations by Mesh2Motion/Quaternius. Music: tracks of the Debian packages fretsonfire-songs-sectoid (Expat), noiz2sa-data, mu-cade-data, parsec47-data, torus-trooper-data, tumiki-fighters-data, titanion-data and gunroar-data (BSD-2-Clause). Pairs by momu pairs.'
part() { awk "BEGIN { print $minutes * $1 }"; }
train() {
    stage=$1 share=$2 rate=$3
    shift 3
    "$momu" train "$stage" --preset small --data "$out/pairs" --out "$out/train" --minutes "$(part "$share")" \
        --rate "$rate" --seed 1 --threads 2 --license "$license" --training-data "$sources" "$@"
}
train music 0.23 8e-4
train motion 0.17 8e-4
train to-music 0.39 8e-4
train to-motion 0.21 8e-4 --bf16
