/* Cross entropies: of labels, and binary. */
#include "base/extremes.h"
#include "train/losses/loss_ops.h"

#include "nn/tape.h"

#include <math.h>

double momui_log_sum_exp(const float *x, int64_t n, int64_t step) {
    double largest = (double)x[0], sum = 0.0;
    for (int64_t i = 1; i < n; i++)
        largest = momui_max(largest, (double)x[i * step]);
    for (int64_t i = 0; i < n; i++)
        sum += exp((double)x[i * step] - largest);
    return largest + log(sum);
}

/* d = (softmax along rows + softmax along columns - 2 on the diagonal) / (2 N) */
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
        double all = momui_log_sum_exp(x, n, 1);
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
        sum +=
            momui_log_sum_exp(logits->data + i * n, n, 1) - (double)logits->data[i * n + labels[i]];
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
