/* Steady sounds that a vocoder has made of frames, mended. */
#ifndef MOMUI_DSP_VOCODER_POST_FILTER_H
#define MOMUI_DSP_VOCODER_POST_FILTER_H

#include "dsp/mel.h"

/* Equal mels in a row give a vocoder equal frames: whatever is steady is drawn to multiples of the
 * frame rate, and buzzes. Below 1 kHz, where the bands are narrow enough to say what sounds, the
 * sound is replaced by what Griffin-Lim makes of the mel, where bands tell of it; then each band's
 * level is brought to the mel's, by a factor of 0.1 to 2.
 *
 * mel (frames, bands) log10, what `mono` (frames * hop) was made from; mono is changed in place.
 * Griffin-Lim's phases are drawn from `seed`, its `iterations` are 0..1000. docs/networks.md,
 * "Vocoder". */
momu_status momui_vocoder_post_filter(momui_memory *memory, const momui_mel_config *config,
                                      const float *mel, int64_t frames, int iterations,
                                      uint64_t seed, float *mono, momu_error *error);

#endif
