/* Distributions of positive numbers over many pairs: counts on a logarithmic axis, which add up in
 * any order to the same percentiles. */
#ifndef MOMUI_TRAIN_METRICS_HISTOGRAM_H
#define MOMUI_TRAIN_METRICS_HISTOGRAM_H

#include "base/memory.h"

enum { MOMUI_HISTOGRAM_BINS = 400 }; /* 40 a decade: 3 % apart, from 1e-5 to 1e5 */

typedef struct momui_histogram {
    uint64_t bins[MOMUI_HISTOGRAM_BINS];
    uint64_t count;
} momui_histogram;

/* Values outside the axis count at its ends; what is no number is not counted. */
void momui_histogram_add(momui_histogram *histogram, double value);
void momui_histogram_merge(momui_histogram *into, const momui_histogram *from);
/* share 0..1; 0 when nothing was counted. */
double momui_histogram_percentile(const momui_histogram *histogram, double share);

#endif
