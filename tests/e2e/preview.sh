#!/bin/sh
# momu preview, also in headless Chromium, and momu render. $3 examples/data, $4 tests/golden
data=$(realpath "$3") || exit 1
golden=$(realpath "$4") || exit 1
here=$(realpath "$(dirname "$0")") || exit 1
. "$(dirname "$0")/common.sh"
dance=$data/dance.bvh song=$data/song.ogg

# fails STATUS WORDS COMMAND...: ends with the status and says so in one sentence
fails() {
    status=$1 words=$2
    shift 2
    "$@" >out 2>err
    [ $? -eq "$status" ] && [ "$(wc -l <err)" -eq 1 ] && grep -q -- "$words" err
}
# png FILE WIDTH: it is a picture of that width, and not of one colour
png() {
    [ "$(od -An -c -N8 "$1" | tr -d ' ')" = '211PNG\r\n032\n' ] && [ "$(od -An -tu1 -j16 -N4 "$1" | awk '{ print $3 * 256 + $4 }')" = "$2" ] &&
        [ "$(wc -c <"$1")" -gt 20000 ]
}

must "60 frames a second" "$momu" convert "$dance" --fps 60 -o fast.bvh >/dev/null
check "a page" "$momu" preview fast.bvh --audio "$song" -o page.html >/dev/null
check "which is one file" sh -c '! grep -Eq "(src|href)=.https?:" page.html'
check "and not large" test "$(wc -c <page.html)" -lt 4000000
check "two dances" "$momu" preview "$dance" --versus "$dance" --audio "$song" -o versus.html >/dev/null
hostile='<img src=x onerror=window.harmed=1>.bvh'
cp "$dance" "$hostile"
check "a hostile title" "$momu" preview "$hostile" --audio "$song" --title '</script><script>window.harmed = 1</script>' -o hostile.html >/dev/null
check "which ends no element" sh -c '! grep -q "<script>window.harmed" hostile.html'
check "a dance alone" "$momu" preview "$dance" -o silent.html >/dev/null
check "a song alone" "$momu" preview --audio "$song" -o song.html >/dev/null
check "keypoints" "$momu" convert "$dance" --for keypoints -o keypoints.npz >/dev/null
check "a page of keypoints" "$momu" preview keypoints.npz --audio "$song" -o keypoints.html >/dev/null
check "a page of positions alone" "$momu" preview "$golden/view/positions.npz" --audio "$song" -o positions.html >/dev/null
"$momu" preview fast.bvh --audio "$song" -o again.html >/dev/null
check "the same page again" cmp -s page.html again.html

check "no dance at all" fails 2 'expected one dance' "$momu" preview -o x.html
check "another extension" fails 2 '.html' "$momu" preview "$dance" -o x.txt
check "no such folder" fails 2 'nowhere' "$momu" preview "$dance" -o nowhere/x.html
check "no such song" fails 2 'gone.wav' "$momu" preview "$dance" --audio gone.wav -o x.html
check "a song for a dance" fails 2 'song.ogg' "$momu" preview "$song" -o x.html
check "an unknown option" fails 2 'unknown option' "$momu" preview "$dance" --colour red -o x.html

check "a sheet" "$momu" render "$dance" --audio "$song" -o sheet.png >/dev/null
check "is a picture" png sheet.png 1600
check "a section of it, narrower" "$momu" render "$dance" --audio "$song" --from 4 --to 9 --row 5 --width 1000 -o part.png >/dev/null
check "is a picture, too" png part.png 1000
check "a sheet without a song" "$momu" render "$dance" -o quiet.png >/dev/null
check "beyond the end" fails 2 'nothing of what lasts' "$momu" render "$dance" --from 100 -o x.png
check "an empty span" fails 2 'no span' "$momu" render "$dance" --from 5 --to 4 -o x.png
check "too small" fails 2 '320' "$momu" render "$dance" --width 100 -o x.png
if command -v ffmpeg >/dev/null 2>&1; then
    check "a film" "$momu" render "$dance" --audio "$song" --to 2 --width 640 --height 360 -o film.mp4 >/dev/null
    ffmpeg -i film.mp4 2>film.txt
    check "with picture and sound" sh -c 'grep -q "Video: h264.*640x360" film.txt && grep -q "Audio: aac" film.txt'
    check "of two seconds" grep -Eq 'Duration: 00:00:0(2.0|1.9)' film.txt
    cp "$song" "a:b.ogg"
    check "a film whose name has a colon" "$momu" render "$dance" --audio "a:b.ogg" --to 0.5 --width 320 --height 240 -o "12:30.mp4" >/dev/null
    check "is there" test -s "12:30.mp4"
    check "an odd film" fails 2 'even' "$momu" render "$dance" --width 641 -o x.mp4
fi
check "a height of a sheet" fails 2 "a film's" "$momu" render "$dance" --height 500 -o x.png
check "rows of a film" fails 2 "a sheet's" "$momu" render "$dance" --row 5 -o x.mp4
check "a sheet of positions alone" "$momu" render "$golden/view/positions.npz" --quiet -o positions.png
check "without ffmpeg a sentence" fails 2 'needs the program ffmpeg' env PATH=/nowhere "$momu" render "$dance" -o x.mp4
check "nothing was left" sh -c '! ls x.* nowhere >/dev/null 2>&1'

if ! command -v chromium >/dev/null 2>&1; then
    echo "there is no chromium: the pages were not opened"
    [ "$failures" -gt 0 ] || exit 77
    finish
fi
check "in a browser" env PYTHONDONTWRITEBYTECODE=1 python3 "$here/preview.py" page.html versus.html hostile.html silent.html song.html positions.html
finish
