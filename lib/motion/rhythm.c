/* directogram (frames, 8) -> acceleration and deceleration envelopes (frames) -> rhythm rows
 * (frames, 10). */
#include "motion/rhythm.h"
#include "base/extremes.h"
#include "motion/layout.h"
#include <math.h>
#include <stdlib.h>

/* ---- envelopes ---- */

static int compare_floats(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

momu_status momui_percentile99(momui_memory *memory, const float *values, int64_t count,
                               double *result, momu_error *error) {
    float *sorted = momui_alloc(memory, (size_t)count, sizeof *sorted);
    if (!sorted)
        return momui_fail_memory(error, "a sorted envelope");
    for (int64_t i = 0; i < count; ++i)
        sorted[i] = values[i];
    qsort(sorted, (size_t)count, sizeof *sorted, compare_floats);
    double at = 0.99 * (double)(count - 1);
    int64_t low = (int64_t)at, high = low + 1 < count ? low + 1 : low;
    double a = (double)sorted[low], b = (double)sorted[high];
    *result = a + (at - (double)low) * (b - a);
    momui_free(sorted);
    return MOMU_OK;
}

/* sum_k max(0, sign (D(t, k) - D(t-1, k))), over its 99th percentile, at most 1. */
static momu_status make_envelope(momui_memory *memory, const float *directogram, int64_t frames,
                                 float sign, float **envelope, momu_error *error) {
    float *made = momui_calloc(memory, (size_t)frames, sizeof *made);
    if (!made)
        return momui_fail_memory(error, "a rhythm envelope");
    float largest = 0.0f;
    for (int64_t t = 1; t < frames; ++t) {
        const float *d = directogram + t * MOMUI_DIRECTIONS;
        for (int k = 0; k < MOMUI_DIRECTIONS; ++k)
            made[t] += fmaxf(0.0f, sign * (d[k] - d[k - MOMUI_DIRECTIONS]));
        largest = momui_maxf(largest, made[t]);
    }
    double top = 0.0;
    momu_status status = momui_percentile99(memory, made, frames, &top, error);
    /* In a still take with one short movement the percentile can be zero: the peak is the scale. */
    float scale = top > 0.0 ? (float)top : largest;
    for (int64_t t = 0; t < frames; ++t)
        made[t] = scale > 0.0f ? fminf(made[t] / scale, 1.0f) : 0.0f;
    if (status != MOMU_OK) {
        momui_free(made);
        made = NULL;
    }
    *envelope = made;
    return status;
}

/* The directogram and those envelopes that are asked for; all freed where one fails. */
static momu_status measure(momui_memory *memory, const momui_motion *motion, float **directogram,
                           float **acceleration, float **deceleration, momu_error *error) {
    float *made = NULL, *up = NULL, *down = NULL;
    momu_status status;
    if (fabs(motion->fps - MOMUI_MOTION_RATE) > 1e-6)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "the envelopes are made at 62.5 frames a second, not %g", motion->fps);
    MOMUI_TRY_GOTO(momui_directogram(memory, motion, &made, error), status, done);
    if (acceleration)
        MOMUI_TRY_GOTO(make_envelope(memory, made, motion->frames, 1.0f, &up, error), status, done);
    if (deceleration)
        MOMUI_TRY_GOTO(make_envelope(memory, made, motion->frames, -1.0f, &down, error), status,
                       done);
done:
    if (status != MOMU_OK) {
        momui_free(made);
        momui_free(up);
        momui_free(down);
        made = up = down = NULL;
    }
    *directogram = made;
    if (acceleration)
        *acceleration = up;
    if (deceleration)
        *deceleration = down;
    return status;
}

momu_status momui_rhythm_envelopes(momui_memory *memory, const momui_motion *motion,
                                   float **acceleration, float **deceleration, momu_error *error) {
    float *directogram = NULL;
    momu_status status = measure(memory, motion, &directogram, acceleration, deceleration, error);
    momui_free(directogram);
    return status;
}

/* sums (frames) is scratch. Pictures have y down, so their bins are written in reverse order. */
static momu_status fill_rows(momui_memory *memory, const float *directogram, int64_t frames,
                             bool picture, const float *acceleration, const float *deceleration,
                             float *sums, float *rows, momu_error *error) {
    static const double CEILING = 1.5;
    double top = 0;
    for (int64_t t = 0; t < frames; t++) {
        sums[t] = 0;
        for (int k = 0; k < MOMUI_DIRECTIONS; k++)
            sums[t] += directogram[t * MOMUI_DIRECTIONS + k];
    }
    MOMUI_TRY(momui_percentile99(memory, sums, frames, &top, error));
    for (int64_t t = 0; t < frames; t++) {
        float *row = rows + t * MOMUI_RHYTHM_ROWS;
        for (int k = 0; k < MOMUI_DIRECTIONS; k++) {
            double moved = (double)directogram[t * MOMUI_DIRECTIONS + k];
            row[picture ? MOMUI_DIRECTIONS - 1 - k : k] =
                top > 0 ? (float)fmin(moved / top, CEILING) : 0;
        }
        row[MOMUI_DIRECTIONS] = acceleration[t];
        row[MOMUI_DIRECTIONS + 1] = deceleration[t];
    }
    return MOMU_OK;
}

momu_status momui_rhythm_rows(momui_memory *memory, const momui_motion *motion, float **rows,
                              momu_error *error) {
    float *directogram = NULL, *up = NULL, *down = NULL, *made = NULL, *sums = NULL;
    size_t frames = (size_t)motion->frames;
    *rows = NULL;
    momu_status status = measure(memory, motion, &directogram, &up, &down, error);
    if (status == MOMU_OK) {
        made = momui_alloc(memory, frames, MOMUI_RHYTHM_ROWS * sizeof *made);
        sums = momui_alloc(memory, frames, sizeof *sums);
        status = made && sums ? fill_rows(memory, directogram, motion->frames,
                                          motion->kind == MOMUI_MOTION_KEYPOINTS, up, down, sums,
                                          made, error)
                              : momui_fail_memory(error, "the rhythm of a dance");
    }
    momui_free(directogram);
    momui_free(up);
    momui_free(down);
    momui_free(sums);
    if (status == MOMU_OK)
        *rows = made;
    else
        momui_free(made);
    return status;
}
