/* A beat grid fitted (aligned) to the logits of a beat tracking network: docs/diffusion.md,
 * "Beat grid". */
#ifndef MOMUI_DSP_BEAT_GRID_H
#define MOMUI_DSP_BEAT_GRID_H

#include "dsp/beat_tracking.h"

/* logits (frames), frame k at (k + 0.5) / rate seconds -> the beats, from the first line within
 * the frames to the last, with tempos from `slowest` to `fastest` beats a minute. beats->tempo
 * is 0 where the tempo changes; beats->confidence is the mean probability of the beats, 0..1.
 * Less than 2 s have no beats. Release with momui_beats_release(). */
momu_status momui_beat_grid_track(momui_memory *memory, const float *logits, int64_t frames,
                                  double rate, double slowest, double fastest, momui_beats *beats,
                                  momu_error *error);

#endif
