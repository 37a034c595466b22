/* x (B, T, in) -> (B, T', out). A convolution over frames is a product with overlapping rows: row t
 * of the left side begins at frame t * stride of the zero-padded input and is `kernel` frames long.
 */
#include "nn/gemm.h"

#include <string.h>

typedef struct conv_node {
    momui_node node;
    momui_tensor *x, *weight, *bias;
    const float *padded; /* (B, T + pads, in), or x itself */
    int64_t padded_frames;
    int stride, pad_left;
} conv_node;

typedef struct pad_job {
    const momui_tensor *x;
    float *padded;
    int64_t frames;
    int pad_left;
} pad_job;

static void pad_work(void *user, int64_t begin, int64_t end) {
    const pad_job *job = user;
    int64_t length = job->x->shape[1], channels = job->x->shape[2];
    for (int64_t b = begin; b < end; b++) {
        float *to = job->padded + b * job->frames * channels;
        size_t left = (size_t)(job->pad_left * channels), body = (size_t)(length * channels);
        size_t all = (size_t)(job->frames * channels);
        memset(to, 0, left * sizeof(float));
        memcpy(to + left, job->x->data + b * length * channels, body * sizeof(float));
        memset(to + left + body, 0, (all - left - body) * sizeof(float));
    }
}

/* dW (out, kernel*in) += dy^T rows of the padded input, item by item */
static void weight_back(momui_graph *g, const conv_node *c, float *dw) {
    const momui_tensor *y = c->node.out;
    int64_t in = c->x->shape[2], frames = y->shape[1], out = y->shape[2];
    int64_t depth = c->weight->shape[1] * in;
    for (int64_t b = 0; b < y->shape[0]; b++)
        momui_gemm(g,
                   &(momui_product){.m = out,
                                    .n = depth,
                                    .k = frames,
                                    .a = {y->grad + b * frames * out, 1, out},
                                    .b = {c->padded + b * c->padded_frames * in, c->stride * in, 1},
                                    .accumulate = true,
                                    .c = dw,
                                    .c_row = depth});
}

/* W (out, kernel, in) as the right side (kernel*out, in) with the taps in reverse */
static const float *flipped_weight(momui_graph *g, const momui_tensor *weight) {
    int64_t out = weight->shape[0], kernel = weight->shape[1], in = weight->shape[2];
    float *flipped = momui_graph_alloc(g, (size_t)(out * kernel * in), sizeof(float));
    for (int64_t tap = 0; flipped && tap < kernel; tap++)
        for (int64_t o = 0; o < out; o++)
            memcpy(flipped + (tap * out + o) * in,
                   weight->data + (o * kernel + kernel - 1 - tap) * in, (size_t)in * sizeof(float));
    return flipped ? momui_gemm_pack(g, kernel * out, in, (momui_view){flipped, in, 1}) : NULL;
}

/* With stride 1 the backward pass is a convolution itself, of dy with the reversed taps: dx[s] is
 * the sum over taps of dy[s + pad_left - tap] W[tap], so dy is padded by kernel-1-pad_left in
 * front. */
static void input_back_dense(momui_graph *g, const conv_node *c, float *dx, bool overwrite) {
    const momui_tensor *y = c->node.out;
    int64_t in = c->x->shape[2], length = c->x->shape[1], out = y->shape[2];
    int64_t kernel = c->weight->shape[1], frames = length + kernel - 1;
    momui_arena_mark mark = momui_arena_position(g->arena);
    momui_tensor dy = *y;
    dy.data = y->grad;
    pad_job job = {&dy, NULL, frames, (int)(kernel - 1) - c->pad_left};
    if (kernel > 1) {
        job.padded = momui_graph_alloc(g, (size_t)(y->shape[0] * frames * out), sizeof(float));
        if (job.padded)
            momui_spans(g->pool, y->shape[0], frames * out, pad_work, &job);
    } else {
        job.padded = y->grad;
    }
    const float *packed = job.padded ? flipped_weight(g, c->weight) : NULL;
    for (int64_t b = 0; packed && b < y->shape[0]; b++)
        momui_gemm(g, &(momui_product){.m = length,
                                       .n = in,
                                       .k = kernel * out,
                                       .a = {job.padded + b * frames * out, out, 1},
                                       .packed = packed,
                                       .accumulate = !overwrite,
                                       .c = dx + b * length * in,
                                       .c_row = in});
    momui_arena_reset(g->arena, mark);
}

/* The gradient of the padded input, tap by tap: dpadded[t*stride + tap] += dy[t] W[tap]; then its
 * middle is added to dx. */
static void input_back(momui_graph *g, const conv_node *c, float *dx, bool overwrite) {
    const momui_tensor *y = c->node.out;
    int64_t in = c->x->shape[2], length = c->x->shape[1], frames = y->shape[1], out = y->shape[2];
    int64_t kernel = c->weight->shape[1];
    momui_arena_mark mark = momui_arena_position(g->arena);
    size_t all = (size_t)(c->padded_frames * in);
    float *dpadded = momui_graph_alloc(g, all, sizeof(float));
    for (int64_t b = 0; dpadded && b < y->shape[0]; b++) {
        memset(dpadded, 0, all * sizeof(float));
        for (int64_t tap = 0; tap < kernel; tap++)
            momui_gemm(g, &(momui_product){.m = frames,
                                           .n = in,
                                           .k = out,
                                           .a = {y->grad + b * frames * out, out, 1},
                                           .b = {c->weight->data + tap * in, kernel * in, 1},
                                           .accumulate = true,
                                           .c = dpadded + tap * in,
                                           .c_row = c->stride * in});
        float *to = dx + b * length * in;
        const float *from = dpadded + c->pad_left * in;
        if (overwrite)
            memcpy(to, from, (size_t)(length * in) * sizeof(float));
        else
            g->kernels->add(length * in, from, to, to);
    }
    momui_arena_reset(g->arena, mark);
}

static void conv_back(momui_graph *g, momui_node *node) {
    conv_node *c = (conv_node *)node;
    bool overwrite = false;
    float *dw = momui_gradient(g, c->weight, NULL);
    if (dw)
        weight_back(g, c, dw);
    float *dx = momui_gradient(g, c->x, &overwrite);
    int64_t span = c->weight->shape[1] - 1;
    bool dense = c->stride == 1 && c->pad_left <= span &&
                 c->padded_frames - c->x->shape[1] - c->pad_left <= span;
    if (dx && dense)
        input_back_dense(g, c, dx, overwrite);
    else if (dx)
        input_back(g, c, dx, overwrite);
    float *db = c->bias ? momui_gradient(g, c->bias, NULL) : NULL;
    if (db)
        momui_gradient_rows(g, node->out, db);
}

static momui_tensor *conv_output(momui_graph *g, momui_tensor *x, momui_tensor *weight,
                                 momui_tensor *bias, int stride, int pad_left, int pad_right) {
    if (x->rank != 3)
        return momui_shape_fail(g, "conv1d", "the input is not (batch, frames, in)", x);
    if (weight->rank != 3 || weight->shape[2] != x->shape[2] || weight->shape[1] < 1)
        return momui_shape_fail(g, "conv1d", "the weight is not (out, kernel, in)", weight);
    if (bias && (bias->rank != 1 || bias->shape[0] != weight->shape[0]))
        return momui_shape_fail(g, "conv1d", "the bias is not (out)", bias);
    int64_t room = x->shape[1] + pad_left + pad_right - weight->shape[1];
    if (stride < 1 || pad_left < 0 || pad_right < 0 || room < 0)
        return momui_shape_fail(g, "conv1d", "fewer frames than the kernel is long", x);
    int64_t shape[3] = {x->shape[0], room / stride + 1, weight->shape[0]};
    return momui_tensor_new(g, 3, shape);
}

momui_tensor *momui_op_conv1d(momui_graph *g, momui_tensor *x, momui_tensor *weight,
                              momui_tensor *bias, int stride, int pad_left, int pad_right) {
    if (!MOMUI_READY(g, "conv1d", x, weight))
        return NULL;
    momui_tensor *y = conv_output(g, x, weight, bias, stride, pad_left, pad_right);
    if (!y)
        return NULL;
    conv_node *c = MOMUI_RECORD(g, conv_node, conv_back, y, x, weight, bias);
    momui_arena_mark mark = momui_arena_position(g->arena);
    int64_t in = x->shape[2], frames = x->shape[1] + pad_left + pad_right;
    const float *padded = x->data;
    if (pad_left + pad_right > 0) {
        pad_job job = {x, NULL, frames, pad_left};
        job.padded = momui_graph_alloc(g, (size_t)(x->shape[0] * frames * in), sizeof(float));
        if (!job.padded)
            return NULL;
        momui_spans(g->pool, x->shape[0], frames * in, pad_work, &job);
        padded = job.padded;
    }
    if (c)
        *c = (conv_node){c->node, x, weight, bias, padded, frames, stride, pad_left};
    int64_t depth = weight->shape[1] * in;
    momui_arena_mark packed_mark = momui_arena_position(g->arena);
    const float *packed = weight->packed;
    if (!packed)
        packed = momui_gemm_pack(g, depth, y->shape[2], (momui_view){weight->data, 1, depth});
    for (int64_t b = 0; packed && b < x->shape[0]; b++)
        momui_gemm(g, &(momui_product){.m = y->shape[1],
                                       .n = y->shape[2],
                                       .k = depth,
                                       .a = {padded + b * frames * in, stride * in, 1},
                                       .b = {weight->data, 1, depth},
                                       .packed = packed,
                                       .bias = bias ? bias->data : NULL,
                                       .c = y->data + b * y->shape[1] * y->shape[2],
                                       .c_row = y->shape[2]});
    momui_arena_reset(g->arena, c ? packed_mark : mark);
    return g->status == MOMU_OK ? y : NULL;
}
