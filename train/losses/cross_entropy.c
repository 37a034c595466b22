/* Cross entropies: of labels, binary, and the symmetric InfoNCE of pairs (Radford et al. 2021) with
 * its similarities. */
#include "base/extremes.h"
#include "train/losses/loss_ops.h"

#include "nn/gemm.h"

#include <math.h>

typedef struct infonce_node {
    momui_node node;
    momui_tensor *logits;
} infonce_node;

/* log of the sum of exp over `n` values that lie `step` apart */
static double log_sum_exp(const float *x, int64_t n, int64_t step) {
    double largest = (double)x[0], sum = 0.0;
    for (int64_t i = 1; i < n; i++)
        largest = momui_max(largest, (double)x[i * step]);
    for (int64_t i = 0; i < n; i++)
        sum += exp((double)x[i * step] - largest);
    return largest + log(sum);
}

/* d = (softmax along rows + softmax along columns - 2 on the diagonal) / (2 N) */
static void infonce_back(momui_graph *g, momui_node *node) {
    momui_tensor *logits = ((infonce_node *)node)->logits;
    float *d = momui_gradient(g, logits, NULL);
    if (!d)
        return;
    int64_t n = logits->shape[0];
    double unit = (double)node->out->grad[0] / (2.0 * (double)n);
    for (int64_t i = 0; i < n; i++) {
        double row = log_sum_exp(logits->data + i * n, n, 1);
        double column = log_sum_exp(logits->data + i, n, n);
        for (int64_t j = 0; j < n; j++) {
            d[i * n + j] += (float)(unit * exp((double)logits->data[i * n + j] - row));
            d[j * n + i] += (float)(unit * exp((double)logits->data[j * n + i] - column));
        }
        d[i * n + i] -= (float)(2.0 * unit);
    }
}

momui_tensor *momui_op_infonce(momui_graph *g, momui_tensor *logits) {
    if (!MOMUI_READY(g, "InfoNCE", logits))
        return NULL;
    int64_t n = logits->shape[0], shape[1] = {1};
    if (logits->rank != 2 || n != logits->shape[1] || n < 1)
        return momui_shape_fail(g, "InfoNCE", "the logits are not (N, N)", logits);
    momui_tensor *y = momui_tensor_new(g, 1, shape);
    if (!y)
        return NULL;
    double sum = 0.0;
    for (int64_t i = 0; i < n; i++)
        sum += log_sum_exp(logits->data + i * n, n, 1) + log_sum_exp(logits->data + i, n, n) -
               2.0 * (double)logits->data[i * n + i];
    y->data[0] = (float)(sum / (2.0 * (double)n));
    infonce_node *c = MOMUI_RECORD(g, infonce_node, infonce_back, y, logits);
    if (c)
        c->logits = logits;
    return g->status == MOMU_OK ? y : NULL;
}

/* ---- cross entropy ---- */

typedef struct label_node {
    momui_node node;
    momui_tensor *logits;
    const int32_t *labels;
} label_node;

/* d = (softmax - 1 at the label) / B */
static void label_back(momui_graph *g, momui_node *node) {
    const label_node *l = (label_node *)node;
    float *d = momui_gradient(g, l->logits, NULL);
    if (!d)
        return;
    int64_t rows = l->logits->shape[0], n = l->logits->shape[1];
    double unit = (double)node->out->grad[0] / (double)rows;
    for (int64_t i = 0; i < rows; i++) {
        const float *x = l->logits->data + i * n;
        double all = log_sum_exp(x, n, 1);
        for (int64_t j = 0; j < n; j++)
            d[i * n + j] += (float)(unit * (exp((double)x[j] - all) - (j == l->labels[i])));
    }
}

momui_tensor *momui_op_cross_entropy(momui_graph *g, momui_tensor *logits, const int32_t *labels) {
    if (!MOMUI_READY(g, "cross entropy", logits))
        return NULL;
    if (logits->rank != 2 || logits->shape[0] < 1 || logits->shape[1] < 1)
        return momui_shape_fail(g, "cross entropy", "the logits are not (B, N)", logits);
    int64_t rows = logits->shape[0], n = logits->shape[1], shape[1] = {1};
    double sum = 0.0;
    for (int64_t i = 0; i < rows; i++) {
        if (labels[i] < 0 || labels[i] >= n)
            return momui_shape_fail(g, "cross entropy", "a label is beyond the logits", logits);
        sum += log_sum_exp(logits->data + i * n, n, 1) - (double)logits->data[i * n + labels[i]];
    }
    momui_tensor *y = momui_tensor_new(g, 1, shape);
    if (!y)
        return NULL;
    y->data[0] = (float)(sum / (double)rows);
    label_node *l = MOMUI_RECORD(g, label_node, label_back, y, logits);
    if (l) {
        l->logits = logits;
        l->labels = labels;
    }
    return g->status == MOMU_OK ? y : NULL;
}

/* ---- binary cross entropy ---- */

typedef struct probability_node {
    momui_node node;
    momui_tensor *logits;
    const float *probabilities;
} probability_node;

/* d = (sigmoid - probability) / count */
static void probability_back(momui_graph *g, momui_node *node) {
    const probability_node *c = (probability_node *)node;
    float *d = momui_gradient(g, c->logits, NULL);
    int64_t count = d ? momui_tensor_count(c->logits) : 0;
    double unit = count > 0 ? (double)node->out->grad[0] / (double)count : 0;
    for (int64_t i = 0; i < count; i++)
        d[i] += (float)(unit *
                        (1 / (1 + exp(-(double)c->logits->data[i])) - (double)c->probabilities[i]));
}

momui_tensor *momui_op_binary_cross_entropy(momui_graph *g, momui_tensor *logits,
                                            const float *probabilities) {
    if (!MOMUI_READY(g, "binary cross entropy", logits))
        return NULL;
    momui_tensor *y = momui_tensor_new(g, 1, (int64_t[]){1});
    if (!y)
        return NULL;
    int64_t count = momui_tensor_count(logits);
    double sum = 0;
    for (int64_t i = 0; i < count; i++) {
        double x = (double)logits->data[i];
        sum += fmax(x, 0) + log1p(exp(-fabs(x))) - x * (double)probabilities[i];
    }
    y->data[0] = (float)(sum / (double)(count > 0 ? count : 1));
    probability_node *c = MOMUI_RECORD(g, probability_node, probability_back, y, logits);
    if (c) {
        c->logits = logits;
        c->probabilities = probabilities;
    }
    return g->status == MOMU_OK ? y : NULL;
}

/* ---- similarity ---- */

typedef struct similarity_node {
    momui_node node;
    momui_tensor *a, *b, *log_scale;
    float scale;
    bool limited; /* the scale stands at its limit, where it has no slope */
} similarity_node;

static void similarity_back(momui_graph *g, momui_node *node) {
    similarity_node *s = (similarity_node *)node;
    const momui_tensor *y = node->out;
    int64_t n = y->shape[0], m = y->shape[1], c = s->a->shape[1];
    float *dscale = s->limited ? NULL : momui_gradient(g, s->log_scale, NULL);
    if (dscale)
        for (int64_t i = 0; i < n; i++)
            dscale[0] += g->kernels->dot(m, y->grad + i * m, y->data + i * m);
    float *da = momui_gradient(g, s->a, NULL), *db = momui_gradient(g, s->b, NULL);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++) {
            float d = y->grad[i * m + j] * s->scale;
            if (da)
                g->kernels->axpy(c, d, s->b->data + j * c, da + i * c);
            if (db)
                g->kernels->axpy(c, d, s->a->data + i * c, db + j * c);
        }
}

momui_tensor *momui_op_similarity(momui_graph *g, momui_tensor *a, momui_tensor *b,
                                  momui_tensor *log_scale) {
    if (!MOMUI_READY(g, "similarity", a, b, log_scale))
        return NULL;
    if (a->rank != 2 || b->rank != 2 || a->shape[1] != b->shape[1])
        return momui_shape_fail(g, "similarity", "the inputs are not (N, C) and (M, C)", b);
    if (momui_tensor_count(log_scale) != 1)
        return momui_shape_fail(g, "similarity", "the scale is not one number", log_scale);
    const float limit = 4.6051702f; /* ln 100 */
    int64_t shape[2] = {a->shape[0], b->shape[0]}, c = a->shape[1];
    momui_tensor *y = momui_tensor_new(g, 2, shape);
    if (!y)
        return NULL;
    bool limited = log_scale->data[0] > limit;
    float scale = expf(limited ? limit : log_scale->data[0]);
    for (int64_t i = 0; i < shape[0]; i++)
        for (int64_t j = 0; j < shape[1]; j++)
            y->data[i * shape[1] + j] =
                scale * g->kernels->dot(c, a->data + i * c, b->data + j * c);
    similarity_node *s = MOMUI_RECORD(g, similarity_node, similarity_back, y, a, b, log_scale);
    if (s)
        *s = (similarity_node){s->node, a, b, log_scale, scale, limited};
    return g->status == MOMU_OK ? y : NULL;
}
