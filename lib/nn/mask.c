/* x (B, T, C) with zeros in masked frames, as a convolution needs at the end of an item. */
#include "nn/tape.h"

#include <string.h>

typedef struct mask_node {
    momui_node node;
    momui_tensor *x;
    const uint8_t *mask;
    float *dx;
    bool overwrite;
} mask_node;

static void keep_work(void *user, int64_t begin, int64_t end) {
    const mask_node *m = user;
    size_t n = (size_t)momui_channels(m->x);
    for (int64_t i = begin; i < end; i++) {
        float *to = m->node.out->data + (size_t)i * n;
        if (m->mask[i])
            memcpy(to, m->x->data + (size_t)i * n, n * sizeof *to);
        else
            memset(to, 0, n * sizeof *to);
    }
}

static void keep_back_work(void *user, int64_t begin, int64_t end) {
    const mask_node *m = user;
    int64_t n = momui_channels(m->x);
    for (int64_t i = begin; i < end; i++) {
        const float *dy = m->node.out->grad + i * n;
        float *dx = m->dx + i * n;
        for (int64_t j = 0; j < n; j++) {
            float value = m->mask[i] ? dy[j] : 0.0f;
            dx[j] = m->overwrite ? value : dx[j] + value;
        }
    }
}

static void keep_back(momui_graph *g, momui_node *node) {
    mask_node *m = (mask_node *)node;
    m->dx = momui_gradient(g, m->x, &m->overwrite);
    if (m->dx)
        momui_spans(g->pool, momui_row_count(m->x), momui_channels(m->x), keep_back_work, m);
}

momui_tensor *momui_op_mask(momui_graph *g, momui_tensor *x, const uint8_t *mask) {
    if (!MOMUI_READY(g, "keep frames", x))
        return NULL;
    if (!mask)
        return x;
    momui_tensor *y = momui_tensor_like(g, x);
    if (!y)
        return NULL;
    mask_node here = {.node.out = y, .x = x, .mask = mask};
    momui_spans(g->pool, momui_row_count(x), momui_channels(x), keep_work, &here);
    mask_node *m = MOMUI_RECORD(g, mask_node, keep_back, y, x);
    if (m) {
        m->x = x;
        m->mask = mask;
    }
    return g->status == MOMU_OK ? y : NULL;
}
