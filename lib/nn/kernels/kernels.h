/* The inner loops, compiled once for every instruction set from the same two files (gemm_template.c
 * and vector_template.c). Callers split the work into tasks; the kernels start no threads. The
 * value of an element never depends on how rows were split: sums over k run in one order, whatever
 * the tile.
 *
 * To add an instruction set, say NEON on aarch64:
 *   1. lib/nn/meson.build: an entry in instruction_sets: 'aarch64': {'neon': []}, with its flags
 *   2. dispatch.c: a row in SETS, best first: {&momui_kernels_neon, has_neon}
 *   3. isa.h: its vector width and the tile of the matrix product that fills its registers
 * tests/nn/test_kernels.c then checks it against double precision with the others, on a machine
 * that has it. Intrinsics are not needed: the templates are plain C that compilers vectorise. */
#ifndef MOMUI_NN_KERNELS_KERNELS_H
#define MOMUI_NN_KERNELS_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A view of a matrix: element (i, j) is data[i * row + j * column]. Rows may overlap: that is a
 * convolution. */
typedef struct momui_view {
    const float *data;
    int64_t row, column;
} momui_view;

typedef struct momui_adamw_constants {
    float rate, beta1, beta2, epsilon,
        decay;                      /* rate: of this step; decay: times the rate already */
    float correction1, correction2; /* 1 / (1 - beta^step) */
    float gradient_scale;           /* of the clipping */
    float average;                  /* EMA's factor */
} momui_adamw_constants;

typedef struct momui_kernels {
    const char *name;
    bool portable; /* no vector instructions beyond the baseline: training prefers BLAS */
    int panel;     /* columns of a panel of the packed right-hand side */

    /* Right-hand side (k, n) into panels: packed[panel][k][panel width], zeros past n.
     * Panels first..last-1 are written. */
    void (*pack)(int64_t k, int64_t n, momui_view b, float *packed, int64_t first, int64_t last);
    /* c (m, n) = [c +] a (m, k) packed (k, n) [+ bias (n)] */
    void (*multiply)(int64_t m, int64_t n, int64_t k, momui_view a, const float *packed,
                     const float *bias, bool accumulate, float *c, int64_t c_row);

    /* y = f(x), all (n); and dx += dy f'(x), with overwrite dx = dy f'(x) */
    void (*exp)(int64_t n, const float *x, float *y);
    void (*silu)(int64_t n, const float *x, float *y);
    void (*silu_back)(int64_t n, const float *x, const float *dy, float *dx, bool overwrite);
    void (*gelu)(int64_t n, const float *x, float *y);
    void (*gelu_back)(int64_t n, const float *x, const float *dy, float *dx, bool overwrite);
    void (*gelu_tanh)(int64_t n, const float *x, float *y);
    void (*gelu_tanh_back)(int64_t n, const float *x, const float *dy, float *dx, bool overwrite);
    void (*geglu)(int64_t n, const float *a, const float *b, float *y);
    void (*geglu_back)(int64_t n, const float *a, const float *b, const float *dy, float *da,
                       float *db, bool overwrite);

    /* y += factor x */
    void (*axpy)(int64_t n, float factor, const float *x, float *y);
    void (*add)(int64_t n, const float *a, const float *b, float *y);
    void (*multiply_elements)(int64_t n, const float *a, const float *b, float *y);
    /* y += a b */
    void (*multiply_add)(int64_t n, const float *a, const float *b, float *y);
    float (*dot)(int64_t n, const float *a, const float *b);
    double (*sum_of_squares)(int64_t n, const float *x);

    /* Sum of weight |a - b|, weight NULL: ones; and da += unit weight sign(a - b), db -= the same,
     * NULL for none. */
    float (*absolute_error)(int64_t n, const float *a, const float *b, const float *weight);
    void (*absolute_error_back)(int64_t n, const float *a, const float *b, const float *weight,
                                float unit, float *da, float *db);

    /* One row: y = (x - mean) / sqrt(variance + epsilon) * weight + bias; stats: mean, 1 /
     * deviation */
    void (*layer_norm)(int64_t n, const float *x, float epsilon, const float *weight,
                       const float *bias, float *y, float stats[2]);
    /* dx (may be NULL) as above; dweight, dbias (may be NULL) += */
    void (*layer_norm_back)(int64_t n, const float *x, const float stats[2], const float *weight,
                            const float *dy, float *dx, bool overwrite, float *dweight,
                            float *dbias);

    /* One row of scores, in place: softmax(scale s) over the columns that mask (may be NULL)
     * allows. Returns the log-sum-exp of the scaled scores; a row without a column becomes zeros.
     */
    float (*softmax)(int64_t n, float scale, const uint8_t *mask, float *s);
    /* exp(scale s - log_sum), zeros where masked */
    void (*softmax_recompute)(int64_t n, float scale, const uint8_t *mask, float log_sum, float *s);
    /* ds = scale p (dp - delta), into dp */
    void (*softmax_back)(int64_t n, float scale, const float *p, float delta, float *dp);

    /* One step on one parameter; `average` may be NULL. */
    void (*adamw)(int64_t n, const momui_adamw_constants *with, const float *gradient,
                  float *weight, float *first, float *second, float *average);
} momui_kernels;

/* The best for this processor, never NULL. */
const momui_kernels *momui_kernels_best(void);
/* What this processor can run, best first, at most `capacity` of them; the last is the portable
 * one. */
int momui_kernels_all(const momui_kernels **out, int capacity);

static inline int64_t momui_packed_floats(const momui_kernels *kernels, int64_t k, int64_t n) {
    int64_t panels = (n + kernels->panel - 1) / kernels->panel;
    return panels * kernels->panel * k;
}

#endif
