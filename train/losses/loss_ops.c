/* Losses: single numbers, added up in double. */
#include "train/losses/loss_ops.h"

#include "nn/tape.h"

#include <math.h>
#include <string.h>

typedef struct loss_node {
    momui_node node;
    momui_tensor *a, *b;
    const float *weight;
    double divisor;
} loss_node;

static momui_tensor *number(momui_graph *g, double value) {
    int64_t shape[1] = {1};
    momui_tensor *y = momui_tensor_new(g, 1, shape);
    if (y)
        y->data[0] = (float)value;
    return y;
}

static momui_tensor *record_loss(momui_graph *g, momui_tensor *y, momui_tensor *a, momui_tensor *b,
                                 const float *weight, double divisor, momui_backward_step back) {
    loss_node *l = MOMUI_RECORD(g, loss_node, back, y, a, b);
    if (l) {
        l->a = a;
        l->b = b;
        l->weight = weight;
        l->divisor = divisor;
    }
    return g->status == MOMU_OK ? y : NULL;
}

static bool fits(momui_graph *g, const char *operation, const momui_tensor *a,
                 const momui_tensor *b) {
    if (!MOMUI_READY(g, operation, a, b))
        return false;
    if (momui_same_shape(a, b) && momui_tensor_count(a) > 0)
        return true;
    momui_shape_fail(g, operation, "the inputs differ in shape", b);
    return false;
}

/* A copy of the caller's weights, for the way back; NULL stays NULL. */
static const float *kept(momui_graph *g, const float *weight, int64_t count) {
    if (!weight || !g->tape)
        return weight;
    float *copy = momui_graph_alloc(g, (size_t)count, sizeof(float));
    return copy ? memcpy(copy, weight, (size_t)count * sizeof(float)) : NULL;
}

/* ---- L1 ---- */

/* Parts of the rows; each adds up its own in double. */
typedef struct l1_job {
    const momui_kernels *kernels;
    const momui_tensor *a, *b;
    const float *weight;
    double sums[MOMUI_PARTS];
    int64_t step; /* rows of a part */
    float unit, *da, *db;
} l1_job;

static l1_job l1_prepare(momui_graph *g, const momui_tensor *a, const momui_tensor *b,
                         const float *weight) {
    l1_job job = {.kernels = g->kernels, .a = a, .b = b, .weight = weight};
    job.step = (momui_row_count(a) + MOMUI_PARTS - 1) / MOMUI_PARTS;
    return job;
}

static void l1_task(void *user, size_t task, int worker) {
    (void)worker;
    l1_job *job = user;
    int64_t rows = momui_row_count(job->a), n = momui_channels(job->a);
    int64_t begin = (int64_t)task * job->step, end = begin + job->step;
    end = end < rows ? end : rows;
    for (int64_t i = begin; i < end; i++)
        job->sums[task] += (double)job->kernels->absolute_error(n, job->a->data + i * n,
                                                                job->b->data + i * n, job->weight);
}

static void l1_back_task(void *user, size_t task, int worker) {
    (void)worker;
    l1_job *job = user;
    int64_t rows = momui_row_count(job->a), n = momui_channels(job->a);
    int64_t begin = (int64_t)task * job->step, end = begin + job->step;
    end = end < rows ? end : rows;
    for (int64_t i = begin; i < end; i++)
        job->kernels->absolute_error_back(n, job->a->data + i * n, job->b->data + i * n,
                                          job->weight, job->unit, job->da ? job->da + i * n : NULL,
                                          job->db ? job->db + i * n : NULL);
}

static void l1_back(momui_graph *g, momui_node *node) {
    loss_node *l = (loss_node *)node;
    l1_job job = l1_prepare(g, l->a, l->b, l->weight);
    job.da = momui_gradient(g, l->a, NULL);
    job.db = momui_gradient(g, l->b, NULL);
    job.unit = (float)((double)node->out->grad[0] / (double)momui_tensor_count(l->a));
    momui_pool_run(g->pool, MOMUI_PARTS, l1_back_task, &job);
}

momui_tensor *momui_op_l1(momui_graph *g, momui_tensor *a, momui_tensor *b, const float *weight) {
    if (!fits(g, "l1", a, b))
        return NULL;
    l1_job job = l1_prepare(g, a, b, weight);
    momui_pool_run(g->pool, MOMUI_PARTS, l1_task, &job);
    double sum = 0.0;
    for (int i = 0; i < MOMUI_PARTS; i++)
        sum += job.sums[i];
    momui_tensor *y = number(g, sum / (double)momui_tensor_count(a));
    return y ? record_loss(g, y, a, b, kept(g, weight, momui_channels(a)), 1.0, l1_back) : NULL;
}

/* ---- squared error ---- */

static void squared_back(momui_graph *g, momui_node *node) {
    loss_node *l = (loss_node *)node;
    float *da = momui_gradient(g, l->a, NULL), *db = momui_gradient(g, l->b, NULL);
    int64_t rows = momui_row_count(l->a), n = momui_channels(l->a);
    double unit = 2.0 * (double)node->out->grad[0] / l->divisor;
    for (int64_t i = 0; i < rows; i++) {
        float factor = (float)(unit * (l->weight ? (double)l->weight[i] : 1.0));
        for (int64_t c = i * n; factor != 0.0f && c < (i + 1) * n; c++) {
            float slope = factor * (l->a->data[c] - l->b->data[c]);
            if (da)
                da[c] += slope;
            if (db)
                db[c] -= slope;
        }
    }
}

momui_tensor *momui_op_squared_error(momui_graph *g, momui_tensor *a, momui_tensor *b,
                                     const float *row_weight, double divisor) {
    if (!fits(g, "squared error", a, b))
        return NULL;
    int64_t rows = momui_row_count(a), n = momui_channels(a);
    double sum = 0.0;
    for (int64_t i = 0; i < rows; i++) {
        double row = 0.0;
        for (int64_t c = i * n; c < (i + 1) * n; c++) {
            double d = (double)a->data[c] - (double)b->data[c];
            row += d * d;
        }
        if (!row_weight)
            sum += row;
        else if (row_weight[i] != 0.0f)
            sum += row * (double)row_weight[i];
    }
    momui_tensor *y = number(g, sum / divisor);
    return y ? record_loss(g, y, a, b, kept(g, row_weight, rows), divisor, squared_back) : NULL;
}

/* ---- KL ---- */

static void kl_back(momui_graph *g, momui_node *node) {
    loss_node *l = (loss_node *)node;
    float *dmean = momui_gradient(g, l->a, NULL), *dlogvar = momui_gradient(g, l->b, NULL);
    int64_t count = momui_tensor_count(l->a);
    float unit = (float)((double)node->out->grad[0] / (double)count);
    for (int64_t i = 0; i < count; i++) {
        if (dmean)
            dmean[i] += unit * l->a->data[i];
        if (dlogvar)
            dlogvar[i] += unit * 0.5f * (expf(l->b->data[i]) - 1.0f);
    }
}

momui_tensor *momui_op_kl(momui_graph *g, momui_tensor *mean, momui_tensor *logvar) {
    if (!fits(g, "kl", mean, logvar))
        return NULL;
    int64_t count = momui_tensor_count(mean);
    double sum = 0.0;
    for (int64_t i = 0; i < count; i++) {
        double m = (double)mean->data[i], v = (double)logvar->data[i];
        sum += (m * m + exp(v) - 1.0 - v) / 2.0;
    }
    momui_tensor *y = number(g, sum / (double)count);
    return y ? record_loss(g, y, mean, logvar, NULL, 1.0, kl_back) : NULL;
}

/* ---- weighted sum ---- */

typedef struct weighted_node {
    momui_node node;
    momui_tensor **scalars;
    float *weights;
    int count;
} weighted_node;

static void weighted_back(momui_graph *g, momui_node *node) {
    weighted_node *w = (weighted_node *)node;
    for (int i = 0; i < w->count; i++) {
        float *d = momui_gradient(g, w->scalars[i], NULL);
        if (d)
            d[0] += w->weights[i] * node->out->grad[0];
    }
}

momui_tensor *momui_op_weighted_sum(momui_graph *g, momui_tensor *const *scalars,
                                    const float *weights, int count) {
    if (count < 1)
        return momui_graph_fail(g, MOMU_ERROR_INTERNAL, "weighted sum: nothing to add");
    if (!momui_graph_ready(g, "weighted sum", count, (const momui_tensor *const *)scalars))
        return NULL;
    double sum = 0.0;
    for (int i = 0; i < count; i++) {
        if (momui_tensor_count(scalars[i]) != 1)
            return momui_shape_fail(g, "weighted sum", "an input is not one number", scalars[i]);
        sum += (double)weights[i] * (double)scalars[i]->data[0];
    }
    momui_tensor *y = number(g, sum);
    weighted_node *w = momui_tape_record(g, sizeof *w, weighted_back, y, count, scalars);
    if (w) {
        w->count = count;
        w->scalars = momui_graph_alloc(g, (size_t)count, sizeof *w->scalars);
        w->weights = momui_graph_alloc(g, (size_t)count, sizeof *w->weights);
        if (!w->scalars || !w->weights)
            return NULL;
        memcpy(w->scalars, scalars, (size_t)count * sizeof *w->scalars);
        memcpy(w->weights, weights, (size_t)count * sizeof *w->weights);
    }
    return g->status == MOMU_OK ? y : NULL;
}
