#include "nn/tape.h"

#include <math.h>

typedef struct group_norm_node {
    momui_node node;
    momui_tensor *x, *weight, *bias;
    int64_t groups;
    float epsilon;
    const uint8_t *mask;
    float *stats;        /* (B, groups, 2): mean, 1 / deviation */
    float *dx, *partial; /* partial: (B, 2, C), the items' shares of dweight and dbias */
    bool overwrite;
} group_norm_node;

static int64_t counted_frames(const uint8_t *mask, int64_t frames) {
    if (!mask)
        return frames;
    int64_t count = 0;
    for (int64_t t = 0; t < frames; t++)
        count += mask[t] != 0;
    return count;
}

/* One (item, group). */
static void group_forward(void *user, size_t task, int worker) {
    (void)worker;
    const group_norm_node *n = user;
    int64_t item = (int64_t)task / n->groups, group = (int64_t)task % n->groups;
    int64_t frames = n->x->shape[1], channels = n->x->shape[2], width = channels / n->groups;
    int64_t start = item * frames * channels + group * width;
    const float *x = n->x->data + start;
    const uint8_t *mask = n->mask ? n->mask + item * frames : NULL;
    double sum = 0.0, squares = 0.0;
    double count = (double)(counted_frames(mask, frames) * width);
    count = count < 1.0 ? 1.0 : count;
    for (int64_t t = 0; t < frames; t++)
        for (int64_t c = 0; (!mask || mask[t]) && c < width; c++)
            sum += (double)x[t * channels + c];
    double mean = sum / count;
    for (int64_t t = 0; t < frames; t++)
        for (int64_t c = 0; (!mask || mask[t]) && c < width; c++) {
            double d = (double)x[t * channels + c] - mean;
            squares += d * d;
        }
    float middle = (float)mean, scale = (float)(1.0 / sqrt(squares / count + (double)n->epsilon));
    if (n->stats) {
        n->stats[2 * task] = middle;
        n->stats[2 * task + 1] = scale;
    }
    const float *weight = n->weight->data + group * width, *bias = n->bias->data + group * width;
    float *y = n->node.out->data + start;
    for (int64_t t = 0; t < frames; t++)
        for (int64_t c = 0; c < width; c++)
            y[t * channels + c] = (x[t * channels + c] - middle) * scale * weight[c] + bias[c];
}

/* With u the normalised input and h = dy weight: dx = scale (h - mean(h) - u mean(h u)) for frames
 * that count, the means' divisor being their number; frames that do not count moved no statistics:
 * dx = scale h. */
static void group_backward(void *user, size_t task, int worker) {
    (void)worker;
    const group_norm_node *n = user;
    int64_t item = (int64_t)task / n->groups, group = (int64_t)task % n->groups;
    int64_t frames = n->x->shape[1], channels = n->x->shape[2], width = channels / n->groups;
    int64_t start = item * frames * channels + group * width;
    const float *x = n->x->data + start, *dy = n->node.out->grad + start;
    const float *weight = n->weight->data + group * width;
    const uint8_t *mask = n->mask ? n->mask + item * frames : NULL;
    float mean = n->stats[2 * task], scale = n->stats[2 * task + 1];
    float *dweight = n->partial + item * 2 * channels + group * width, *dbias = dweight + channels;
    double sum = 0.0, product = 0.0;
    for (int64_t c = 0; c < width; c++) {
        double to_weight = 0.0, to_bias = 0.0;
        for (int64_t t = 0; t < frames; t++) {
            double d = (double)dy[t * channels + c];
            to_weight += d * (double)((x[t * channels + c] - mean) * scale);
            to_bias += d;
        }
        dweight[c] = (float)to_weight;
        dbias[c] = (float)to_bias;
        sum += to_bias * (double)weight[c];
        product += to_weight * (double)weight[c];
    }
    if (!n->dx)
        return;
    double count = (double)(counted_frames(mask, frames) * width);
    count = count < 1.0 ? 1.0 : count;
    float mean_h = (float)(sum / count), slope = (float)(product / count);
    for (int64_t t = 0; t < frames; t++) {
        bool counts = !mask || mask[t];
        float *dx = n->dx + start + t * channels;
        for (int64_t c = 0; c < width; c++) {
            float h = dy[t * channels + c] * weight[c];
            float u = (x[t * channels + c] - mean) * scale;
            float value = scale * (counts ? h - mean_h - u * slope : h);
            dx[c] = n->overwrite ? value : dx[c] + value;
        }
    }
}

static void group_norm_back(momui_graph *g, momui_node *node) {
    group_norm_node *n = (group_norm_node *)node;
    int64_t items = n->x->shape[0], channels = n->x->shape[2];
    n->dx = momui_gradient(g, n->x, &n->overwrite);
    float *dw = momui_gradient(g, n->weight, NULL), *db = momui_gradient(g, n->bias, NULL);
    momui_arena_mark mark = momui_arena_position(g->arena);
    n->partial = momui_graph_alloc(g, (size_t)(items * 2 * channels), sizeof(float));
    if (!n->partial)
        return;
    momui_pool_run(g->pool, (size_t)(items * n->groups), group_backward, n);
    for (int64_t i = 0; i < items; i++) {
        const float *partial = n->partial + i * 2 * channels;
        if (dw)
            g->kernels->add(channels, partial, dw, dw);
        if (db)
            g->kernels->add(channels, partial + channels, db, db);
    }
    momui_arena_reset(g->arena, mark);
}

momui_tensor *momui_op_group_norm(momui_graph *g, momui_tensor *x, int groups, float epsilon,
                                  momui_tensor *weight, momui_tensor *bias, const uint8_t *mask) {
    if (!MOMUI_READY(g, "group norm", x, weight, bias))
        return NULL;
    if (x->rank != 3 || groups < 1 || x->shape[2] % groups != 0)
        return momui_shape_fail(g, "group norm", "the channels do not fall into the groups", x);
    if (weight->rank != 1 || weight->shape[0] != x->shape[2])
        return momui_shape_fail(g, "group norm", "the weight is not (C)", weight);
    if (!momui_same_shape(weight, bias))
        return momui_shape_fail(g, "group norm", "the bias is not (C)", bias);
    momui_tensor *y = momui_tensor_like(g, x);
    if (!y)
        return NULL;
    group_norm_node *n = MOMUI_RECORD(g, group_norm_node, group_norm_back, y, x, weight, bias);
    group_norm_node here = {.node.out = y};
    if (!n)
        n = &here;
    n->x = x;
    n->weight = weight;
    n->bias = bias;
    n->groups = groups;
    n->epsilon = epsilon;
    n->mask = mask;
    if (n != &here) {
        n->stats = momui_graph_alloc(g, (size_t)(x->shape[0] * groups * 2), sizeof(float));
        if (!n->stats)
            return NULL;
    }
    momui_pool_run(g->pool, (size_t)(x->shape[0] * groups), group_forward, n);
    return g->status == MOMU_OK ? y : NULL;
}
