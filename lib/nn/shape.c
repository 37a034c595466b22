/* Operations that only move values. */
#include "nn/tape.h"

#include <string.h>

/* ---- upsample ---- */

typedef struct single_node {
    momui_node node;
    momui_tensor *x;
    int axis;
    int64_t start;
    float *dx;
    bool overwrite;
} single_node;

static void upsample_work(void *user, int64_t begin, int64_t end) {
    const single_node *s = user;
    int64_t n = s->x->shape[2];
    for (int64_t i = begin; i < end; i++) {
        float *to = s->node.out->data + 2 * i * n;
        memcpy(to, s->x->data + i * n, (size_t)n * sizeof(float));
        memcpy(to + n, s->x->data + i * n, (size_t)n * sizeof(float));
    }
}

static void upsample_back_work(void *user, int64_t begin, int64_t end) {
    const single_node *s = user;
    int64_t n = s->x->shape[2];
    for (int64_t i = begin; i < end; i++) {
        const float *dy = s->node.out->grad + 2 * i * n;
        float *dx = s->dx + i * n;
        for (int64_t j = 0; j < n; j++)
            dx[j] = s->overwrite ? dy[j] + dy[n + j] : dx[j] + dy[j] + dy[n + j];
    }
}

static void upsample_back(momui_graph *g, momui_node *node) {
    single_node *s = (single_node *)node;
    s->dx = momui_gradient(g, s->x, &s->overwrite);
    if (s->dx)
        momui_spans(g->pool, momui_row_count(s->x), s->x->shape[2], upsample_back_work, s);
}

momui_tensor *momui_op_upsample2(momui_graph *g, momui_tensor *x) {
    if (!MOMUI_READY(g, "upsample", x))
        return NULL;
    if (x->rank != 3)
        return momui_shape_fail(g, "upsample", "the input is not (batch, frames, C)", x);
    int64_t shape[3] = {x->shape[0], 2 * x->shape[1], x->shape[2]};
    momui_tensor *y = momui_tensor_new(g, 3, shape);
    if (!y)
        return NULL;
    single_node here = {.node.out = y, .x = x};
    momui_spans(g->pool, momui_row_count(x), shape[2], upsample_work, &here);
    single_node *s = MOMUI_RECORD(g, single_node, upsample_back, y, x);
    if (s)
        s->x = x;
    return g->status == MOMU_OK ? y : NULL;
}

/* ---- concat and slice: blocks of a narrower tensor inside a wider one ---- */

/* Values from one index of `axis` to the next. */
static int64_t inner_count(const momui_tensor *x, int axis) {
    int64_t count = 1;
    for (int i = axis + 1; i < x->rank; i++)
        count *= x->shape[i];
    return count;
}

static int64_t outer_count(const momui_tensor *x, int axis) {
    int64_t count = 1;
    for (int i = 0; i < axis; i++)
        count *= x->shape[i];
    return count;
}

typedef struct move_job {
    int64_t size;
    const float *from;
    int64_t from_step;
    float *to;
    int64_t to_step;
    bool add;
} move_job;

static void move_work(void *user, int64_t begin, int64_t end) {
    const move_job *job = user;
    for (int64_t i = begin; i < end; i++) {
        const float *from = job->from + i * job->from_step;
        float *to = job->to + i * job->to_step;
        if (!job->add)
            memcpy(to, from, (size_t)job->size * sizeof(float));
        else
            for (int64_t j = 0; j < job->size; j++)
                to[j] += from[j];
    }
}

/* Copies (or adds) `outer` blocks of `size` values that lie `from_step` and `to_step` apart. */
static void move_blocks(momui_graph *g, int64_t outer, int64_t size, const float *from,
                        int64_t from_step, float *to, int64_t to_step, bool add) {
    move_job job = {size, from, from_step, to, to_step, add};
    momui_spans(g->pool, outer, size, move_work, &job);
}

typedef struct concat_node {
    momui_node node;
    momui_tensor **parts;
    int count, axis;
} concat_node;

static void concat_back(momui_graph *g, momui_node *node) {
    concat_node *c = (concat_node *)node;
    const momui_tensor *y = node->out;
    int64_t outer = outer_count(y, c->axis), inner = inner_count(y, c->axis), start = 0;
    for (int p = 0; p < c->count; p++) {
        int64_t size = c->parts[p]->shape[c->axis] * inner;
        bool overwrite = false;
        float *dx = momui_gradient(g, c->parts[p], &overwrite);
        if (dx)
            move_blocks(g, outer, size, y->grad + start, y->shape[c->axis] * inner, dx, size,
                        !overwrite);
        start += size;
    }
}

static bool concat_fits(const momui_tensor *a, const momui_tensor *b, int axis) {
    if (a->rank != b->rank || axis < 0 || axis >= a->rank)
        return false;
    for (int i = 0; i < a->rank; i++)
        if (i != axis && a->shape[i] != b->shape[i])
            return false;
    return true;
}

momui_tensor *momui_op_concat(momui_graph *g, momui_tensor *const *parts, int count, int axis) {
    if (count < 1)
        return momui_graph_fail(g, MOMU_ERROR_INTERNAL, "concat: nothing to join");
    if (!momui_graph_ready(g, "concat", count, (const momui_tensor *const *)parts))
        return NULL;
    int64_t shape[4] = {0};
    memcpy(shape, parts[0]->shape, sizeof shape);
    for (int p = 0; p < count; p++) {
        if (!concat_fits(parts[0], parts[p], axis))
            return momui_shape_fail(g, "concat", "the parts differ beyond the axis", parts[p]);
        if (p > 0)
            shape[axis] += parts[p]->shape[axis];
    }
    momui_tensor *y = momui_tensor_new(g, parts[0]->rank, shape);
    if (!y)
        return NULL;
    int64_t outer = outer_count(y, axis), inner = inner_count(y, axis), start = 0;
    for (int p = 0; p < count; p++) {
        int64_t size = parts[p]->shape[axis] * inner;
        move_blocks(g, outer, size, parts[p]->data, size, y->data + start, shape[axis] * inner,
                    false);
        start += size;
    }
    concat_node *c = momui_tape_record(g, sizeof *c, concat_back, y, count, parts);
    if (c) {
        c->count = count;
        c->axis = axis;
        c->parts = momui_graph_alloc(g, (size_t)count, sizeof *c->parts);
        if (c->parts)
            memcpy(c->parts, parts, (size_t)count * sizeof *c->parts);
    }
    return g->status == MOMU_OK ? y : NULL;
}

static void slice_back(momui_graph *g, momui_node *node) {
    single_node *s = (single_node *)node;
    float *dx = momui_gradient(g, s->x, NULL);
    if (!dx)
        return;
    int64_t inner = inner_count(s->x, s->axis), size = node->out->shape[s->axis] * inner;
    move_blocks(g, outer_count(s->x, s->axis), size, node->out->grad, size, dx + s->start * inner,
                s->x->shape[s->axis] * inner, true);
}

momui_tensor *momui_op_slice(momui_graph *g, momui_tensor *x, int axis, int64_t start,
                             int64_t count) {
    if (!MOMUI_READY(g, "slice", x))
        return NULL;
    if (axis < 0 || axis >= x->rank || start < 0 || count < 0 || start > x->shape[axis] - count)
        return momui_shape_fail(g, "slice", "it reaches past the axis", x);
    int64_t shape[4];
    memcpy(shape, x->shape, sizeof shape);
    shape[axis] = count;
    momui_tensor *y = momui_tensor_new(g, x->rank, shape);
    if (!y)
        return NULL;
    int64_t inner = inner_count(x, axis);
    move_blocks(g, outer_count(x, axis), count * inner, x->data + start * inner,
                x->shape[axis] * inner, y->data, count * inner, false);
    single_node *s = MOMUI_RECORD(g, single_node, slice_back, y, x);
    if (s) {
        s->x = x;
        s->axis = axis;
        s->start = start;
    }
    return g->status == MOMU_OK ? y : NULL;
}

/* ---- reshape ---- */

static void reshape_back(momui_graph *g, momui_node *node) {
    momui_gradient_pass(g, ((single_node *)node)->x, node->out);
}

/* The same memory under another shape. */
momui_tensor *momui_op_reshape(momui_graph *g, momui_tensor *x, int rank, const int64_t *shape) {
    if (!MOMUI_READY(g, "reshape", x))
        return NULL;
    if (rank < 1 || rank > 4)
        return momui_shape_fail(g, "reshape", "the new rank is not 1 to 4", x);
    momui_tensor *y = momui_graph_alloc(g, 1, sizeof *y);
    if (!y)
        return NULL;
    *y = (momui_tensor){.rank = rank, .data = x->data};
    int64_t room = momui_tensor_count(x), count = 1;
    for (int i = 0; i < rank; i++) {
        if (shape[i] < 0 || (count > 0 && shape[i] > room / count))
            return momui_shape_fail(g, "reshape", "the new shape holds more", x);
        y->shape[i] = shape[i];
        count *= shape[i];
    }
    if (count != room)
        return momui_shape_fail(g, "reshape", "the new shape holds fewer", x);
    single_node *s = MOMUI_RECORD(g, single_node, reshape_back, y, x);
    if (s)
        s->x = x;
    return g->status == MOMU_OK ? y : NULL;
}
