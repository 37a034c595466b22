"""Makes the vectors beside it with librosa, NumPy and PyTorch, none of which the library or its tests need.

    python make_golden.py [noiz2sa's stg1.ogg]

Without the argument music.flac is taken as it is. All arrays are raw little-endian: .f32, .i32.
"""
import pathlib
import sys

import librosa
import numpy as np
import soundfile
import torch

HERE = pathlib.Path(__file__).parent
RATE = 22050


def synthesise(seconds=3.0):
    """A bass drum, a snare and hats at 120 beats a minute over a bass and two chords: one voice a line."""
    random = np.random.default_rng(7)
    time = np.arange(int(seconds * RATE)) / RATE
    out = np.zeros_like(time)

    def add(at, length, wave):
        first = int(at * RATE)
        piece = time[: max(0, min(int(length * RATE), len(time) - first))]
        out[first : first + len(piece)] += wave(piece)

    for eighth in range(int(seconds * 4)):
        at = 0.013 + eighth * 0.25
        add(at, 0.05, lambda t: 0.10 * np.exp(-t * 90) * random.standard_normal(len(t)))
        if eighth % 4 == 0:
            add(at, 0.25, lambda t: 0.5 * np.exp(-t * 18) * np.sin(2 * np.pi * (50 * t + 4 * (1 - np.exp(-t * 30)))))
        if eighth % 4 == 2:
            add(at, 0.15, lambda t: 0.25 * np.exp(-t * 25) * random.standard_normal(len(t)))
        if eighth % 8 in (0, 3, 6):
            add(at, 0.3, lambda t: 0.2 * np.exp(-t * 6) * np.sin(2 * np.pi * 82.41 * t))
        if eighth % 8 == 0:
            for note in (220.0, 261.63, 329.63) if eighth % 16 == 0 else (196.0, 246.94, 293.66):
                add(at, 1.9, lambda t: 0.07 * np.exp(-t * 1.5) * sum(np.sin(2 * np.pi * note * k * t) / k for k in (1, 2, 3)))
    return out


def quantise(sound):
    return np.clip(np.round(sound * 32768), -32768, 32767).astype(np.int16)


def as_float(path):
    sound, rate = soundfile.read(path, dtype="int16")
    assert rate == RATE
    return sound.astype(np.float32) / 32768


def mel(sound):
    """docs/features.md, "Mel", the samples taken as 16 kHz."""
    padded = np.pad(sound, 384, mode="reflect")
    frames = librosa.util.frame(padded, frame_length=1024, hop_length=256).astype(np.float64)
    window = librosa.filters.get_window("hann", 1024, fftbins=True)
    spectrum = np.fft.rfft(frames * window[:, None], axis=0)
    magnitude = np.sqrt(spectrum.real**2 + spectrum.imag**2 + 1e-9)
    basis = librosa.filters.mel(sr=16000, n_fft=1024, n_mels=80, fmin=0, fmax=8000).astype(np.float64)
    return np.log10(np.maximum(basis @ magnitude, 1e-5)).T


def onsets(sound):
    strength = librosa.onset.onset_strength(y=sound, sr=RATE)
    loris = dict(wait=1, delta=0.2, pre_avg=3, post_avg=3, pre_max=3, post_max=3)
    return strength, librosa.onset.onset_detect(y=sound, sr=RATE, units="frames", **loris)


def save(name, array):
    array = np.ascontiguousarray(array)
    array.astype("<i4" if array.dtype.kind == "i" else "<f4").tofile(HERE / name)


def vocos(frames=20, n_fft=64, hop=16):
    """Vocos' ISTFT head with "same" padding, written as in its public code with torch's fold."""
    torch.manual_seed(3)
    head = torch.randn(frames, n_fft + 2, dtype=torch.float64)
    head[3, 5] = 9.0  # exp(9) is cut to 100
    log_magnitude, phase = head[:, : n_fft // 2 + 1], head[:, n_fft // 2 + 1 :]
    magnitude = log_magnitude.exp().clip(max=100)
    spectrum = torch.complex(magnitude * phase.cos(), magnitude * phase.sin()).T
    window = torch.hann_window(n_fft, dtype=torch.float64)
    pieces = torch.fft.irfft(spectrum, n_fft, dim=0) * window[:, None]
    size, pad = (frames - 1) * hop + n_fft, (n_fft - hop) // 2
    fold = lambda x: torch.nn.functional.fold(x[None], (1, size), (1, n_fft), stride=(1, hop))[0, 0, 0]
    envelope = fold((window**2)[:, None].expand(-1, frames))
    return head.numpy(), (fold(pieces)[pad:-pad] / envelope[pad:-pad]).numpy()


def main():
    if len(sys.argv) > 1:
        sound, _ = librosa.load(sys.argv[1], sr=RATE, mono=True, offset=20.0, duration=5.0)
        soundfile.write(HERE / "music.flac", quantise(sound), RATE, subtype="PCM_16")
    soundfile.write(HERE / "synthetic.flac", quantise(synthesise()), RATE, subtype="PCM_16")
    for name in ("synthetic", "music"):
        sound = as_float(HERE / (name + ".flac"))
        strength, frames = onsets(sound)
        save(name + "_strength.f32", strength)
        save(name + "_onsets.i32", frames)
        save(name + "_mel.f32", mel(sound[: 60 * 256 + 77]))
        print(name, len(strength), "frames, onsets at", frames)
    head, sound = vocos()
    save("vocos_head.f32", head)
    save("vocos_sound.f32", sound)


main()
