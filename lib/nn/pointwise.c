/* Sums, products and the like of tensors of one shape. */
#include "nn/tape.h"

#include <math.h>

typedef struct pair_node {
    momui_node node;
    momui_tensor *a, *b;
    const momui_kernels *kernels;
    float factor, low, high;
    float *to;
    const float *by;
    bool overwrite;
} pair_node;

static momui_tensor *begin_pair(momui_graph *g, const char *operation, momui_tensor *a,
                                momui_tensor *b) {
    if (!MOMUI_READY(g, operation, a, b))
        return NULL;
    if (!momui_same_shape(a, b))
        return momui_shape_fail(g, operation, "the inputs differ in shape", b);
    return momui_tensor_like(g, a);
}

/* to = [to +] grad * factor, times by where there is one */
static void send_work(void *user, int64_t begin, int64_t end) {
    const pair_node *p = user;
    const float *dy = p->node.out->grad;
    for (int64_t i = begin; i < end; i++) {
        float value = dy[i] * p->factor;
        if (p->by)
            value *= p->by[i];
        p->to[i] = p->overwrite ? value : p->to[i] + value;
    }
}

static void send(momui_graph *g, pair_node *p, momui_tensor *x, float factor, const float *by) {
    p->to = momui_gradient(g, x, &p->overwrite);
    p->factor = factor;
    p->by = by;
    if (p->to)
        momui_spans(g->pool, momui_tensor_count(x), 1, send_work, p);
}

static void run_and_record(momui_graph *g, momui_span_work work, momui_backward_step back,
                           const pair_node *pair) {
    pair_node here = *pair;
    here.kernels = g->kernels;
    momui_spans(g->pool, momui_tensor_count(here.node.out), 1, work, &here);
    pair_node *p = MOMUI_RECORD(g, pair_node, back, here.node.out, here.a, here.b);
    if (p) {
        here.node = p->node;
        *p = here;
    }
}

static momui_tensor *finished(const momui_graph *g, momui_tensor *y) {
    return g->status == MOMU_OK ? y : NULL;
}

/* ---- add, subtract, multiply ---- */

static void add_work(void *user, int64_t begin, int64_t end) {
    const pair_node *p = user;
    p->kernels->add(end - begin, p->a->data + begin, p->b->data + begin, p->node.out->data + begin);
}

/* b's share is sent first: a may take over the gradient's memory. */
static void add_back(momui_graph *g, momui_node *node) {
    pair_node *p = (pair_node *)node;
    send(g, p, p->b, 1.0f, NULL);
    momui_gradient_pass(g, p->a, node->out);
}

momui_tensor *momui_op_add(momui_graph *g, momui_tensor *a, momui_tensor *b) {
    momui_tensor *y = begin_pair(g, "add", a, b);
    if (y)
        run_and_record(g, add_work, add_back, &(pair_node){.node.out = y, .a = a, .b = b});
    return finished(g, y);
}

static void subtract_work(void *user, int64_t begin, int64_t end) {
    const pair_node *p = user;
    const float *a = p->a->data, *b = p->b->data;
    float *y = p->node.out->data;
    for (int64_t i = begin; i < end; i++)
        y[i] = a[i] - b[i];
}

static void subtract_back(momui_graph *g, momui_node *node) {
    pair_node *p = (pair_node *)node;
    send(g, p, p->b, -1.0f, NULL);
    momui_gradient_pass(g, p->a, node->out);
}

momui_tensor *momui_op_subtract(momui_graph *g, momui_tensor *a, momui_tensor *b) {
    momui_tensor *y = begin_pair(g, "subtract", a, b);
    if (y)
        run_and_record(g, subtract_work, subtract_back,
                       &(pair_node){.node.out = y, .a = a, .b = b});
    return finished(g, y);
}

static void multiply_work(void *user, int64_t begin, int64_t end) {
    const pair_node *p = user;
    p->kernels->multiply_elements(end - begin, p->a->data + begin, p->b->data + begin,
                                  p->node.out->data + begin);
}

static void multiply_back(momui_graph *g, momui_node *node) {
    pair_node *p = (pair_node *)node;
    send(g, p, p->a, 1.0f, p->b->data);
    send(g, p, p->b, 1.0f, p->a->data);
}

momui_tensor *momui_op_multiply(momui_graph *g, momui_tensor *a, momui_tensor *b) {
    momui_tensor *y = begin_pair(g, "multiply", a, b);
    if (y)
        run_and_record(g, multiply_work, multiply_back,
                       &(pair_node){.node.out = y, .a = a, .b = b});
    return finished(g, y);
}

/* ---- exp, clamp, scale ---- */

static momui_tensor *begin_single(momui_graph *g, const char *operation, momui_tensor *x) {
    return MOMUI_READY(g, operation, x) ? momui_tensor_like(g, x) : NULL;
}

static void exp_work(void *user, int64_t begin, int64_t end) {
    const pair_node *p = user;
    p->kernels->exp(end - begin, p->a->data + begin, p->node.out->data + begin);
}

static void exp_back(momui_graph *g, momui_node *node) {
    pair_node *p = (pair_node *)node;
    send(g, p, p->a, 1.0f, node->out->data);
}

momui_tensor *momui_op_exp(momui_graph *g, momui_tensor *x) {
    momui_tensor *y = begin_single(g, "exp", x);
    if (y)
        run_and_record(g, exp_work, exp_back, &(pair_node){.node.out = y, .a = x});
    return finished(g, y);
}

static void clamp_work(void *user, int64_t begin, int64_t end) {
    const pair_node *p = user;
    const float *x = p->a->data;
    float *y = p->node.out->data;
    for (int64_t i = begin; i < end; i++) {
        float value = x[i] < p->low ? p->low : x[i];
        y[i] = value > p->high ? p->high : value;
    }
}

/* The slope is 1 inside and on the bounds, 0 outside. */
static void clamp_back_work(void *user, int64_t begin, int64_t end) {
    const pair_node *p = user;
    const float *x = p->a->data, *dy = p->node.out->grad;
    for (int64_t i = begin; i < end; i++) {
        float value = x[i] < p->low || x[i] > p->high ? 0.0f : dy[i];
        p->to[i] = p->overwrite ? value : p->to[i] + value;
    }
}

static void clamp_back(momui_graph *g, momui_node *node) {
    pair_node *p = (pair_node *)node;
    p->to = momui_gradient(g, p->a, &p->overwrite);
    if (p->to)
        momui_spans(g->pool, momui_tensor_count(p->a), 1, clamp_back_work, p);
}

momui_tensor *momui_op_clamp(momui_graph *g, momui_tensor *x, float low, float high) {
    momui_tensor *y = begin_single(g, "clamp", x);
    if (y)
        run_and_record(g, clamp_work, clamp_back,
                       &(pair_node){.node.out = y, .a = x, .low = low, .high = high});
    return finished(g, y);
}

static void scale_work(void *user, int64_t begin, int64_t end) {
    const pair_node *p = user;
    for (int64_t i = begin; i < end; i++)
        p->node.out->data[i] = p->a->data[i] * p->low;
}

static void scale_back(momui_graph *g, momui_node *node) {
    pair_node *p = (pair_node *)node;
    send(g, p, p->a, p->low, NULL);
}

momui_tensor *momui_op_scale(momui_graph *g, momui_tensor *x, float factor) {
    momui_tensor *y = begin_single(g, "scale", x);
    if (y)
        run_and_record(g, scale_work, scale_back,
                       &(pair_node){.node.out = y, .a = x, .low = factor});
    return finished(g, y);
}

/* ---- reparameterise: mean + exp(logvar / 2) noise ---- */

typedef struct sample_node {
    momui_node node;
    momui_tensor *mean, *logvar;
    float *spread; /* exp(logvar / 2) noise */
} sample_node;

static void sample_back(momui_graph *g, momui_node *node) {
    sample_node *s = (sample_node *)node;
    int64_t count = momui_tensor_count(s->mean);
    float *d = momui_gradient(g, s->logvar, NULL);
    for (int64_t i = 0; d && i < count; i++)
        d[i] += 0.5f * node->out->grad[i] * s->spread[i];
    momui_gradient_pass(g, s->mean, node->out);
}

momui_tensor *momui_op_reparameterise(momui_graph *g, momui_tensor *mean, momui_tensor *logvar,
                                      const float *noise) {
    momui_tensor *y = begin_pair(g, "sample", mean, logvar);
    if (!y)
        return NULL;
    int64_t count = momui_tensor_count(mean);
    float *spread = momui_graph_alloc(g, (size_t)count, sizeof(float));
    if (!spread)
        return NULL;
    for (int64_t i = 0; i < count; i++) {
        spread[i] = expf(0.5f * logvar->data[i]) * noise[i];
        y->data[i] = mean->data[i] + spread[i];
    }
    sample_node *s = MOMUI_RECORD(g, sample_node, sample_back, y, mean, logvar);
    if (s) {
        s->mean = mean;
        s->logvar = logvar;
        s->spread = spread;
    }
    return finished(g, y);
}
