/* The lesser and the greater of two numbers, for loops that look for an extreme: the first argument
 * is what was found so far, and stays where the second is NaN. They are written as comparisons,
 * since gcc 12 for aarch64 crashes at -O3 on a loop of fmin or fmax. */
#ifndef MOMUI_BASE_EXTREMES_H
#define MOMUI_BASE_EXTREMES_H

static inline double momui_min(double so_far, double x) {
    return x < so_far ? x : so_far;
}

static inline double momui_max(double so_far, double x) {
    return x > so_far ? x : so_far;
}

static inline float momui_minf(float so_far, float x) {
    return x < so_far ? x : so_far;
}

static inline float momui_maxf(float so_far, float x) {
    return x > so_far ? x : so_far;
}

#endif
