#!/bin/sh
# includes.sh LIB: who may include whom (docs/ARCHITECTURE.md), read from the sources themselves.
set -u
cd "$1" || exit 1
failed=0

# allowed SUBJECT: the subjects that it may include, besides itself.
allowed() {
    case $1 in
    base) echo "" ;;
    dsp | motion | nn) echo base ;;
    io) echo base motion ;;
    models) echo base nn dsp motion io ;;
    diffusion) echo base nn ;;
    draw) echo base motion ;;
    view) echo base dsp motion io draw ;;
    metrics) echo base nn dsp motion io models ;;
    corpus) echo base dsp motion io ;;
    train) echo base nn dsp motion io models diffusion metrics draw corpus ;;
    evaluate) echo base nn dsp motion io models metrics train ;;
    api) echo base nn dsp motion io models diffusion ;;
    *) return 1 ;;
    esac
}

for folder in */; do
    subject=${folder%/}
    if ! list=$(allowed "$subject"); then
        echo "lib/$subject: no such subject in the house" >&2
        failed=1
        continue
    fi
    # "file:subject" of every include in quotation marks
    found=$(grep -rEo '^ *# *include +"[a-z0-9_]+/' --include='*.c' --include='*.h' "$subject" |
        sed -E 's/^([^:]*):.*"([a-z0-9_]+)\/$/\1:\2/' | sort -u)
    for pair in $found; do
        to=${pair#*:}
        [ "$to" = "$subject" ] && continue
        case " $list " in
        *" $to "*) ;;
        *)
            echo "lib/${pair%:*} includes \"$to/\", which $subject may not" >&2
            failed=1
            ;;
        esac
    done
    # includes without a folder hide where they lead to
    if grep -rnE '^ *# *include +"[^/"]+"' --include='*.c' --include='*.h' "$subject" >&2; then
        echo "lib/$subject: the includes above are not written from lib/" >&2
        failed=1
    fi
done

# only LIBRARY HEADER-PATTERN FILE-PATTERN: headers of a foreign library are seen by these files alone.
only() {
    hits=$(grep -rlE "^ *# *include +<($2)>" --include='*.c' --include='*.h' . | sed 's/^\.\///' | grep -vE "$3")
    [ -z "$hits" ] && return
    echo "$1 is seen by: $hits" >&2
    failed=1
}
only libsndfile 'sndfile\.h' '^io/'
only zlib 'zlib\.h' '^io/'
only libfluidsynth 'fluidsynth\.h' '^corpus/music/'
only cJSON '(cjson/)?cJSON\.h' '^io/'
only libsoxr 'soxr\.h' '^dsp/resample\.c$'
only FFT 'fftw3\.h|kissfft/.*|kiss_fft.*\.h' '^dsp/fft\.c$'
only BLAS '(openblas/)?cblas.*\.h' '^nn/(gemm|symmetric)\.c$'
only fluidsynth 'fluidsynth.*' '^corpus/'
exit $failed
