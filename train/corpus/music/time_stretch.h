/* Time-stretch that leaves attacks as they are. */
#ifndef MOMUI_TRAIN_CORPUS_MUSIC_TIME_STRETCH_H
#define MOMUI_TRAIN_CORPUS_MUSIC_TIME_STRETCH_H

#include "base/memory.h"

/* in (frames, 2) -> out (round(frames / speed), 2): what is at t is at t / speed; speed 0.5..2. A
 * phase vocoder with phases locked to spectral peaks (Laroche, Dolson 1999), one rotation for both
 * channels. Around strong onsets time runs at its own speed and what begins there keeps its phases;
 * what lies between makes up for it. */
momu_status momui_time_stretch(momui_memory *memory, const float *in, int64_t frames, double rate,
                               double speed, float **out, int64_t *out_frames, momu_error *error);

#endif
