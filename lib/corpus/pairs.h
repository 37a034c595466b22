/* Pairs of dance and music made simply: captured takes, warped in time so that their kinematic
 * beats fall on the tracked beats of real music. What the first default model is trained on. */
#ifndef MOMUI_CORPUS_PAIRS_H
#define MOMUI_CORPUS_PAIRS_H

#include "base/memory.h"
#include "base/random.h"
#include "motion/motion.h"

/* A take on the canonical body at 62.5 frames/s, with the times at which it arrests. */
typedef struct momui_move {
    char name[192]; /* file name, and animation where a file has several */
    momui_motion *body;
    double *beats;
    size_t beat_count;
    double weight; /* how often it is drawn, relative to the others */
} momui_move;

typedef struct momui_moves {
    momui_move *items;
    size_t count, capacity;
    size_t skipped; /* takes that could not be used */
} momui_moves;

/* A stretch of a piece whose tempo is stable and whose pulse is clear. */
typedef struct momui_track {
    char name[192];
    float *samples; /* mono, 16 kHz */
    int64_t frames;
    double *beats; /* seconds, sorted */
    size_t beat_count;
    double tempo;
} momui_track;

typedef struct momui_tracks {
    momui_track *items;
    size_t count, capacity;
    size_t skipped;
} momui_tracks;

/* Told about each file: used, or why not. May be NULL. */
typedef void (*momui_corpus_report)(void *user, const char *name, const char *sentence);

/* Adds every take of the motion file at `path`; `take` NULL means all of its animations. A take of
 * a loop is repeated until it lasts 8 s. What cannot be used is reported and counted, not an error.
 */
momu_status momui_moves_add(momui_memory *memory, momui_moves *moves, const char *path,
                            const char *take, double weight, momui_corpus_report report, void *user,
                            momu_error *error);
void momui_moves_release(momui_moves *moves);

/* Adds a piece when its beats are steady; otherwise reports and counts it. */
momu_status momui_tracks_add(momui_memory *memory, momui_tracks *tracks, const char *path,
                             momui_corpus_report report, void *user, momu_error *error);
void momui_tracks_release(momui_tracks *tracks);

/* A dance of `frames` frames at 62.5/s that arrests on `beats` (seconds, sorted): moves drawn at
 * random, mirrored at random, their kinematic beats laid on successive beats, cross-faded between
 * beats. `used` (may be NULL) receives the names, comma separated. */
momu_status momui_dance_on_beats(momui_memory *memory, const momui_moves *moves,
                                 const double *beats, size_t beat_count, int64_t frames,
                                 momui_random *random, momui_motion **dance, char *used,
                                 size_t used_size, momu_error *error);

typedef struct momui_pairs_options {
    const char *folder; /* where STEM.flac, STEM.npz and STEM.json go; exists */
    double hours, seconds;
    uint64_t seed;
    void (*progress)(void *user, size_t done, size_t total);
    void *user;
} momui_pairs_options;

/* How well the pairs agree, over all of them: kinematic beats against the music's, within 70 ms. */
typedef struct momui_pairs_summary {
    size_t pairs;
    double f1, chance; /* means; chance: the same pairs at random time offsets */
} momui_pairs_summary;

momu_status momui_pairs_make(momui_memory *memory, const momui_moves *moves,
                             const momui_tracks *tracks, const momui_pairs_options *options,
                             momui_pairs_summary *summary, momu_error *error);

#endif
