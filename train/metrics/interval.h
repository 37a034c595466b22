/* Confidence intervals: percentile bootstrap over independent tracks (Efron 1979). */
#ifndef MOMUI_TRAIN_METRICS_INTERVAL_H
#define MOMUI_TRAIN_METRICS_INTERVAL_H

#include "base/memory.h"

/* A value with the 2.5th and 97.5th percentile of its resamplings. Without tracks all are 0. */
typedef struct momui_interval {
    double value, low, high;
} momui_interval;

enum { MOMUI_RESAMPLES = 1000, MOMUI_INTERVAL_STATISTICS = 8 };

/* `statistic` computes `metrics` numbers from `count` tracks, given as indices (some of them
 * several times): once for all tracks, and for MOMUI_RESAMPLES draws with replacement.
 */
typedef void (*momui_interval_statistic)(const void *user, const size_t *tracks, size_t count,
                                         double *out);
momu_status momui_intervals(momui_memory *memory, size_t tracks, momui_interval_statistic statistic,
                            const void *user, int metrics, uint64_t seed, momui_interval *out,
                            momu_error *error);

/* sum of `above` / sum of `below` over tracks: a mean whose tracks differ in size. */
momu_status momui_ratio_interval(momui_memory *memory, const double *above, const double *below,
                                 size_t tracks, uint64_t seed, momui_interval *out,
                                 momu_error *error);

#endif
