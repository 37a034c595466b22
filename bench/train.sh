#!/bin/sh
# Training speed beside PyTorch's: bench/train.sh MOMU PYTHON [PRESET...]
# Every network for 20 steps here and in reference/, from the same weights, on pairs of the same
# corpus, batches of the same shape, two threads. PYTHON has what reference/requirements.txt names.
# GFLOP are those that PyTorch counts for a step; sgemm is measured beside each of its runs.
set -eu
momu=$(realpath "$1") python=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OPENBLAS_NUM_THREADS=2 OMP_NUM_THREADS=2
"$momu" corpus --hours 0.15 --seed 3 --no-original --quiet -o "$work/corpus" >/dev/null

# rate CSV: steps a second between the rows of steps 10 and 30
rate() {
    awk -F, '$1 == 10 { a = $2 } $1 == 30 { b = $2 } END { printf "%.4f", 20 / (b - a) }' "$1"
}

printf '| preset | network | here, steps/s | PyTorch, steps/s | ratio | GFLOP a step | here, GFLOP/s | sgemm there, GFLOP/s | share |\n'
printf '|---|---|---|---|---|---|---|---|---|\n'
for preset in ${*:-small base}; do
    out=$work/$preset
    mkdir "$out"
    "$momu" model-new --preset "$preset" --seed 1 -o "$out/model.safetensors" >/dev/null
    for stage in music motion to-music to-motion; do
        case $stage in
        music | motion) log=$stage batch=16 seconds=4 ;;
        to-music) log=motion_to_music batch=24 seconds=5 ;;
        *) log=music_to_motion batch=24 seconds=5 ;;
        esac
        cp "$out/model.safetensors" "$work/start.safetensors"
        options="--data $work/corpus --threads 2 --batch $batch --seconds $seconds --steps 30 --validate 100000 --samples 0 --gan 0 --quiet"
        best=0
        for round in 1 2 3; do
            rm -rf "$work/run"
            # shellcheck disable=SC2086
            /usr/bin/env time -f '%M' -o "$work/memory" "$momu" train $stage $options --init "$work/start.safetensors" --out "$work/run"
            best=$(printf '%s %s\n' "$best" "$(rate "$work/run/log-$log.csv")" | awk '{ print ($1 > $2) ? $1 : $2 }')
        done
        cp "$work/run/model.safetensors" "$out/model.safetensors"
        "$python" "$here/train_reference.py" "$stage" "$work/start.safetensors" "$work/corpus" $batch $seconds >"$work/theirs"
        "$python" "$here/train_reference.py" "$stage" "$work/start.safetensors" "$work/corpus" $batch $seconds >>"$work/theirs"
        awk -v ours="$best" -v preset="$preset" -v stage="$stage" -v memory="$(tail -n 1 "$work/memory")" '
            { if ($1 > rate) rate = $1; flop = $2; if ($3 > peak) peak = $3 }
            END { printf "| %s | %s (%.2f GiB) | %.2f | %.2f | %.2f | %.1f | %.0f | %.0f | %.2f |\n", preset, stage,
                  memory / 1048576, ours, rate, ours / rate, flop, ours * flop, peak, ours * flop / peak }' "$work/theirs"
    done
done
