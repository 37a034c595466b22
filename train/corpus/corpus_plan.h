/* What a corpus is made of: pair by pair, from the seed alone. */
#ifndef MOMUI_TRAIN_CORPUS_CORPUS_PLAN_H
#define MOMUI_TRAIN_CORPUS_CORPUS_PLAN_H

#include "train/corpus/moves/units.h"

#define MOMUI_CORPUS_SHORTEST 60.0 /* seconds of a song */
#define MOMUI_CORPUS_LONGEST 150.0
/* Mean share of a recorded segment's wanted length that its track holds. Measured: 0.81. */
#define MOMUI_CORPUS_RECORDED_YIELD 0.78
/* Most steady segments of tracks are not longer. */
#define MOMUI_CORPUS_LONGEST_RECORDED 100.0

enum { MOMUI_COMPOSED_GENRES = 14 };

typedef struct momui_corpus_sample {
    size_t number;
    char stem[24]; /* item00012: names its files */
    momui_split split;
    bool recorded;   /* a segment of a recorded track */
    size_t place;    /* index among the recorded, or the composed, pairs of its split */
    int32_t genre;   /* of the song, where it is composed; 1..14 */
    double seconds;  /* wanted; a song ends with its form */
    double expected; /* seconds that it gives on average */
    uint64_t music_seed, dance_seed;
} momui_corpus_sample;

extern const char *const momui_split_names[MOMUI_SPLITS]; /* and folders: train, ... */

/* Pair `number` of the corpus `seed`. Of ten pairs eight are for training, one for validation, one
 * for testing; `recorded_share` of each split's are recorded; each split has all genres equally
 * often. */
void momui_plan_sample(uint64_t seed, double recorded_share, size_t number,
                       momui_corpus_sample *sample);

/* How many pairs make `hours`, and how long they are in all. */
size_t momui_plan_count(uint64_t seed, double recorded_share, double hours, double *seconds);

#endif
