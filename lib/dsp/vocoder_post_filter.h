/* The vocoder post-filter: removes the buzz of steady sounds. */
#ifndef MOMUI_DSP_VOCODER_POST_FILTER_H
#define MOMUI_DSP_VOCODER_POST_FILTER_H

#include "dsp/mel.h"

/* Equal mel frames in a row make a vocoder repeat equal frames: it pulls a steady sound to
 * multiples of the frame rate, and the sound buzzes. Below 1 kHz, where the mel bands are narrow
 * enough, the post-filter replaces the sound by what Griffin-Lim makes of the mel, at bins that a
 * band covers; then it scales each band to the mel's level, by a factor of 0.1 to 2.
 *
 * mel (frames, bands) log10, the input of the vocoder that made `mono` (frames * hop); mono is
 * changed in place. Griffin-Lim draws its phases from `seed`; `iterations` 0..1000.
 * docs/networks.md, "Vocoder". */
momu_status momui_vocoder_post_filter(momui_memory *memory, const momui_mel_config *config,
                                      const float *mel, int64_t frames, int iterations,
                                      uint64_t seed, float *mono, momu_error *error);

#endif
