/* Griffin-Lim: a mel spectrogram to sound without a network. */
#ifndef MOMUI_DSP_GRIFFIN_LIM_H
#define MOMUI_DSP_GRIFFIN_LIM_H

#include "dsp/mel.h"

/* mel (frames, bands) log10 -> frames * hop samples, framed as momui_mel does. Non-negative
 * magnitudes whose mel is the given one (Kullback-Leibler, multiplicative updates), phases by the
 * fast Griffin-Lim algorithm (Perraudin 2013, momentum 0.99) from Philox stream 3 of `seed`. A mel
 * that is not finite is refused. iterations 0..1000. */
momu_status momui_griffin_lim(momui_memory *memory, const momui_mel_config *config,
                              const float *mel, int64_t frames, int iterations, uint64_t seed,
                              float **mono, int64_t *samples, momu_error *error);

/* The same for frequencies below sample_rate / (2 factor): frames * hop / factor samples at
 * sample_rate / factor. Bands that extend above are silent. `factor` divides n_fft / 2 and hop. */
momu_status momui_griffin_lim_low(momui_memory *memory, const momui_mel_config *config,
                                  int32_t factor, const float *mel, int64_t frames, int iterations,
                                  uint64_t seed, float **mono, int64_t *samples, momu_error *error);

#endif
