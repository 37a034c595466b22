#include "nn/tape.h"

#include <string.h>

void *momui_tape_record(momui_graph *g, size_t size, momui_backward_step backward,
                        momui_tensor *out, int count, momui_tensor *const *inputs) {
    if (!g->tape || !out)
        return NULL;
    bool needed = false;
    for (int i = 0; i < count; i++)
        needed = needed || (inputs[i] && inputs[i]->needs_grad);
    if (!needed)
        return NULL;
    momui_node *node = momui_graph_alloc(g, 1, size);
    if (!node)
        return NULL;
    memset(node, 0, size);
    node->previous = g->tape->last;
    node->backward = backward;
    node->out = out;
    g->tape->last = node;
    out->needs_grad = true;
    return node;
}

float *momui_gradient(momui_graph *g, momui_tensor *x, bool *overwrite) {
    if (overwrite)
        *overwrite = false;
    if (!x || !x->needs_grad || g->status != MOMU_OK)
        return NULL;
    if (x->grad)
        return x->grad;
    size_t count = (size_t)momui_tensor_count(x);
    x->grad = momui_graph_alloc(g, count, sizeof(float));
    if (x->grad && overwrite)
        *overwrite = true;
    else if (x->grad)
        memset(x->grad, 0, count * sizeof(float));
    return x->grad;
}

typedef struct add_span {
    const momui_kernels *kernels;
    const float *from;
    float *to;
} add_span;

static void add_work(void *user, int64_t begin, int64_t end) {
    const add_span *span = user;
    span->kernels->add(end - begin, span->from + begin, span->to + begin, span->to + begin);
}

void momui_gradient_pass(momui_graph *g, momui_tensor *x, momui_tensor *out) {
    if (!x->needs_grad || g->status != MOMU_OK)
        return;
    if (!x->grad) {
        x->grad = out->grad;
        return;
    }
    add_span span = {g->kernels, out->grad, x->grad};
    momui_spans(g->pool, momui_tensor_count(x), 1, add_work, &span);
}

momu_status momui_backward(momui_graph *g, momui_tensor *loss) {
    if (!MOMUI_READY(g, "backward", loss))
        return g->status;
    if (!g->tape || momui_tensor_count(loss) != 1) {
        momui_graph_fail(g, MOMU_ERROR_INTERNAL, "backward needs a tape and a single number");
        return g->status;
    }
    if (!loss->needs_grad)
        return MOMU_OK;
    float *seed = momui_gradient(g, loss, NULL);
    if (!seed)
        return g->status;
    seed[0] = 1.0f;
    for (momui_node *node = g->tape->last; node && g->status == MOMU_OK; node = node->previous)
        if (node->out->grad)
            node->backward(g, node);
    return g->status;
}

/* ---- spans ---- */

enum { SPAN_ELEMENTS = 32768 };

typedef struct span_job {
    momui_span_work work;
    void *user;
    int64_t count, step;
} span_job;

static void span_task(void *user, size_t task, int worker) {
    (void)worker;
    const span_job *job = user;
    int64_t begin = (int64_t)task * job->step, end = begin + job->step;
    job->work(job->user, begin, end < job->count ? end : job->count);
}

void momui_spans(momui_pool *pool, int64_t count, int64_t width, momui_span_work work, void *user) {
    if (count <= 0)
        return;
    int64_t step = width > 0 ? SPAN_ELEMENTS / width : SPAN_ELEMENTS;
    step = step < 1 ? 1 : step;
    span_job job = {work, user, count, step};
    momui_pool_run(pool, (size_t)((count + step - 1) / step), span_task, &job);
}

typedef struct part_job {
    momui_part_work work;
    void *user;
    int64_t rows, step, width;
    float *sums;
} part_job;

static void part_task(void *user, size_t task, int worker) {
    (void)worker;
    const part_job *job = user;
    int64_t begin = (int64_t)task * job->step, end = begin + job->step;
    float *sums = job->sums + (int64_t)task * job->width;
    memset(sums, 0, (size_t)job->width * sizeof(float));
    job->work(job->user, begin, end < job->rows ? end : job->rows, sums);
}

void momui_sum_parts(momui_graph *g, int64_t rows, int64_t width, momui_part_work work, void *user,
                     float *total) {
    if (rows <= 0 || width <= 0)
        return;
    int64_t step = (rows + MOMUI_PARTS - 1) / MOMUI_PARTS;
    if (step * width < 4096)
        step = (4096 + width - 1) / width;
    int64_t parts = (rows + step - 1) / step;
    momui_arena_mark mark = momui_arena_position(g->arena);
    part_job job = {work, user, rows, step, width, NULL};
    job.sums = momui_graph_alloc(g, (size_t)(parts * width), sizeof(float));
    if (!job.sums)
        return;
    momui_pool_run(g->pool, (size_t)parts, part_task, &job);
    for (int64_t p = 0; p < parts; p++)
        g->kernels->add(width, job.sums + p * width, total, total);
    momui_arena_reset(g->arena, mark);
}

typedef struct rows_job {
    const momui_kernels *kernels;
    const float *grad;
    int64_t width;
} rows_job;

static void rows_part(void *user, int64_t begin, int64_t end, float *sums) {
    const rows_job *job = user;
    for (int64_t i = begin; i < end; i++)
        job->kernels->add(job->width, job->grad + i * job->width, sums, sums);
}

void momui_gradient_rows(momui_graph *g, momui_tensor *out, float *total) {
    rows_job job = {g->kernels, out->grad, momui_channels(out)};
    momui_sum_parts(g, momui_row_count(out), job.width, rows_part, &job, total);
}
