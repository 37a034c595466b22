/* The rhythmic contrastive loss (You et al. 2024, section 3.1), in four operations:
 *
 *   latents (B, T, C) -> max over the frames of each window (N, C) -> unit vectors -> similarities of
 *   motion and music windows (N, N) -> symmetric InfoNCE (Radford et al. 2021)
 *
 * train/stages/stage_motion.c draws the windows. */
#include "train/losses/loss_ops.h"

#include "nn/gemm.h"

#include <math.h>
#include <string.h>

/* ---- windows and unit vectors ---- */

typedef struct window_node {
    momui_node node;
    momui_tensor *x;
    int64_t *from; /* (count, C): the element of x that was largest */
} window_node;

static void window_back(momui_graph *g, momui_node *node) {
    window_node *w = (window_node *)node;
    float *dx = momui_gradient(g, w->x, NULL);
    int64_t count = momui_tensor_count(node->out);
    for (int64_t i = 0; dx && i < count; i++)
        dx[w->from[i]] += node->out->grad[i];
}

momui_tensor *momui_op_window_max(momui_graph *g, momui_tensor *x, const int32_t *clip,
                                  const int32_t *start, int count, int length) {
    if (!MOMUI_READY(g, "window max", x))
        return NULL;
    if (x->rank != 3 || count < 1 || length < 1)
        return momui_shape_fail(g, "window max", "the input is not (batch, frames, C)", x);
    for (int i = 0; i < count; i++)
        if (clip[i] < 0 || clip[i] >= x->shape[0] || start[i] < 0 ||
            start[i] > x->shape[1] - length)
            return momui_shape_fail(g, "window max", "a window lies outside", x);
    int64_t n = x->shape[2], shape[2] = {count, n};
    momui_tensor *y = momui_tensor_new(g, 2, shape);
    int64_t *from = y ? momui_graph_alloc(g, (size_t)(count * n), sizeof *from) : NULL;
    if (!from)
        return NULL;
    for (int64_t i = 0; i < count; i++)
        for (int64_t c = 0; c < n; c++) {
            int64_t best = (clip[i] * x->shape[1] + start[i]) * n + c;
            for (int64_t t = 1, at = best + n; t < length; t++, at += n)
                if (x->data[at] > x->data[best])
                    best = at;
            from[i * n + c] = best;
            y->data[i * n + c] = x->data[best];
        }
    window_node *w = MOMUI_RECORD(g, window_node, window_back, y, x);
    if (w) {
        w->x = x;
        w->from = from;
    }
    return g->status == MOMU_OK ? y : NULL;
}

typedef struct normalize_node {
    momui_node node;
    momui_tensor *x;
    float *inverse; /* (N): 1 / length */
} normalize_node;

/* dx = (dy - y (y.dy)) / length */
static void normalize_back(momui_graph *g, momui_node *node) {
    normalize_node *u = (normalize_node *)node;
    float *dx = momui_gradient(g, u->x, NULL);
    int64_t n = momui_channels(u->x), rows = momui_row_count(u->x);
    for (int64_t i = 0; dx && i < rows; i++) {
        const float *y = node->out->data + i * n, *dy = node->out->grad + i * n;
        float along = g->kernels->dot(n, y, dy);
        for (int64_t c = 0; c < n; c++)
            dx[i * n + c] += (dy[c] - y[c] * along) * u->inverse[i];
    }
}

/* A row shorter than 1e-12 is divided by that. */
momui_tensor *momui_op_normalize(momui_graph *g, momui_tensor *x) {
    if (!MOMUI_READY(g, "normalize", x))
        return NULL;
    int64_t n = momui_channels(x), rows = momui_row_count(x);
    momui_tensor *y = momui_tensor_like(g, x);
    float *inverse = y ? momui_graph_alloc(g, (size_t)rows, sizeof(float)) : NULL;
    if (!inverse)
        return NULL;
    for (int64_t i = 0; i < rows; i++) {
        float length = sqrtf(g->kernels->dot(n, x->data + i * n, x->data + i * n));
        inverse[i] = 1.0f / (length < 1e-12f ? 1e-12f : length);
        for (int64_t c = 0; c < n; c++)
            y->data[i * n + c] = x->data[i * n + c] * inverse[i];
    }
    normalize_node *u = MOMUI_RECORD(g, normalize_node, normalize_back, y, x);
    if (u) {
        u->x = x;
        u->inverse = inverse;
    }
    return g->status == MOMU_OK ? y : NULL;
}

/* ---- similarity ---- */

typedef struct similarity_node {
    momui_node node;
    momui_tensor *a, *b, *log_scale;
    float scale;
    bool limited; /* the scale stands at its limit, where it has no slope */
} similarity_node;

static void similarity_back(momui_graph *g, momui_node *node) {
    similarity_node *s = (similarity_node *)node;
    const momui_tensor *y = node->out;
    int64_t n = y->shape[0], m = y->shape[1], c = s->a->shape[1];
    float *dscale = s->limited ? NULL : momui_gradient(g, s->log_scale, NULL);
    if (dscale)
        for (int64_t i = 0; i < n; i++)
            dscale[0] += g->kernels->dot(m, y->grad + i * m, y->data + i * m);
    float *da = momui_gradient(g, s->a, NULL), *db = momui_gradient(g, s->b, NULL);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++) {
            float d = y->grad[i * m + j] * s->scale;
            if (da)
                g->kernels->axpy(c, d, s->b->data + j * c, da + i * c);
            if (db)
                g->kernels->axpy(c, d, s->a->data + i * c, db + j * c);
        }
}

momui_tensor *momui_op_similarity(momui_graph *g, momui_tensor *a, momui_tensor *b,
                                  momui_tensor *log_scale) {
    if (!MOMUI_READY(g, "similarity", a, b, log_scale))
        return NULL;
    if (a->rank != 2 || b->rank != 2 || a->shape[1] != b->shape[1])
        return momui_shape_fail(g, "similarity", "the inputs are not (N, C) and (M, C)", b);
    if (momui_tensor_count(log_scale) != 1)
        return momui_shape_fail(g, "similarity", "the scale is not one number", log_scale);
    const float limit = 4.6051702f; /* ln 100 */
    int64_t shape[2] = {a->shape[0], b->shape[0]}, c = a->shape[1];
    momui_tensor *y = momui_tensor_new(g, 2, shape);
    if (!y)
        return NULL;
    bool limited = log_scale->data[0] > limit;
    float scale = expf(limited ? limit : log_scale->data[0]);
    for (int64_t i = 0; i < shape[0]; i++)
        for (int64_t j = 0; j < shape[1]; j++)
            y->data[i * shape[1] + j] =
                scale * g->kernels->dot(c, a->data + i * c, b->data + j * c);
    similarity_node *s = MOMUI_RECORD(g, similarity_node, similarity_back, y, a, b, log_scale);
    if (s)
        *s = (similarity_node){s->node, a, b, log_scale, scale, limited};
    return g->status == MOMU_OK ? y : NULL;
}

/* ---- InfoNCE ---- */

typedef struct infonce_node {
    momui_node node;
    momui_tensor *logits;
} infonce_node;

static void infonce_back(momui_graph *g, momui_node *node) {
    momui_tensor *logits = ((infonce_node *)node)->logits;
    float *d = momui_gradient(g, logits, NULL);
    if (!d)
        return;
    int64_t n = logits->shape[0];
    double unit = (double)node->out->grad[0] / (2.0 * (double)n);
    for (int64_t i = 0; i < n; i++) {
        double row = momui_log_sum_exp(logits->data + i * n, n, 1);
        double column = momui_log_sum_exp(logits->data + i, n, n);
        for (int64_t j = 0; j < n; j++) {
            d[i * n + j] += (float)(unit * exp((double)logits->data[i * n + j] - row));
            d[j * n + i] += (float)(unit * exp((double)logits->data[j * n + i] - column));
        }
        d[i * n + i] -= (float)(2.0 * unit);
    }
}

momui_tensor *momui_op_infonce(momui_graph *g, momui_tensor *logits) {
    if (!MOMUI_READY(g, "InfoNCE", logits))
        return NULL;
    int64_t n = logits->shape[0], shape[1] = {1};
    if (logits->rank != 2 || n != logits->shape[1] || n < 1)
        return momui_shape_fail(g, "InfoNCE", "the logits are not (N, N)", logits);
    momui_tensor *y = momui_tensor_new(g, 1, shape);
    if (!y)
        return NULL;
    double sum = 0.0;
    for (int64_t i = 0; i < n; i++)
        sum += momui_log_sum_exp(logits->data + i * n, n, 1) +
               momui_log_sum_exp(logits->data + i, n, n) - 2.0 * (double)logits->data[i * n + i];
    y->data[0] = (float)(sum / (2.0 * (double)n));
    infonce_node *c = MOMUI_RECORD(g, infonce_node, infonce_back, y, logits);
    if (c)
        c->logits = logits;
    return g->status == MOMU_OK ? y : NULL;
}
