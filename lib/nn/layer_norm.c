#include "nn/tape.h"

typedef struct layer_norm_node {
    momui_node node;
    momui_tensor *x, *weight, *bias;
    float *stats; /* (rows, 2): mean, 1 / deviation */
    const momui_kernels *kernels;
    float epsilon, *dx;
    bool overwrite, sums;
} layer_norm_node;

static void layer_norm_work(void *user, int64_t begin, int64_t end) {
    const layer_norm_node *l = user;
    int64_t n = momui_channels(l->x);
    float unused[2] = {0};
    for (int64_t i = begin; i < end; i++)
        l->kernels->layer_norm(n, l->x->data + i * n, l->epsilon, l->weight->data, l->bias->data,
                               l->node.out->data + i * n, l->stats ? l->stats + 2 * i : unused);
}

static void layer_norm_part(void *user, int64_t begin, int64_t end, float *sums) {
    const layer_norm_node *l = user;
    int64_t n = momui_channels(l->x);
    for (int64_t i = begin; i < end; i++)
        l->kernels->layer_norm_back(n, l->x->data + i * n, l->stats + 2 * i, l->weight->data,
                                    l->node.out->grad + i * n, l->dx ? l->dx + i * n : NULL,
                                    l->overwrite, l->sums ? sums : NULL, l->sums ? sums + n : NULL);
}

static void layer_norm_back(momui_graph *g, momui_node *node) {
    layer_norm_node *l = (layer_norm_node *)node;
    int64_t n = momui_channels(l->x);
    l->dx = momui_gradient(g, l->x, &l->overwrite);
    float *dw = momui_gradient(g, l->weight, NULL), *db = momui_gradient(g, l->bias, NULL);
    l->sums = dw || db;
    momui_arena_mark mark = momui_arena_position(g->arena);
    float *sums = momui_graph_alloc(g, (size_t)(2 * n), sizeof(float));
    if (!sums)
        return;
    for (int64_t i = 0; i < 2 * n; i++)
        sums[i] = 0.0f;
    momui_sum_parts(g, momui_row_count(l->x), 2 * n, layer_norm_part, l, sums);
    if (dw)
        g->kernels->add(n, sums, dw, dw);
    if (db)
        g->kernels->add(n, sums + n, db, db);
    momui_arena_reset(g->arena, mark);
}

momui_tensor *momui_op_layer_norm(momui_graph *g, momui_tensor *x, float epsilon,
                                  momui_tensor *weight, momui_tensor *bias) {
    if (!MOMUI_READY(g, "layer norm", x, weight, bias))
        return NULL;
    int64_t n = momui_channels(x), rows = momui_row_count(x);
    if (weight->rank != 1 || weight->shape[0] != n)
        return momui_shape_fail(g, "layer norm", "the weight is not (C)", weight);
    if (!momui_same_shape(weight, bias))
        return momui_shape_fail(g, "layer norm", "the bias is not (C)", bias);
    momui_tensor *y = momui_tensor_like(g, x);
    if (!y)
        return NULL;
    layer_norm_node *l = MOMUI_RECORD(g, layer_norm_node, layer_norm_back, y, x, weight, bias);
    layer_norm_node here = {.node.out = y};
    if (!l)
        l = &here;
    l->x = x;
    l->weight = weight;
    l->bias = bias;
    l->epsilon = epsilon;
    l->kernels = g->kernels;
    if (l != &here) {
        l->stats = momui_graph_alloc(g, (size_t)(2 * rows), sizeof(float));
        if (!l->stats)
            return NULL;
    }
    momui_spans(g->pool, rows, n, layer_norm_work, l);
    return g->status == MOMU_OK ? y : NULL;
}
