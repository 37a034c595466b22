/* Motion capture in the move library: takes cut at their deceleration peaks into units of 1, 2, 4
 * and 8 beats. */
#ifndef MOMUI_TRAIN_CORPUS_MOVES_UNITS_H
#define MOMUI_TRAIN_CORPUS_MOVES_UNITS_H

#include "base/random.h"
#include "train/corpus/moves/segment.h"

typedef enum momui_support {
    MOMUI_SUPPORT_BOTH,
    MOMUI_SUPPORT_LEFT,
    MOMUI_SUPPORT_RIGHT,
    MOMUI_SUPPORT_NONE
} momui_support;
typedef enum momui_split { MOMUI_TRAIN, MOMUI_VALIDATION, MOMUI_TEST, MOMUI_SPLITS } momui_split;

/* A whole take on the canonical body, cleaned. */
typedef struct momui_take {
    char name[96]; /* 05_12, Dance Charleston, deepmimic dance_a: stable, the same on any machine */
    char licence[64];
    momui_split split;          /* all units of a take are in one split */
    bool dance;                 /* false: everyday motion (walks, jumps, ...) */
    bool loop;                  /* goes round */
    momui_segment *segment;     /* on its own clock, from 0 */
    double *deceleration_peaks; /* seconds, ascending */
    size_t deceleration_count;
} momui_take;

typedef struct momui_unit {
    int32_t take;  /* index */
    int32_t beats; /* 1, 2, 4 or 8 */
    double *knots; /* (beats + 1) seconds in the take: deceleration peaks on its counts, first and
                      last included */
    float energy;  /* 0..1 over the library: rank of its mean joint speed */
    float travel;  /* metres between its ends */
    float turn;    /* radians between its ends */
    float clean;   /* 0..1: share of its deceleration peaks that are knots; the rest fall between
                      counts */
    momui_support first, last; /* feet at its ends */
} momui_unit;

typedef struct momui_units {
    momui_memory *memory;
    momui_take *takes;
    size_t take_count;
    momui_unit *items;
    size_t count;
    size_t skipped; /* takes, and parts of takes, that could not be used */
} momui_units;

/* Called for each take with how it was used, or why not. May be NULL. */
typedef void (*momui_corpus_report)(void *user, const char *name, const char *sentence);

/* Cuts take number `take` into units at its deceleration peaks. `bad` marks the frames of the
 * take's segment that are not used. */
momu_status momui_take_cut(momui_units *units, int32_t take, const uint8_t *bad, momu_error *error);
void momui_units_release(momui_units *units);

/* The unit on counts times[0..beats] (seconds on the segment's clock), as a segment of `frames`
 * frames that starts at `start`. A smooth, monotone time map puts the knots on the counts; before
 * and after them the take goes on where it has frames, and holds where it has none. Amplitude
 * scales joint excursions about the unit's mean pose (0.7..1.2). */
momu_status momui_unit_dance(const momui_units *units, const momui_unit *unit, const double *times,
                             bool mirrored, double amplitude, double start, int64_t frames,
                             momui_segment **segment, momu_error *error);

#endif
