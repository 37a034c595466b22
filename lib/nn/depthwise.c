#include "nn/tape.h"

#include <string.h>

typedef struct depthwise_node {
    momui_node node;
    momui_tensor *x, *weight, *bias;
    const float *taps; /* the weight as (kernel, channels) */
    const momui_kernels *kernels;
} depthwise_node;

/* y[t] = bias + sum over taps of x[t + tap - half] * taps[tap], frames begin..end-1 of all items'
 * frames */
typedef struct depthwise_job {
    const momui_kernels *kernels;
    int64_t length, channels, kernel;
    const float *from, *taps, *bias;
    bool flip, overwrite;
    float *to;
} depthwise_job;

static void depthwise_work(void *user, int64_t begin, int64_t end) {
    const depthwise_job *job = user;
    int64_t n = job->channels, half = job->kernel / 2;
    for (int64_t row = begin; row < end; row++) {
        int64_t t = row % job->length;
        float *to = job->to + row * n;
        if (job->bias)
            memcpy(to, job->bias, (size_t)n * sizeof(float));
        else if (job->overwrite)
            memset(to, 0, (size_t)n * sizeof(float));
        for (int64_t tap = 0; tap < job->kernel; tap++) {
            int64_t shift = job->flip ? half - tap : tap - half;
            if (t + shift < 0 || t + shift >= job->length)
                continue;
            job->kernels->multiply_add(n, job->from + (row + shift) * n, job->taps + tap * n, to);
        }
    }
}

/* (kernel + 1, channels): the taps' gradients, then the bias' */
static void depthwise_part(void *user, int64_t begin, int64_t end, float *sums) {
    const depthwise_node *d = user;
    const momui_kernels *kernels = d->kernels;
    int64_t length = d->x->shape[1], n = d->x->shape[2], kernel = d->weight->shape[1];
    for (int64_t row = begin; row < end; row++) {
        const float *dy = d->node.out->grad + row * n;
        for (int64_t tap = 0; tap < kernel; tap++) {
            int64_t shift = tap - kernel / 2, t = row % length + shift;
            if (t >= 0 && t < length)
                kernels->multiply_add(n, d->x->data + (row + shift) * n, dy, sums + tap * n);
        }
        kernels->axpy(n, 1.0f, dy, sums + kernel * n);
    }
}

static void depthwise_back(momui_graph *g, momui_node *node) {
    depthwise_node *d = (depthwise_node *)node;
    int64_t rows = momui_row_count(d->x), n = d->x->shape[2], kernel = d->weight->shape[1];
    bool overwrite = false;
    float *dx = momui_gradient(g, d->x, &overwrite);
    if (dx) {
        depthwise_job job = {g->kernels, d->x->shape[1], n,    kernel,    node->out->grad,
                             d->taps,    NULL,           true, overwrite, dx};
        momui_spans(g->pool, rows, n * kernel, depthwise_work, &job);
    }
    float *dw = momui_gradient(g, d->weight, NULL);
    float *db = d->bias ? momui_gradient(g, d->bias, NULL) : NULL;
    if (!dw && !db)
        return;
    momui_arena_mark mark = momui_arena_position(g->arena);
    float *sums = momui_graph_alloc(g, (size_t)((kernel + 1) * n), sizeof(float));
    if (sums) {
        memset(sums, 0, (size_t)((kernel + 1) * n) * sizeof(float));
        momui_sum_parts(g, rows, (kernel + 1) * n, depthwise_part, d, sums);
        for (int64_t c = 0; c < n && dw; c++)
            for (int64_t tap = 0; tap < kernel; tap++)
                dw[c * kernel + tap] += sums[tap * n + c];
        if (db)
            g->kernels->add(n, sums + kernel * n, db, db);
    }
    momui_arena_reset(g->arena, mark);
}

momui_tensor *momui_op_depthwise_conv1d(momui_graph *g, momui_tensor *x, momui_tensor *weight,
                                        momui_tensor *bias) {
    if (!MOMUI_READY(g, "depthwise conv1d", x, weight))
        return NULL;
    if (x->rank != 3)
        return momui_shape_fail(g, "depthwise conv1d", "the input is not (B, T, C)", x);
    int64_t n = x->shape[2], kernel = weight->rank == 2 ? weight->shape[1] : 0;
    if (kernel % 2 != 1 || weight->shape[0] != n)
        return momui_shape_fail(g, "depthwise conv1d", "the weight is not (C, odd)", weight);
    if (bias && (bias->rank != 1 || bias->shape[0] != n))
        return momui_shape_fail(g, "depthwise conv1d", "the bias is not (C)", bias);
    momui_tensor *y = momui_tensor_like(g, x);
    float *taps = y ? momui_graph_alloc(g, (size_t)(n * kernel), sizeof(float)) : NULL;
    if (!taps)
        return NULL;
    for (int64_t c = 0; c < n; c++)
        for (int64_t tap = 0; tap < kernel; tap++)
            taps[tap * n + c] = weight->data[c * kernel + tap];
    depthwise_job job = {g->kernels, x->shape[1], n,     kernel, x->data,
                         taps,       NULL,        false, true,   y->data};
    job.bias = bias ? bias->data : NULL;
    momui_spans(g->pool, momui_row_count(x), n * kernel, depthwise_work, &job);
    depthwise_node *d = MOMUI_RECORD(g, depthwise_node, depthwise_back, y, x, weight, bias);
    if (d)
        *d = (depthwise_node){d->node, x, weight, bias, taps, g->kernels};
    return g->status == MOMU_OK ? y : NULL;
}
