/* Functions of one element, and their slopes. */
#include "nn/tape.h"

typedef void (*map_loop)(int64_t n, const float *x, float *y);
typedef void (*map_back_loop)(int64_t n, const float *x, const float *dy, float *dx,
                              bool overwrite);

typedef struct map_node {
    momui_node node;
    momui_tensor *x;
    map_loop loop;
    map_back_loop back;
    float *dx;
    bool overwrite;
} map_node;

static void map_work(void *user, int64_t begin, int64_t end) {
    const map_node *m = user;
    m->loop(end - begin, m->x->data + begin, m->node.out->data + begin);
}

static void map_back_work(void *user, int64_t begin, int64_t end) {
    const map_node *m = user;
    m->back(end - begin, m->x->data + begin, m->node.out->grad + begin, m->dx + begin,
            m->overwrite);
}

static void map_back(momui_graph *g, momui_node *node) {
    map_node *m = (map_node *)node;
    m->dx = momui_gradient(g, m->x, &m->overwrite);
    if (m->dx)
        momui_spans(g->pool, momui_tensor_count(m->x), 4, map_back_work, m);
}

static momui_tensor *map(momui_graph *g, const char *operation, momui_tensor *x, map_loop loop,
                         map_back_loop back) {
    if (!MOMUI_READY(g, operation, x))
        return NULL;
    momui_tensor *y = momui_tensor_like(g, x);
    if (!y)
        return NULL;
    map_node here = {.node.out = y, .x = x, .loop = loop};
    momui_spans(g->pool, momui_tensor_count(x), 4, map_work, &here);
    map_node *m = MOMUI_RECORD(g, map_node, map_back, y, x);
    if (m) {
        m->x = x;
        m->back = back;
    }
    return g->status == MOMU_OK ? y : NULL;
}

momui_tensor *momui_op_silu(momui_graph *g, momui_tensor *x) {
    return map(g, "silu", x, g->kernels->silu, g->kernels->silu_back);
}

momui_tensor *momui_op_gelu(momui_graph *g, momui_tensor *x) {
    return map(g, "gelu", x, g->kernels->gelu, g->kernels->gelu_back);
}

momui_tensor *momui_op_gelu_tanh(momui_graph *g, momui_tensor *x) {
    return map(g, "gelu (tanh)", x, g->kernels->gelu_tanh, g->kernels->gelu_tanh_back);
}

/* ---- GEGLU ---- */

typedef struct geglu_node {
    momui_node node;
    momui_tensor *x;
    const momui_kernels *kernels;
    float *dx;
    bool overwrite;
} geglu_node;

static void geglu_work(void *user, int64_t begin, int64_t end) {
    const geglu_node *u = user;
    int64_t n = momui_channels(u->node.out);
    for (int64_t i = begin; i < end; i++) {
        const float *a = u->x->data + i * 2 * n;
        u->kernels->geglu(n, a, a + n, u->node.out->data + i * n);
    }
}

static void geglu_back_work(void *user, int64_t begin, int64_t end) {
    const geglu_node *u = user;
    int64_t n = momui_channels(u->node.out);
    for (int64_t i = begin; i < end; i++) {
        const float *a = u->x->data + i * 2 * n;
        float *da = u->dx + i * 2 * n;
        u->kernels->geglu_back(n, a, a + n, u->node.out->grad + i * n, da, da + n, u->overwrite);
    }
}

static void geglu_back(momui_graph *g, momui_node *node) {
    geglu_node *u = (geglu_node *)node;
    u->dx = momui_gradient(g, u->x, &u->overwrite);
    if (u->dx)
        momui_spans(g->pool, momui_row_count(u->x), 4 * momui_channels(u->x), geglu_back_work, u);
}

momui_tensor *momui_op_geglu(momui_graph *g, momui_tensor *x) {
    if (!MOMUI_READY(g, "geglu", x))
        return NULL;
    if (momui_channels(x) % 2 != 0)
        return momui_shape_fail(g, "geglu", "the last axis is odd", x);
    int64_t shape[4];
    for (int i = 0; i < x->rank; i++)
        shape[i] = x->shape[i];
    shape[x->rank - 1] /= 2;
    momui_tensor *y = momui_tensor_new(g, x->rank, shape);
    if (!y)
        return NULL;
    geglu_node here = {.node.out = y, .x = x, .kernels = g->kernels};
    momui_spans(g->pool, momui_row_count(x), 4 * shape[x->rank - 1], geglu_work, &here);
    geglu_node *u = MOMUI_RECORD(g, geglu_node, geglu_back, y, x);
    if (u) {
        u->x = x;
        u->kernels = g->kernels;
    }
    return g->status == MOMU_OK ? y : NULL;
}

/* ---- leaky ReLU ---- */

typedef struct leaky_node {
    momui_node node;
    momui_tensor *x;
    float slope;
} leaky_node;

static void leaky_back(momui_graph *g, momui_node *node) {
    leaky_node *l = (leaky_node *)node;
    bool overwrite = false;
    float *dx = momui_gradient(g, l->x, &overwrite);
    const float *x = l->x->data, *dy = node->out->grad;
    int64_t count = dx ? momui_tensor_count(l->x) : 0;
    for (int64_t i = 0; i < count; i++) {
        float slope = x[i] >= 0 ? dy[i] : l->slope * dy[i];
        dx[i] = overwrite ? slope : dx[i] + slope;
    }
}

momui_tensor *momui_op_leaky_relu(momui_graph *g, momui_tensor *x, float slope) {
    if (!MOMUI_READY(g, "leaky relu", x))
        return NULL;
    momui_tensor *y = momui_tensor_like(g, x);
    if (!y)
        return NULL;
    int64_t count = momui_tensor_count(x);
    for (int64_t i = 0; i < count; i++)
        y->data[i] = x->data[i] >= 0 ? x->data[i] : slope * x->data[i];
    leaky_node *l = MOMUI_RECORD(g, leaky_node, leaky_back, y, x);
    if (l) {
        l->x = x;
        l->slope = slope;
    }
    return g->status == MOMU_OK ? y : NULL;
}
