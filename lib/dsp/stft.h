/* Short-time Fourier transform and back, and the tail of a Vocos-type vocoder. */
#ifndef MOMUI_DSP_STFT_H
#define MOMUI_DSP_STFT_H

#include "base/memory.h"

/* A periodic Hann window. */
void momui_hann(float *window, int32_t size);

/* Frames of n_fft samples every hop, the signal reflect-padded by `pad` on both sides (zeros when `reflect` is
 * false): out (frames, n_fft/2 + 1, 2). frames = (samples + 2 pad - n_fft) / hop + 1. */
int64_t momui_stft_frames(int64_t samples, int32_t n_fft, int32_t hop, int32_t pad);
momu_status momui_stft(momui_memory *memory, const float *mono, int64_t samples, int32_t n_fft,
                       int32_t hop, int32_t pad, bool reflect, float **spectrum, int64_t *frames,
                       momu_error *error);

/* Windowed overlap-add, divided by the sum of squared windows, `pad` cut off both ends: mono has
 * (frames - 1) hop + n_fft - 2 pad samples. `spectrum` is overwritten. */
momu_status momui_istft(momui_memory *memory, float *spectrum, int64_t frames, int32_t n_fft,
                        int32_t hop, int32_t pad, float *mono, momu_error *error);

/* docs/MODEL.md 6c: head (frames, n_fft + 2) log magnitudes and phases -> frames * hop samples. */
momu_status momui_vocos_synthesis(momui_memory *memory, const float *head, int64_t frames,
                                  int32_t n_fft, int32_t hop, float **mono, int64_t *samples,
                                  momu_error *error);

#endif
