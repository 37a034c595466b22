/* One row of channels against all frames. */
#include "nn/tape.h"

#include <string.h>

typedef struct row_node {
    momui_node node;
    momui_tensor *x, *row;
    int64_t
        frames; /* frames that share a row: all of them for a row (C), an item's for (B, 1, C) */
    const momui_kernels *kernels;
    const uint8_t *keep;
    float *to;
    bool overwrite;
    int64_t item; /* whose row is being summed */
} row_node;

/* x's rows under each row of `row`; 0 when the shapes do not fit. */
static int64_t shared_frames(const momui_tensor *x, const momui_tensor *row) {
    if (momui_channels(row) != momui_channels(x))
        return 0;
    int64_t items = momui_row_count(row);
    if (items == 1)
        return momui_row_count(x);
    bool per_item =
        x->rank == 3 && row->rank >= 2 && row->shape[0] == x->shape[0] && items == x->shape[0];
    return per_item ? x->shape[1] : 0;
}

static momui_tensor *begin_row(momui_graph *g, const char *operation, momui_tensor *x,
                               momui_tensor *row) {
    if (!MOMUI_READY(g, operation, x, row))
        return NULL;
    if (shared_frames(x, row) == 0 && momui_tensor_count(x) > 0)
        return momui_shape_fail(g, operation, "the row is not (C) or (B, 1, C)", row);
    return momui_tensor_like(g, x);
}

static momui_tensor *run_row(momui_graph *g, momui_tensor *y, const row_node *node,
                             momui_span_work work, momui_backward_step back) {
    row_node here = *node;
    here.node.out = y;
    here.kernels = g->kernels;
    momui_spans(g->pool, momui_row_count(y), momui_channels(y), work, &here);
    row_node *r = MOMUI_RECORD(g, row_node, back, y, here.x, here.row);
    if (r) {
        here.node = r->node;
        *r = here;
    }
    return g->status == MOMU_OK ? y : NULL;
}

/* Calls `part` for each row of `row` with its frames, adding up into its gradient. */
static void row_gradient(momui_graph *g, row_node *r, momui_part_work part) {
    float *d = momui_gradient(g, r->row, NULL);
    int64_t n = momui_channels(r->x), items = momui_row_count(r->row);
    for (int64_t i = 0; d && i < items; i++) {
        r->item = i;
        momui_sum_parts(g, r->frames, n, part, r, d + i * n);
    }
}

/* ---- add ---- */

static void add_work(void *user, int64_t begin, int64_t end) {
    const row_node *r = user;
    int64_t n = momui_channels(r->x);
    for (int64_t i = begin; i < end; i++)
        r->kernels->add(n, r->x->data + i * n, r->row->data + i / r->frames * n,
                        r->node.out->data + i * n);
}

static void add_part(void *user, int64_t begin, int64_t end, float *sums) {
    const row_node *r = user;
    int64_t n = momui_channels(r->x);
    const float *dy = r->node.out->grad + r->item * r->frames * n;
    for (int64_t i = begin; i < end; i++)
        r->kernels->axpy(n, 1.0f, dy + i * n, sums);
}

static void add_back(momui_graph *g, momui_node *node) {
    row_node *r = (row_node *)node;
    row_gradient(g, r, add_part);
    momui_gradient_pass(g, r->x, node->out);
}

momui_tensor *momui_op_add_row(momui_graph *g, momui_tensor *x, momui_tensor *row) {
    momui_tensor *y = begin_row(g, "add row", x, row);
    if (!y)
        return NULL;
    row_node r = {.x = x, .row = row, .frames = shared_frames(x, row)};
    return run_row(g, y, &r, add_work, add_back);
}

/* ---- multiply ---- */

static void multiply_work(void *user, int64_t begin, int64_t end) {
    const row_node *r = user;
    int64_t n = momui_channels(r->x);
    for (int64_t i = begin; i < end; i++)
        r->kernels->multiply_elements(n, r->x->data + i * n, r->row->data + i / r->frames * n,
                                      r->node.out->data + i * n);
}

static void multiply_part(void *user, int64_t begin, int64_t end, float *sums) {
    const row_node *r = user;
    int64_t n = momui_channels(r->x), first = r->item * r->frames;
    for (int64_t i = first + begin; i < first + end; i++)
        r->kernels->multiply_add(n, r->node.out->grad + i * n, r->x->data + i * n, sums);
}

static void multiply_back_work(void *user, int64_t begin, int64_t end) {
    const row_node *r = user;
    int64_t n = momui_channels(r->x);
    for (int64_t i = begin; i < end; i++) {
        const float *dy = r->node.out->grad + i * n, *row = r->row->data + i / r->frames * n;
        if (r->overwrite)
            r->kernels->multiply_elements(n, dy, row, r->to + i * n);
        else
            r->kernels->multiply_add(n, dy, row, r->to + i * n);
    }
}

static void multiply_back(momui_graph *g, momui_node *node) {
    row_node *r = (row_node *)node;
    row_gradient(g, r, multiply_part);
    r->to = momui_gradient(g, r->x, &r->overwrite);
    if (r->to)
        momui_spans(g->pool, momui_row_count(r->x), momui_channels(r->x), multiply_back_work, r);
}

momui_tensor *momui_op_multiply_row(momui_graph *g, momui_tensor *x, momui_tensor *row) {
    momui_tensor *y = begin_row(g, "multiply row", x, row);
    if (!y)
        return NULL;
    row_node r = {.x = x, .row = row, .frames = shared_frames(x, row)};
    return run_row(g, y, &r, multiply_work, multiply_back);
}

/* ---- where ---- */

static void choose_work(void *user, int64_t begin, int64_t end) {
    const row_node *r = user;
    int64_t n = momui_channels(r->x);
    for (int64_t i = begin; i < end; i++) {
        const float *from = r->keep[i / r->frames] ? r->x->data + i * n : r->row->data;
        memcpy(r->node.out->data + i * n, from, (size_t)n * sizeof(float));
    }
}

static void choose_part(void *user, int64_t begin, int64_t end, float *sums) {
    const row_node *r = user;
    int64_t n = momui_channels(r->x);
    for (int64_t i = begin; i < end; i++)
        if (!r->keep[i / r->frames])
            r->kernels->axpy(n, 1.0f, r->node.out->grad + i * n, sums);
}

static void where_back(momui_graph *g, momui_node *node) {
    row_node *r = (row_node *)node;
    int64_t n = momui_channels(r->x), rows = momui_row_count(r->x);
    float *row = momui_gradient(g, r->row, NULL), *dx = momui_gradient(g, r->x, NULL);
    if (row)
        momui_sum_parts(g, rows, n, choose_part, r, row);
    for (int64_t i = 0; dx && i < rows; i++)
        if (r->keep[i / r->frames])
            g->kernels->axpy(n, 1.0f, node->out->grad + i * n, dx + i * n);
}

momui_tensor *momui_op_where(momui_graph *g, momui_tensor *x, const uint8_t *keep,
                             momui_tensor *row) {
    if (!MOMUI_READY(g, "choose", x, row))
        return NULL;
    if (x->rank != 3)
        return momui_shape_fail(g, "choose", "the input is not (batch, frames, C)", x);
    if (row->rank != 1 || row->shape[0] != x->shape[2])
        return momui_shape_fail(g, "choose", "the row is not (C)", row);
    momui_tensor *y = momui_tensor_like(g, x);
    if (!y)
        return NULL;
    row_node r = {.x = x, .row = row, .frames = x->shape[1], .keep = keep};
    return run_row(g, y, &r, choose_work, where_back);
}
