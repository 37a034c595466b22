/* Short-time Fourier transform, its inverse, and the output stage of a Vocos-type vocoder. */
#ifndef MOMUI_DSP_STFT_H
#define MOMUI_DSP_STFT_H

#include "dsp/fft.h"

/* A periodic Hann window. */
void momui_hann(float *window, int32_t size);

/* Transforms frames: a plan, a Hann window and buffers for one frame. One thread at a time. */
typedef struct momui_framer {
    momui_fft *fft;
    float *window, *frame, *bins; /* (n_fft), (n_fft), (n_fft/2 + 1, 2) */
    int32_t n_fft;
} momui_framer;

momu_status momui_framer_open(momui_memory *memory, int32_t n_fft, momui_framer *framer,
                              momu_error *error);
void momui_framer_close(momui_framer *framer); /* of zeros, too */

/* The spectrum (n_fft/2 + 1, 2) of samples start .. start + n_fft - 1 under the window; samples
 * outside of the signal are its reflection, or zeros. Valid until the framer's next use. */
const float *momui_framer_analyse(momui_framer *framer, const float *mono, int64_t samples,
                                  int64_t start, bool reflect);
/* The inverse: adds the windowed frame of `spectrum` to mono[start ..], as far as it is inside. */
void momui_framer_overlap_add(momui_framer *framer, const float *spectrum, float *mono,
                              int64_t samples, int64_t start);
/* Divides by the sum of the squared windows of `frames` frames, the first at sample -pad. */
void momui_framer_normalise(const momui_framer *framer, float *mono, int64_t samples,
                            int64_t frames, int32_t hop, int32_t pad);

/* Frames of n_fft samples every hop, the signal padded by `pad` on both sides with its reflection
 * (zeros when `reflect` is false): out (frames, n_fft/2 + 1, 2).
 * frames = (samples + 2 pad - n_fft) / hop + 1. */
int64_t momui_stft_frames(int64_t samples, int32_t n_fft, int32_t hop, int32_t pad);
momu_status momui_stft(momui_memory *memory, const float *mono, int64_t samples, int32_t n_fft,
                       int32_t hop, int32_t pad, bool reflect, float **spectrum, int64_t *frames,
                       momu_error *error);

/* Windowed overlap-add, divided by the sum of squared windows, `pad` cut off both ends: mono has
 * (frames - 1) hop + n_fft - 2 pad samples. */
momu_status momui_istft(momui_memory *memory, const float *spectrum, int64_t frames, int32_t n_fft,
                        int32_t hop, int32_t pad, float *mono, momu_error *error);

/* docs/networks.md, "Vocoder": head (frames, n_fft + 2), log magnitudes then phases -> frames * hop
 * samples. A number that is not finite is refused. */
momu_status momui_vocos_synthesis(momui_memory *memory, const float *head, int64_t frames,
                                  int32_t n_fft, int32_t hop, float **mono, int64_t *samples,
                                  momu_error *error);

#endif
