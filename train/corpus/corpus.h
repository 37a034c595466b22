/* momu corpus: hours of pairs of dance and music whose beats are true. docs/formats.md describes
 * the folder. */
#ifndef MOMUI_TRAIN_CORPUS_CORPUS_H
#define MOMUI_TRAIN_CORPUS_CORPUS_H

#include "train/corpus/dance/choreographer.h"
#include "train/corpus/music/song.h"

#include <stdatomic.h>

/* Where a run is. Items that an earlier run made count as done, not as made. */
typedef struct momui_corpus_progress {
    size_t items, all_items;
    double seconds, all_seconds; /* of dance and music, as planned */
    double made_seconds;         /* by this run */
} momui_corpus_progress;

typedef struct momui_corpus_options {
    const char *folder;    /* made when absent; an interrupted run goes on in it */
    const char *moves;     /* folder of captured takes; NULL: written moves only */
    const char *music;     /* folder of real tracks, or NULL: composed songs only */
    const char *soundfont; /* NULL: Debian's place */
    double hours;
    uint64_t seed;
    double real_share;    /* of the pairs with real music; 0.2 */
    double original_rate; /* of the second sound file: 44100; 0: 16 kHz only */
    momui_material material;
    int32_t threads;            /* 1..; the bytes do not depend on it */
    momui_corpus_report report; /* told of each take and track; may be NULL */
    /* After each pair, by one thread at a time; may be NULL. */
    void (*progress)(void *user, const momui_corpus_progress *progress);
    void *user;
    /* Not 0: finish the pairs at hand and stop with MOMU_ERROR_CANCELLED; may be NULL. */
    atomic_int *cancel;
} momui_corpus_options;

typedef struct momui_corpus_summary {
    size_t pairs, songs, stretches; /* stretches: of real tracks */
    double hours;
    /* Pooled over all beats: kinematic beats against the true ones within 70 ms, and the same at
     * random offsets in time. */
    double f1, chance;
    double captured_share, half_time_share; /* of frames */
    double skate;                           /* cm/s in stance, mean over time */
} momui_corpus_summary;

/* Makes the corpus, or goes on with it: what is there already is kept. Every pair is a function of
 * the seed and its own number alone. Errors: ARGUMENT (another corpus is in the folder, nothing to
 * make it from), NOT_FOUND (soundfont, moves, music), IO (with the path; no half pair is left),
 * CANCELLED. */
momu_status momui_corpus_make(momui_memory *memory, const momui_corpus_options *options,
                              momui_corpus_summary *summary, momu_error *error);

#endif
