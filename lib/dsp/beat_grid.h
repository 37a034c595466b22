/* Beats from how likely each frame is one: what a network that finds beats says (docs/diffusion.md,
 * "Beat grid"), made a track. */
#ifndef MOMUI_DSP_BEAT_GRID_H
#define MOMUI_DSP_BEAT_GRID_H

#include "dsp/beat_tracking.h"

/* logits (frames), frame k lying at (k + 0.5) / rate seconds -> the track, from its first line
 * within the frames to its last; tempos from slowest to fastest beats a minute are looked for.
 * beats->tempo is 0 where the tempo changes on the way; beats->confidence the mean probability of
 * its lines, 0..1. Less than 2 s have no beats. Release with momui_beats_release(). */
momu_status momui_beat_grid_track(momui_memory *memory, const float *logits, int64_t frames,
                                  double rate, double slowest, double fastest, momui_beats *beats,
                                  momu_error *error);

#endif
