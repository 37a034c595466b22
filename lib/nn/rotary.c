#include "nn/tape.h"

#include <math.h>
#include <string.h>

typedef struct rotary_node {
    momui_node node;
    momui_tensor *x;
    int64_t heads;
    const float *table; /* (T, D/2) cosines, then as many sines */
} rotary_node;

typedef struct rotary_job {
    const float *from, *table;
    float *to;
    int64_t length, heads, half;
    float sign; /* -1 turns back */
    bool add;
} rotary_job;

static void rotary_work(void *user, int64_t begin, int64_t end) {
    const rotary_job *job = user;
    int64_t half = job->half, width = job->heads * 2 * half;
    for (int64_t row = begin; row < end; row++) {
        const float *cosine = job->table + row % job->length * half;
        const float *sine = cosine + job->length * half;
        for (int64_t head = 0; head < job->heads; head++) {
            const float *from = job->from + row * width + head * 2 * half;
            float *to = job->to + row * width + head * 2 * half;
            for (int64_t i = 0; i < half; i++) {
                float u = from[i], v = from[i + half], s = sine[i] * job->sign;
                float first = u * cosine[i] - v * s, second = u * s + v * cosine[i];
                to[i] = job->add ? to[i] + first : first;
                to[i + half] = job->add ? to[i + half] + second : second;
            }
        }
    }
}

/* The transpose of a rotation is the rotation back. */
static void rotary_back(momui_graph *g, momui_node *node) {
    rotary_node *r = (rotary_node *)node;
    bool overwrite = false;
    float *dx = momui_gradient(g, r->x, &overwrite);
    if (!dx)
        return;
    rotary_job job = {node->out->grad, r->table,  dx,
                      r->x->shape[1],  r->heads,  r->x->shape[2] / r->heads / 2,
                      -1.0f,           !overwrite};
    momui_spans(g->pool, momui_row_count(r->x), r->x->shape[2] * 2, rotary_work, &job);
}

momui_tensor *momui_op_rotary(momui_graph *g, momui_tensor *x, int heads,
                              const int32_t *positions) {
    if (!MOMUI_READY(g, "rotary", x))
        return NULL;
    if (x->rank != 3 || heads < 1 || x->shape[2] % (2 * heads) != 0)
        return momui_shape_fail(g, "rotary", "the input is not (batch, frames, heads*even)", x);
    int64_t length = x->shape[1], half = x->shape[2] / heads / 2;
    momui_tensor *y = momui_tensor_like(g, x);
    float *table = y ? momui_graph_alloc(g, (size_t)(2 * length * half), sizeof(float)) : NULL;
    if (!table)
        return NULL;
    for (int64_t i = 0; i < half; i++) {
        double frequency = pow(10000.0, -(double)i / (double)half);
        for (int64_t t = 0; t < length; t++) {
            double angle = (double)positions[t] * frequency;
            table[t * half + i] = (float)cos(angle);
            table[(length + t) * half + i] = (float)sin(angle);
        }
    }
    rotary_job job = {x->data, table, y->data, length, heads, half, 1.0f, false};
    momui_spans(g->pool, momui_row_count(x), x->shape[2] * 2, rotary_work, &job);
    rotary_node *r = MOMUI_RECORD(g, rotary_node, rotary_back, y, x);
    if (r) {
        r->x = x;
        r->heads = heads;
        r->table = table;
    }
    return g->status == MOMU_OK ? y : NULL;
}
