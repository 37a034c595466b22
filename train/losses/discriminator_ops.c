/* What discriminators and their losses are made of beside convolutions. */
#include "train/losses/loss_ops.h"

#include "nn/tape.h"

#include <string.h>

/* ---- sums with constant weights ---- */

typedef struct dot_node {
    momui_node node;
    momui_tensor *x;
    const float *weights; /* (count of x) */
} dot_node;

static void dot_back(momui_graph *g, momui_node *node) {
    dot_node *d = (dot_node *)node;
    bool overwrite = false;
    float *dx = momui_gradient(g, d->x, &overwrite), unit = node->out->grad[0];
    int64_t count = dx ? momui_tensor_count(d->x) : 0;
    for (int64_t i = 0; i < count; i++)
        dx[i] = unit * d->weights[i] + (overwrite ? 0.0f : dx[i]);
}

momui_tensor *momui_op_dot(momui_graph *g, momui_tensor *x, const float *weights) {
    if (!MOMUI_READY(g, "dot", x))
        return NULL;
    int64_t count = momui_tensor_count(x);
    momui_tensor *y = momui_tensor_new(g, 1, (int64_t[]){1});
    if (!y)
        return NULL;
    double sum = 0.0;
    for (int64_t i = 0; i < count; i++)
        sum += (double)x->data[i] * (double)weights[i];
    y->data[0] = (float)sum;
    dot_node *d = MOMUI_RECORD(g, dot_node, dot_back, y, x);
    if (d) {
        float *copy = momui_graph_alloc(g, (size_t)count, sizeof *copy);
        if (!copy)
            return NULL;
        memcpy(copy, weights, (size_t)count * sizeof *copy);
        d->x = x;
        d->weights = copy;
    }
    return g->status == MOMU_OK ? y : NULL;
}

/* ---- hinge: mean of max(0, margin - sign x) ---- */

typedef struct hinge_node {
    momui_node node;
    momui_tensor *x;
    float sign;
    bool bounded; /* by 0; else a plain mean */
} hinge_node;

static void hinge_back(momui_graph *g, momui_node *node) {
    hinge_node *h = (hinge_node *)node;
    float *dx = momui_gradient(g, h->x, NULL);
    int64_t count = dx ? momui_tensor_count(h->x) : 0;
    float unit = (float)((double)node->out->grad[0] / (double)momui_tensor_count(h->x));
    for (int64_t i = 0; i < count; i++)
        if (!h->bounded || 1.0f - h->sign * h->x->data[i] > 0)
            dx[i] -= unit * h->sign;
}

static momui_tensor *mean_of(momui_graph *g, const char *operation, momui_tensor *x, float sign,
                             bool bounded) {
    if (!MOMUI_READY(g, operation, x))
        return NULL;
    int64_t count = momui_tensor_count(x);
    momui_tensor *y = momui_tensor_new(g, 1, (int64_t[]){1});
    if (!y)
        return NULL;
    double sum = 0.0;
    for (int64_t i = 0; i < count; i++) {
        double away = (bounded ? 1.0 : 0.0) - (double)sign * (double)x->data[i];
        sum += !bounded || away > 0 ? away : 0;
    }
    y->data[0] = (float)(sum / (double)(count > 0 ? count : 1));
    hinge_node *h = MOMUI_RECORD(g, hinge_node, hinge_back, y, x);
    if (h) {
        h->x = x;
        h->sign = sign;
        h->bounded = bounded;
    }
    return g->status == MOMU_OK ? y : NULL;
}

momui_tensor *momui_op_hinge(momui_graph *g, momui_tensor *x, bool real) {
    return mean_of(g, "hinge", x, real ? 1.0f : -1.0f, true);
}

momui_tensor *momui_op_mean(momui_graph *g, momui_tensor *x) {
    return mean_of(g, "mean", x, -1.0f, false);
}
