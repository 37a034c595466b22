/* Where sounds begin abruptly. */
#ifndef MOMUI_TRAIN_CORPUS_MUSIC_ATTACKS_H
#define MOMUI_TRAIN_CORPUS_MUSIC_ATTACKS_H

#include "base/memory.h"

typedef struct momui_attacks {
    double *places; /* samples, ascending, at least 85 ms apart */
    size_t count;
} momui_attacks;

/* Rises of more than 4 dB within a few milliseconds, of the whole or of its high frequencies. */
momu_status momui_attacks_find(momui_memory *memory, const float *mono, int64_t samples,
                               double rate, momui_attacks *attacks, momu_error *error);
void momui_attacks_release(momui_attacks *attacks);

#endif
