"""The example song, composed and synthesised here: 118 BPM, eight bars, drums, bass, chords and a tune.

python make_song.py song.wav   (NumPy and soundfile); song.ogg is its Ogg Vorbis form.
"""
import sys

import numpy as np
import soundfile

RATE, BPM, BARS = 44100, 118.0, 8
BEAT = 60.0 / BPM
rng = np.random.default_rng(4)
song = np.zeros(int((BARS * 4 * BEAT + 1.0) * RATE))


def add(start, sound, gain):
    first = int(start * RATE)
    last = min(len(song), first + len(sound))
    song[first:last] += gain * sound[: last - first]


def times(seconds):
    return np.arange(int(seconds * RATE)) / RATE


def kick():
    t = times(0.28)
    return np.sin(2 * np.pi * (45 * t + 9 * (1 - np.exp(-t * 28)) / 28 * 28)) * np.exp(-t * 13)


def snare():
    t = times(0.2)
    return (rng.standard_normal(len(t)) * 0.7 + np.sin(2 * np.pi * 190 * t)) * np.exp(-t * 22)


def hat(length):
    t = times(length)
    return np.diff(rng.standard_normal(len(t) + 1)) * np.exp(-t * 60)


def note(midi, seconds, partials, decay):
    t = times(seconds)
    pitch = 440 * 2 ** ((midi - 69) / 12)
    tone = sum(level * np.sin(2 * np.pi * pitch * (k + 1) * t) for k, level in enumerate(partials))
    return tone * np.exp(-t * decay) * np.minimum(1, t * 200) * np.minimum(1, (seconds - t) * 60)


CHORDS = [(45, (57, 60, 64)), (41, (57, 60, 65)), (48, (55, 60, 64)), (43, (55, 59, 62))]
TUNE = [76, None, 74, 72, None, 69, 72, None, 74, None, 72, 69, 67, None, 69, None]

for bar in range(BARS):
    root, chord = CHORDS[bar % 4]
    for beat in range(4):
        start = (bar * 4 + beat) * BEAT
        add(start, kick(), 0.9 if beat % 2 == 0 else 0.6)
        if beat % 2 == 1:
            add(start, snare(), 0.35)
        for half in range(2):
            add(start + half * BEAT / 2, hat(0.06), 0.10 if half else 0.16)
            add(start + half * BEAT / 2, note(root + 12 * half, BEAT / 2, (1, 0.5, 0.25), 4), 0.28)
    for pitch in chord:
        add(bar * 4 * BEAT, note(pitch, 4 * BEAT, (1, 0.4, 0.2, 0.1), 0.6), 0.08)
    if bar >= 2:
        for step, pitch in enumerate(TUNE[(bar % 2) * 8:(bar % 2) * 8 + 8]):
            if pitch:
                add(bar * 4 * BEAT + step * BEAT / 2, note(pitch, BEAT / 2, (1, 0.3, 0.3, 0.1), 5), 0.16)

song /= np.abs(song).max() * 1.1
soundfile.write(sys.argv[1], song, RATE)
