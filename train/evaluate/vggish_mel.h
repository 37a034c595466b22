/* The input of VGGish: log-mels of the public AudioSet front end. */
#ifndef MOMUI_TRAIN_EVALUATE_VGGISH_MEL_H
#define MOMUI_TRAIN_EVALUATE_VGGISH_MEL_H

#include "base/memory.h"

enum { MOMUI_VGGISH_BANDS = 64, MOMUI_VGGISH_WINDOW = 400, MOMUI_VGGISH_HOP = 160 };

/* mono at 16 kHz -> (frames, 64): magnitudes of 25 ms every 10 ms under a periodic Hann window, an
 * FFT of 512, triangles on the HTK mel scale from 125 to 7500 Hz, ln(x + 0.01). Nothing is padded:
 * frames = (samples - 400) / 160 + 1, or 0. */
momu_status momui_vggish_mel(momui_memory *memory, const float *mono, int64_t samples, float **mel,
                             int64_t *frames, momu_error *error);

#endif
