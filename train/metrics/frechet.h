/* Distances between sets of embeddings, and how varied a set is. */
#ifndef MOMUI_TRAIN_METRICS_FRECHET_H
#define MOMUI_TRAIN_METRICS_FRECHET_H

#include "base/memory.h"

/* Rows of one set. */
typedef struct momui_cloud {
    size_t count;
    int32_t channels;
    const float *rows; /* (count, channels) */
} momui_cloud;

/* Mean and covariance (divided by count - 1). */
typedef struct momui_gaussian {
    int32_t channels;
    double *mean, *covariance; /* (channels), (channels, channels) */
} momui_gaussian;
momu_status momui_gaussian_of(momui_memory *memory, const momui_cloud *cloud,
                              momui_gaussian *gaussian, momu_error *error);
void momui_gaussian_release(momui_gaussian *gaussian);

/* |m1 - m2|^2 + Tr(C1 + C2 - 2 (C1 C2)^(1/2)), by eigenvalues of C1^(1/2) C2 C1^(1/2); never below
 * 0. */
momu_status momui_frechet(momui_memory *memory, const momui_gaussian *a, const momui_gaussian *b,
                          double *distance, momu_error *error);

/* The paper's inter diversity: mean Euclidean distance of `pairs` pairs drawn among the rows; 0 for
 * fewer than two rows. */
double momui_diversity(const momui_cloud *cloud, int32_t pairs, uint64_t seed);

/* Mean over rows of KL(p || q) of two sets of probabilities (count, classes), each with 1e-6 added
 * and made to sum to 1 again. */
double momui_mean_divergence(const float *p, const float *q, size_t count, int32_t classes);

#endif
