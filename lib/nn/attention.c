/* Attention by tiles of query rows: a tile's scores live in a worker's scratch. The backward pass
 * recomputes them from q, k and each row's log-sum-exp. Tasks are (item, head); each is one
 * thread's work. */
#include "nn/tape.h"

#include <string.h>

enum { QUERY_TILE = 64 };

typedef struct attention_node {
    momui_node node;
    momui_tensor *q, *k, *v;
    int64_t heads, width; /* width: of one head */
    float scale;
    const uint8_t *mask;
    float *log_sums; /* (B, heads, Tq), or NULL without a tape */
} attention_node;

typedef struct attention_job {
    const momui_kernels *kernels;
    const attention_node *a;
    float *scratch; /* a part for each worker */
    int64_t scratch_floats;
    float *keys, *values; /* forward: packed, (B, heads) of them */
    float *dq, *dk, *dv;  /* back: what is added to; NULL where none is needed */
} attention_job;

static int64_t query_frames(const attention_node *a) {
    return a->q->shape[1];
}
static int64_t key_frames(const attention_node *a) {
    return a->k->shape[1];
}
static int64_t query_tiles(const attention_node *a) {
    return (query_frames(a) + QUERY_TILE - 1) / QUERY_TILE;
}

static const float *head_of(const momui_tensor *x, int64_t item, int64_t head, int64_t width) {
    return x->data + item * x->shape[1] * x->shape[2] + head * width;
}

static void pack_all(const momui_kernels *kernels, int64_t k, int64_t n, momui_view b, float *to) {
    kernels->pack(k, n, b, to, 0, (n + kernels->panel - 1) / kernels->panel);
}

/* ---- forward ---- */

static void pack_task(void *user, size_t task, int worker) {
    (void)worker;
    const attention_job *job = user;
    const attention_node *a = job->a;
    int64_t item = (int64_t)task / a->heads, head = (int64_t)task % a->heads;
    int64_t tk = key_frames(a), d = a->width, all = a->q->shape[2];
    float *keys = job->keys + (int64_t)task * momui_packed_floats(job->kernels, d, tk);
    float *values = job->values + (int64_t)task * momui_packed_floats(job->kernels, tk, d);
    pack_all(job->kernels, d, tk, (momui_view){head_of(a->k, item, head, d), 1, all}, keys);
    pack_all(job->kernels, tk, d, (momui_view){head_of(a->v, item, head, d), all, 1}, values);
}

static void forward_task(void *user, size_t task, int worker) {
    const attention_job *job = user;
    const momui_kernels *kernels = job->kernels;
    const attention_node *a = job->a;
    int64_t pair = (int64_t)task / query_tiles(a), t = (int64_t)task % query_tiles(a) * QUERY_TILE;
    int64_t item = pair / a->heads, head = pair % a->heads;
    int64_t tq = query_frames(a), tk = key_frames(a), d = a->width, all = a->q->shape[2];
    int64_t rows = tq - t < QUERY_TILE ? tq - t : QUERY_TILE;
    const float *keys = job->keys + pair * momui_packed_floats(kernels, d, tk);
    const float *values = job->values + pair * momui_packed_floats(kernels, tk, d);
    const uint8_t *mask = a->mask ? a->mask + item * tk : NULL;
    float *scores = job->scratch + worker * job->scratch_floats;
    momui_view q = {head_of(a->q, item, head, d) + t * all, all, 1};
    kernels->multiply(rows, tk, d, q, keys, NULL, false, scores, tk);
    for (int64_t i = 0; i < rows; i++) {
        float log_sum = kernels->softmax(tk, a->scale, mask, scores + i * tk);
        if (a->log_sums)
            a->log_sums[pair * tq + t + i] = log_sum;
    }
    float *y = a->node.out->data + (item * tq + t) * all + head * d;
    kernels->multiply(rows, d, tk, (momui_view){scores, tk, 1}, values, NULL, false, y, all);
}

/* Memory for each worker, `floats` of it; false fails the graph. */
static bool give_scratch(momui_graph *g, attention_job *job, int64_t floats) {
    job->scratch_floats = (floats + 15) / 16 * 16;
    size_t all = (size_t)job->scratch_floats * (size_t)momui_pool_threads(g->pool);
    job->scratch = momui_graph_alloc(g, all, sizeof(float));
    return job->scratch != NULL;
}

static void attention_forward(momui_graph *g, const attention_node *a) {
    attention_job job = {.kernels = g->kernels, .a = a};
    int64_t pairs = a->q->shape[0] * a->heads, tk = key_frames(a), d = a->width;
    momui_arena_mark mark = momui_arena_position(g->arena);
    size_t keys = (size_t)(pairs * momui_packed_floats(g->kernels, d, tk));
    size_t values = (size_t)(pairs * momui_packed_floats(g->kernels, tk, d));
    job.keys = momui_graph_alloc(g, keys, sizeof(float));
    job.values = momui_graph_alloc(g, values, sizeof(float));
    if (job.keys && job.values && give_scratch(g, &job, QUERY_TILE * tk)) {
        momui_pool_run(g->pool, (size_t)pairs, pack_task, &job);
        momui_pool_run(g->pool, (size_t)(pairs * query_tiles(a)), forward_task, &job);
    }
    momui_arena_reset(g->arena, mark);
}

/* ---- backward ---- */

/* Two tiles of scores, the keys and values across, the keys along, and a tile's rows of q or dy. */
static int64_t backward_floats(const momui_kernels *kernels, const attention_node *a) {
    int64_t tk = key_frames(a), d = a->width;
    return 2 * QUERY_TILE * tk + 2 * momui_packed_floats(kernels, d, tk) +
           momui_packed_floats(kernels, tk, d) + momui_packed_floats(kernels, QUERY_TILE, d);
}

/* With p the softmax and y = p v: dv = p^T dy; ds = scale p (dy v^T - dy.y); dq = ds k; dk = ds^T
 * q. */
static void backward_task(void *user, size_t task, int worker) {
    const attention_job *job = user;
    const momui_kernels *kernels = job->kernels;
    const attention_node *a = job->a;
    int64_t item = (int64_t)task / a->heads, head = (int64_t)task % a->heads;
    int64_t tq = query_frames(a), tk = key_frames(a), d = a->width, all = a->q->shape[2];
    int64_t at_q = item * tq * all + head * d, at_k = item * tk * all + head * d;
    const float *q = a->q->data + at_q, *dy = a->node.out->grad + at_q;
    const float *y = a->node.out->data + at_q;
    const uint8_t *mask = a->mask ? a->mask + item * tk : NULL;
    float *p = job->scratch + worker * job->scratch_floats, *dp = p + QUERY_TILE * tk;
    float *keys = dp + QUERY_TILE * tk, *values = keys + momui_packed_floats(kernels, d, tk);
    float *keys_back = values + momui_packed_floats(kernels, d, tk);
    float *tile = keys_back + momui_packed_floats(kernels, tk, d);
    pack_all(kernels, d, tk, (momui_view){a->k->data + at_k, 1, all}, keys);
    pack_all(kernels, d, tk, (momui_view){a->v->data + at_k, 1, all}, values);
    pack_all(kernels, tk, d, (momui_view){a->k->data + at_k, all, 1}, keys_back);
    for (int64_t t = 0; t < tq; t += QUERY_TILE) {
        int64_t rows = tq - t < QUERY_TILE ? tq - t : QUERY_TILE;
        kernels->multiply(rows, tk, d, (momui_view){q + t * all, all, 1}, keys, NULL, false, p, tk);
        for (int64_t i = 0; i < rows; i++)
            kernels->softmax_recompute(tk, a->scale, mask, a->log_sums[(int64_t)task * tq + t + i],
                                       p + i * tk);
        if (job->dv) {
            pack_all(kernels, rows, d, (momui_view){dy + t * all, all, 1}, tile);
            kernels->multiply(tk, d, rows, (momui_view){p, 1, tk}, tile, NULL, true, job->dv + at_k,
                              all);
        }
        if (!job->dq && !job->dk)
            continue;
        kernels->multiply(rows, tk, d, (momui_view){dy + t * all, all, 1}, values, NULL, false, dp,
                          tk);
        for (int64_t i = 0; i < rows; i++) {
            float delta = kernels->dot(d, dy + (t + i) * all, y + (t + i) * all);
            kernels->softmax_back(tk, a->scale, p + i * tk, delta, dp + i * tk);
        }
        if (job->dq)
            kernels->multiply(rows, d, tk, (momui_view){dp, tk, 1}, keys_back, NULL, true,
                              job->dq + at_q + t * all, all);
        if (job->dk) {
            pack_all(kernels, rows, d, (momui_view){q + t * all, all, 1}, tile);
            kernels->multiply(tk, d, rows, (momui_view){dp, 1, tk}, tile, NULL, true,
                              job->dk + at_k, all);
        }
    }
}

static void attention_back(momui_graph *g, momui_node *node) {
    attention_node *a = (attention_node *)node;
    attention_job job = {.kernels = g->kernels, .a = a};
    job.dq = momui_gradient(g, a->q, NULL);
    job.dk = momui_gradient(g, a->k, NULL);
    job.dv = momui_gradient(g, a->v, NULL);
    momui_arena_mark mark = momui_arena_position(g->arena);
    if (g->status == MOMU_OK && give_scratch(g, &job, backward_floats(g->kernels, a)))
        momui_pool_run(g->pool, (size_t)(a->q->shape[0] * a->heads), backward_task, &job);
    momui_arena_reset(g->arena, mark);
}

momui_tensor *momui_op_attention(momui_graph *g, momui_tensor *q, momui_tensor *k, momui_tensor *v,
                                 int heads, float scale, const uint8_t *key_mask) {
    if (!MOMUI_READY(g, "attention", q, k, v))
        return NULL;
    if (q->rank != 3 || heads < 1 || q->shape[2] % heads != 0)
        return momui_shape_fail(g, "attention", "the queries are not (batch, frames, heads*D)", q);
    if (k->rank != 3 || k->shape[0] != q->shape[0] || k->shape[2] != q->shape[2])
        return momui_shape_fail(g, "attention", "the keys are not as wide as the queries", k);
    if (!momui_same_shape(k, v))
        return momui_shape_fail(g, "attention", "the values are not shaped as the keys", v);
    momui_tensor *y = momui_tensor_like(g, q);
    if (!y)
        return NULL;
    attention_node *a = MOMUI_RECORD(g, attention_node, attention_back, y, q, k, v);
    attention_node here = {.node.out = y};
    if (!a)
        a = &here;
    a->q = q;
    a->k = k;
    a->v = v;
    a->heads = heads;
    a->width = q->shape[2] / heads;
    a->scale = scale;
    a->mask = key_mask;
    if (a != &here) {
        a->log_sums =
            momui_graph_alloc(g, (size_t)(q->shape[0] * heads * q->shape[1]), sizeof(float));
        if (!a->log_sums)
            return NULL;
    }
    attention_forward(g, a);
    return g->status == MOMU_OK ? y : NULL;
}
