/* The one place that calls an FFT library: FFTW3 in single precision, or kissfft. */
#ifndef MOMUI_DSP_FFT_H
#define MOMUI_DSP_FFT_H

#include "base/memory.h"

enum { MOMUI_FFT_LARGEST = 1 << 16 };

/* A real transform of a fixed size. One thread at a time: kissfft keeps scratch in its plan. */
typedef struct momui_fft momui_fft;

/* size even, 2..MOMUI_FFT_LARGEST. */
momu_status momui_fft_create(momui_memory *memory, int32_t size, momui_fft **fft,
                             momu_error *error);
void momui_fft_destroy(momui_fft *fft);

/* in (size), out (size/2 + 1, 2) re, im; not scaled. Both from momui_alloc. `in` is kept. */
void momui_fft_forward(const momui_fft *fft, const float *in, float *out);
/* The inverse, scaled by 1/size, so that a round trip is the identity. `in` may be overwritten;
 * the imaginary parts of its first and last bin count as zeros. */
void momui_fft_inverse(const momui_fft *fft, float *in, float *out);

#endif
