/* A transposed convolution: frame t of the input adds its product with tap k of the weight to frame
 * t * stride + k - pad of the output. */
#include "nn/gemm.h"

#include <string.h>

typedef struct transpose_node {
    momui_node node;
    momui_tensor *x, *weight, *bias;
    int stride, pad;
} transpose_node;

/* Places k of a frame's products that lie within the output: first..end-1. */
static void inside(int64_t start, int64_t kernel, int64_t frames, int64_t *first, int64_t *end) {
    *first = start < 0 ? -start : 0;
    *end = start + kernel > frames ? frames - start : kernel;
}

/* products (T, kernel * out) are added to y (frames, out) */
static void spread(const float *products, int64_t length, int64_t kernel, int64_t out, int stride,
                   int pad, int64_t frames, float *y) {
    for (int64_t t = 0; t < length; t++, products += kernel * out) {
        int64_t start = t * stride - pad, first, end;
        inside(start, kernel, frames, &first, &end);
        for (int64_t i = first * out; i < end * out; i++)
            y[start * out + i] += products[i];
    }
}

/* The backward pass: rows (T, kernel * out) of what was added where, zeros outside. */
static void collect(const float *y, int64_t length, int64_t kernel, int64_t out, int stride,
                    int pad, int64_t frames, float *rows) {
    memset(rows, 0, (size_t)(length * kernel * out) * sizeof *rows);
    for (int64_t t = 0; t < length; t++, rows += kernel * out) {
        int64_t start = t * stride - pad, first, end;
        inside(start, kernel, frames, &first, &end);
        if (end > first)
            memcpy(rows + first * out, y + (start + first) * out,
                   (size_t)((end - first) * out) * sizeof *rows);
    }
}

static void transpose_back(momui_graph *g, momui_node *node) {
    transpose_node *c = (transpose_node *)node;
    const momui_tensor *y = node->out;
    int64_t length = c->x->shape[1], in = c->x->shape[2], out = y->shape[2], frames = y->shape[1];
    int64_t kernel = c->weight->shape[1], width = kernel * out;
    float *dw = momui_gradient(g, c->weight, NULL), *dx = momui_gradient(g, c->x, NULL);
    momui_arena_mark mark = momui_arena_position(g->arena);
    float *rows = momui_graph_alloc(g, (size_t)(length * width), sizeof(float));
    for (int64_t b = 0; rows && b < y->shape[0]; b++) {
        collect(y->grad + b * frames * out, length, kernel, out, c->stride, c->pad, frames, rows);
        if (dw)
            momui_gemm(g, &(momui_product){.m = in,
                                           .n = width,
                                           .k = length,
                                           .a = {c->x->data + b * length * in, 1, in},
                                           .b = {rows, width, 1},
                                           .accumulate = true,
                                           .c = dw,
                                           .c_row = width});
        if (dx)
            momui_gemm(g, &(momui_product){.m = length,
                                           .n = in,
                                           .k = width,
                                           .a = {rows, width, 1},
                                           .b = {c->weight->data, 1, width},
                                           .accumulate = true,
                                           .c = dx + b * length * in,
                                           .c_row = in});
    }
    momui_arena_reset(g->arena, mark);
    float *db = c->bias ? momui_gradient(g, c->bias, NULL) : NULL;
    if (db)
        momui_gradient_rows(g, node->out, db);
}

momui_tensor *momui_op_conv_transpose1d(momui_graph *g, momui_tensor *x, momui_tensor *weight,
                                        momui_tensor *bias, int stride, int pad) {
    if (!MOMUI_READY(g, "transposed conv1d", x, weight))
        return NULL;
    if (x->rank != 3 || weight->rank != 3 || weight->shape[0] != x->shape[2])
        return momui_shape_fail(g, "transposed conv1d", "the weight is not (in, kernel, out)",
                                weight);
    int64_t kernel = weight->shape[1], out = weight->shape[2], width = kernel * out;
    int64_t length = x->shape[1], frames = (length - 1) * stride + kernel - 2 * (int64_t)pad;
    if (stride < 1 || pad < 0 || frames < 1 || (bias && bias->shape[0] != out))
        return momui_shape_fail(g, "transposed conv1d", "the output would be empty", x);
    momui_tensor *y = momui_tensor_new(g, 3, (int64_t[]){x->shape[0], frames, out});
    if (!y)
        return NULL;
    transpose_node *c = MOMUI_RECORD(g, transpose_node, transpose_back, y, x, weight, bias);
    if (c)
        *c = (transpose_node){c->node, x, weight, bias, stride, pad};
    momui_arena_mark mark = momui_arena_position(g->arena);
    float *products = momui_graph_alloc(g, (size_t)(length * width), sizeof(float));
    for (int64_t i = 0; products && i < momui_tensor_count(y); i++)
        y->data[i] = bias ? bias->data[i % out] : 0.0f;
    for (int64_t b = 0; products && b < x->shape[0]; b++) {
        momui_gemm(g, &(momui_product){.m = length,
                                       .n = width,
                                       .k = x->shape[2],
                                       .a = {x->data + b * length * x->shape[2], x->shape[2], 1},
                                       .b = {weight->data, width, 1},
                                       .c = products,
                                       .c_row = width});
        spread(products, length, kernel, out, stride, pad, frames, y->data + b * frames * out);
    }
    momui_arena_reset(g->arena, mark);
    return g->status == MOMU_OK ? y : NULL;
}
