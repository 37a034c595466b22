#include "train/metrics/frechet.h"

#include "base/random.h"
#include "train/metrics/symmetric.h"

#include <math.h>
#include <string.h>

enum { PAIR_STREAM = 601, MOST_CHANNELS = 4096 };

/* ---- Gaussians ---- */

void momui_gaussian_release(momui_gaussian *gaussian) {
    momui_free(gaussian->mean);
    momui_free(gaussian->covariance);
    *gaussian = (momui_gaussian){0};
}

static void add_row(const momui_gaussian *g, const float *row, double *away) {
    int32_t n = g->channels;
    for (int32_t c = 0; c < n; c++)
        away[c] = (double)row[c] - g->mean[c];
    momui_add_outer(n, away, g->covariance);
}

momu_status momui_gaussian_of(momui_memory *memory, const momui_cloud *cloud,
                              momui_gaussian *gaussian, momu_error *error) {
    int32_t n = cloud->channels;
    *gaussian = (momui_gaussian){.channels = n};
    if (cloud->count < 2 || n < 1 || n > MOST_CHANNELS)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "a set of %zu rows of %d numbers has no covariance; at least 2 rows of 1 "
                          "to %d are needed",
                          cloud->count, (int)n, (int)MOST_CHANNELS);
    size_t width = (size_t)n;
    gaussian->mean = momui_calloc(memory, width, sizeof(double));
    gaussian->covariance = momui_calloc(memory, width, width * sizeof(double));
    double *away = momui_alloc(memory, width, sizeof *away);
    bool enough = gaussian->mean && gaussian->covariance && away;
    for (size_t i = 0; enough && i < cloud->count * width; i++)
        gaussian->mean[i % width] += (double)cloud->rows[i] / (double)cloud->count;
    for (size_t i = 0; enough && i < cloud->count; i++)
        add_row(gaussian, cloud->rows + i * width, away);
    for (size_t i = 0; enough && i < width; i++)
        for (size_t j = i; j < width; j++) {
            double value = gaussian->covariance[i * width + j] / (double)(cloud->count - 1);
            gaussian->covariance[i * width + j] = gaussian->covariance[j * width + i] = value;
        }
    momui_free(away);
    if (enough)
        return MOMU_OK;
    momui_gaussian_release(gaussian);
    return momui_fail_memory(error, "a set's covariance");
}

/* ---- Frechet distance ---- */

/* root (n, n) = a^(1/2); a is lost. */
static momu_status square_root(momui_memory *memory, int32_t n, double *a, double *values,
                               double *scaled, double *root, momu_error *error) {
    MOMUI_TRY(momui_eigen(memory, n, true, a, values, error));
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++)
            scaled[i * n + j] = a[i * n + j] * sqrt(fmax(values[i], 0));
    momui_square_product(n, true, scaled, a, root);
    return MOMU_OK;
}

/* The trace of (C1 C2)^(1/2) = the sum of the roots of the eigenvalues of C1^(1/2) C2 C1^(1/2). */
static momu_status trace_of_root(momui_memory *memory, const momui_gaussian *a,
                                 const momui_gaussian *b, double *room, double *trace,
                                 momu_error *error) {
    int32_t n = a->channels;
    size_t square = (size_t)n * (size_t)n;
    double *work = room, *root = room + square, *product = root + square;
    double *values = product + square;
    memcpy(work, a->covariance, square * sizeof *work);
    MOMUI_TRY(square_root(memory, n, work, values, product, root, error));
    momui_square_product(n, false, root, b->covariance, work);
    momui_square_product(n, false, work, root, product);
    MOMUI_TRY(momui_eigen(memory, n, false, product, values, error));
    *trace = 0;
    for (int32_t i = 0; i < n; i++)
        *trace += sqrt(fmax(values[i], 0));
    return MOMU_OK;
}

momu_status momui_frechet(momui_memory *memory, const momui_gaussian *a, const momui_gaussian *b,
                          double *distance, momu_error *error) {
    *distance = 0;
    if (a->channels != b->channels)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "sets of %d and of %d numbers a row cannot be compared", (int)a->channels,
                          (int)b->channels);
    size_t n = (size_t)a->channels;
    double *room = momui_alloc(memory, n * (3 * n + 1), sizeof *room), trace = 0;
    if (!room)
        return momui_fail_memory(error, "a Frechet distance");
    momu_status status = trace_of_root(memory, a, b, room, &trace, error);
    momui_free(room);
    double sum = -2 * trace;
    for (size_t i = 0; i < n; i++) {
        double away = a->mean[i] - b->mean[i];
        sum += away * away + a->covariance[i * n + i] + b->covariance[i * n + i];
    }
    *distance = fmax(sum, 0);
    return status;
}

/* ---- variety ---- */

double momui_diversity(const momui_cloud *cloud, int32_t pairs, uint64_t seed) {
    if (cloud->count < 2 || cloud->count > UINT32_MAX || pairs < 1)
        return 0;
    momui_random random = {seed, PAIR_STREAM, 0};
    double sum = 0;
    for (int32_t p = 0; p < pairs; p++) {
        size_t i = momui_random_below(&random, (uint32_t)cloud->count);
        size_t k = momui_random_below(&random, (uint32_t)cloud->count - 1);
        k += k >= i; /* another one */
        double square = 0;
        for (int32_t c = 0; c < cloud->channels; c++) {
            double away = (double)cloud->rows[i * (size_t)cloud->channels + (size_t)c] -
                          (double)cloud->rows[k * (size_t)cloud->channels + (size_t)c];
            square += away * away;
        }
        sum += sqrt(square);
    }
    return sum / pairs;
}

double momui_mean_divergence(const float *p, const float *q, size_t count, int32_t classes) {
    const double floor = 1e-6;
    double sum = 0, whole = 1 + floor * classes;
    for (size_t i = 0; i < count * (size_t)classes; i++) {
        double a = ((double)p[i] + floor) / whole, b = ((double)q[i] + floor) / whole;
        sum += a * log(a / b);
    }
    return count > 0 ? sum / (double)count : 0;
}
