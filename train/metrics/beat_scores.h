/* How well a dance keeps to the beats of its music: one-to-one matches, and the same at random
 * offsets in time. Neither more beats, nor fewer, nor a steady grid raise the ratio of the two. */
#ifndef MOMUI_TRAIN_METRICS_BEAT_SCORES_H
#define MOMUI_TRAIN_METRICS_BEAT_SCORES_H

#include "train/metrics/interval.h"

enum { MOMUI_BEAT_OFFSETS = 20 };
#define MOMUI_BEAT_TOLERANCE 0.070       /* seconds */
#define MOMUI_BEAT_TOLERANCE_CLOSE 0.050 /* the narrower tolerance */

/* The counts of one pair; pairs add up to a pooled score. */
typedef struct momui_beat_counts {
    size_t estimates, references, hits;
    size_t shifted[MOMUI_BEAT_OFFSETS]; /* hits when the estimates start elsewhere */
} momui_beat_counts;

/* Both lists ascending, in seconds; `duration` is where shifted estimates wrap round. An empty list
 * has no hits. */
momu_status momui_beat_count(momui_memory *memory, const double *estimate, size_t estimates,
                             const double *reference, size_t references, double tolerance,
                             double duration, uint64_t seed, momui_beat_counts *counts,
                             momu_error *error);

/* The estimates of one track against the references of another, both cut to `duration`, the
 * estimates starting at one random offset: the score of unrelated pairs. Adds to
 * `counts` (estimates, references, hits alone). */
momu_status momui_beat_count_mismatch(momui_memory *memory, const double *estimate,
                                      size_t estimates, const double *reference, size_t references,
                                      double tolerance, double duration, uint64_t seed,
                                      momui_beat_counts *counts, momu_error *error);

/* Pooled over pairs, intervals by resampling the pairs. */
typedef struct momui_beat_score {
    size_t pairs, estimates, references, hits;
    momui_interval precision, recall, f1;
    momui_interval chance; /* mean of F1 over the random offsets */
    momui_interval ratio;  /* f1 / chance; 0 where chance is 0 */
} momui_beat_score;

momu_status momui_beat_score_of(momui_memory *memory, const momui_beat_counts *pairs, size_t count,
                                uint64_t seed, momui_beat_score *score, momu_error *error);

/* Agreement is no better than chance: the 95 % interval of the ratio includes 1, or nothing
 * matches at all. */
bool momui_beat_score_is_chance(const momui_beat_score *score);

#endif
