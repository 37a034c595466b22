/* Onset strength and tempo for the classic beat tracker (beat_tracking.c); private to dsp. */
#ifndef MOMUI_DSP_BEAT_CURVE_H
#define MOMUI_DSP_BEAT_CURVE_H

#include "base/memory.h"

/* Frames a second: half of librosa's hop, for finer times. */
#define MOMUI_BEAT_RATE (22050.0 / 256.0)
enum { MOMUI_BEAT_SLOWEST = 50, MOMUI_BEAT_FASTEST = 210 }; /* beats a minute */

/* Onset strength of each frame: the local mean subtracted, never negative, of unit deviation;
 * all zeros where there is no onset. Frame n is at n / MOMUI_BEAT_RATE. */
momu_status momui_beat_curve(momui_memory *memory, const float *mono, int64_t samples, double rate,
                             float **curve, int64_t *frames, momu_error *error);

typedef struct momui_beat_tempo {
    double period;     /* frames from beat to beat, 0 without a pulse */
    double confidence; /* 0..1: the curve's autocorrelation one beat later */
    double steadiness; /* 0..1: how much of it remains eight to sixteen beats later */
} momui_beat_tempo;

momu_status momui_beat_tempo_find(momui_memory *memory, const float *curve, int64_t frames,
                                  momui_beat_tempo *tempo, momu_error *error);

/* out = x under a Gaussian of `sigma` frames, of unit sum. */
void momui_beat_smooth(const float *x, int64_t frames, double sigma, float *out);

#endif
