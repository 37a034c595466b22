/* Options, progress and summary of making a corpus. */
#ifndef MOMUI_TRAIN_CORPUS_CORPUS_OPTIONS_H
#define MOMUI_TRAIN_CORPUS_CORPUS_OPTIONS_H

#include "train/corpus/dance/dance_options.h"

#include <stdatomic.h>

/* Progress of a run. `pairs` counts those of earlier runs too, `made_seconds` does not. */
typedef struct momui_corpus_progress {
    size_t pairs, all_pairs;
    double seconds, all_seconds; /* of dance and music, as planned */
    double made_seconds;         /* by this run */
} momui_corpus_progress;

typedef struct momui_corpus_options {
    const char *folder;    /* made when absent; an interrupted run continues in it */
    const char *moves;     /* folder of motion capture; NULL: procedural moves alone */
    const char *music;     /* folder of recorded tracks; NULL: composed songs alone */
    const char *soundfont; /* NULL: Debian's place */
    double hours;
    uint64_t seed;
    double recorded_share; /* of the pairs with recorded music; 0.2 */
    double original_rate;  /* of the second sound file: 44100; 0: 16 kHz only */
    momui_material material;
    int32_t threads;            /* 1..; the bytes do not depend on it */
    momui_corpus_report report; /* called for each take and track; may be NULL */
    /* After each pair, by one thread at a time; may be NULL. */
    void (*progress)(void *user, const momui_corpus_progress *progress);
    void *user;
    /* Not 0: finish the pairs at hand and stop with MOMU_ERROR_CANCELLED; may be NULL. */
    atomic_int *cancel;
} momui_corpus_options;

typedef struct momui_corpus_summary {
    size_t pairs, songs, segments; /* segments: of recorded tracks */
    double hours;
    /* Pooled over all beats: kinematic beats against the true ones within 70 ms, and the same at
     * random offsets in time. */
    double f1, chance;
    double mocap_share, half_time_share; /* of frames */
    double skate;                        /* cm/s: slip of planted feet, mean over time */
} momui_corpus_summary;

#endif
