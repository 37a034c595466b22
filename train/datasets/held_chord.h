/* Held chords, which a corpus lacks: without them a vocoder buzzes on held notes. */
#ifndef MOMUI_TRAIN_DATASETS_HELD_CHORD_H
#define MOMUI_TRAIN_DATASETS_HELD_CHORD_H

#include "base/random.h"

/* samples of one to four notes of up to sixteen steady partials each, below rate / 2, its peak 0.05
 * to 0.5. */
void momui_held_chord(momui_random *random, int64_t samples, double rate, float *out);

#endif
