#include "nn/gemm.h"

typedef struct linear_node {
    momui_node node;
    momui_tensor *x, *weight, *bias;
} linear_node;

/* dx = dy W; dW = dy^T x; db = the sum of dy's rows */
static void linear_back(momui_graph *g, momui_node *node) {
    linear_node *l = (linear_node *)node;
    const float *dy = node->out->grad;
    int64_t rows = momui_row_count(l->x), in = momui_channels(l->x), out = l->weight->shape[0];
    bool overwrite = false;
    float *dx = momui_gradient(g, l->x, &overwrite);
    if (dx)
        momui_gemm(g, &(momui_product){.m = rows,
                                       .n = in,
                                       .k = out,
                                       .a = {dy, out, 1},
                                       .b = {l->weight->data, in, 1},
                                       .accumulate = !overwrite,
                                       .c = dx,
                                       .c_row = in});
    float *dw = momui_gradient(g, l->weight, &overwrite);
    if (dw)
        momui_gemm(g, &(momui_product){.m = out,
                                       .n = in,
                                       .k = rows,
                                       .a = {dy, 1, out},
                                       .b = {l->x->data, in, 1},
                                       .accumulate = !overwrite,
                                       .c = dw,
                                       .c_row = in});
    float *db = l->bias ? momui_gradient(g, l->bias, NULL) : NULL;
    if (db)
        momui_gradient_rows(g, node->out, db);
}

momui_tensor *momui_op_linear(momui_graph *g, momui_tensor *x, momui_tensor *weight,
                              momui_tensor *bias) {
    if (!MOMUI_READY(g, "linear", x, weight))
        return NULL;
    int64_t in = momui_channels(x), out = weight->shape[0];
    if (weight->rank != 2 || weight->shape[1] != in)
        return momui_shape_fail(g, "linear", "the weight is not (out, in)", weight);
    if (bias && (bias->rank != 1 || bias->shape[0] != out))
        return momui_shape_fail(g, "linear", "the bias is not (out)", bias);
    int64_t shape[4];
    for (int i = 0; i < x->rank; i++)
        shape[i] = x->shape[i];
    shape[x->rank - 1] = out;
    momui_tensor *y = momui_tensor_new(g, x->rank, shape);
    if (!y)
        return NULL;
    momui_gemm(g, &(momui_product){.m = momui_row_count(x),
                                   .n = out,
                                   .k = in,
                                   .a = {x->data, in, 1},
                                   .b = {weight->data, 1, in},
                                   .packed = weight->packed,
                                   .bias = bias ? bias->data : NULL,
                                   .c = y->data,
                                   .c_row = out});
    linear_node *l = MOMUI_RECORD(g, linear_node, linear_back, y, x, weight, bias);
    if (l) {
        l->x = x;
        l->weight = weight;
        l->bias = bias;
    }
    return g->status == MOMU_OK ? y : NULL;
}
