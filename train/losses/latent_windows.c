/* Rows of the rhythmic InfoNCE: windows of latents, pooled to unit vectors. */
#include "train/losses/loss_ops.h"

#include "nn/tape.h"

#include <math.h>

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
