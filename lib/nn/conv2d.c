/* A convolution over images (batch, height, width, channels): every output place's patch becomes a
 * row, and the rows are multiplied with the weight. Used by discriminators, for which spectrograms
 * are images. */
#include "nn/gemm.h"

#include <string.h>

typedef struct conv2d_node {
    momui_node node;
    momui_tensor *x, *weight, *bias;
    momui_conv2d_shape shape;
} conv2d_node;

typedef struct patch_job {
    const momui_tensor *x; /* one item of it */
    const momui_tensor *y;
    momui_conv2d_shape shape;
    int64_t kernel_height, kernel_width, item;
    float *rows; /* (height x width of y, kernel_height x kernel_width x in) */
} patch_job;

/* Where tap `ky` of the patch of output row `h` reads: rows of x, or outside. */
static const float *image_row(const patch_job *job, int64_t h, int64_t ky) {
    int64_t at = h * job->shape.stride_height + ky - job->shape.pad_height;
    if (at < 0 || at >= job->x->shape[1])
        return NULL;
    return job->x->data +
           ((job->item * job->x->shape[1] + at) * job->x->shape[2]) * job->x->shape[3];
}

/* Taps first..end-1 of a patch that begins at column `left` lie inside the image. */
static void inside(const patch_job *job, int64_t left, int64_t *first, int64_t *end) {
    int64_t width = job->x->shape[2];
    *first = left < 0 ? -left : 0;
    *end = left + job->kernel_width > width ? width - left : job->kernel_width;
    if (*first > job->kernel_width)
        *first = job->kernel_width;
    if (*end < *first)
        *end = *first;
}

static void gather_work(void *user, int64_t begin, int64_t end) {
    const patch_job *job = user;
    int64_t in = job->x->shape[3], columns = job->y->shape[2];
    int64_t tap_row = job->kernel_width * in, depth = job->kernel_height * tap_row;
    for (int64_t h = begin; h < end; h++)
        for (int64_t ky = 0; ky < job->kernel_height; ky++) {
            const float *row = image_row(job, h, ky);
            for (int64_t w = 0; w < columns; w++) {
                float *to = job->rows + (h * columns + w) * depth + ky * tap_row;
                int64_t left = w * job->shape.stride_width - job->shape.pad_width, a, b;
                inside(job, left, &a, &b);
                if (!row) {
                    memset(to, 0, (size_t)tap_row * sizeof(float));
                    continue;
                }
                memset(to, 0, (size_t)(a * in) * sizeof(float));
                if (b > a)
                    memcpy(to + a * in, row + (left + a) * in,
                           (size_t)((b - a) * in) * sizeof(float));
                memset(to + b * in, 0, (size_t)(tap_row - b * in) * sizeof(float));
            }
        }
}

/* The backward pass of gather: patches overlap, so one thread adds an item's up. */
static void scatter(const patch_job *job, float *dx) {
    int64_t in = job->x->shape[3], columns = job->y->shape[2];
    int64_t tap_row = job->kernel_width * in, depth = job->kernel_height * tap_row;
    for (int64_t h = 0; h < job->y->shape[1]; h++)
        for (int64_t ky = 0; ky < job->kernel_height; ky++) {
            const float *row = image_row(job, h, ky);
            if (!row)
                continue;
            float *to_row = dx + (row - job->x->data);
            for (int64_t w = 0; w < columns; w++) {
                const float *from = job->rows + (h * columns + w) * depth + ky * tap_row;
                int64_t left = w * job->shape.stride_width - job->shape.pad_width, a, b;
                inside(job, left, &a, &b);
                float *to = to_row + left * in;
                for (int64_t i = a * in; i < b * in; i++)
                    to[i] += from[i];
            }
        }
}

static patch_job job_of(const momui_tensor *x, const momui_tensor *y, const momui_tensor *weight,
                        momui_conv2d_shape shape, float *rows) {
    return (patch_job){.x = x,
                       .y = y,
                       .shape = shape,
                       .kernel_height = weight->shape[1],
                       .kernel_width = weight->shape[2],
                       .rows = rows};
}

static void gather(momui_graph *g, patch_job *job, int64_t depth) {
    momui_spans(g->pool, job->y->shape[1], job->y->shape[2] * depth, gather_work, job);
}

static void conv2d_back(momui_graph *g, momui_node *node) {
    conv2d_node *c = (conv2d_node *)node;
    const momui_tensor *y = node->out;
    int64_t places = y->shape[1] * y->shape[2], out = y->shape[3];
    int64_t depth = momui_tensor_count(c->weight) / out;
    float *dw = momui_gradient(g, c->weight, NULL), *dx = momui_gradient(g, c->x, NULL);
    momui_arena_mark mark = momui_arena_position(g->arena);
    float *rows = momui_graph_alloc(g, (size_t)(places * depth), sizeof(float));
    patch_job job = job_of(c->x, y, c->weight, c->shape, rows);
    for (job.item = 0; rows && job.item < y->shape[0]; job.item++) {
        const float *dy = y->grad + job.item * places * out;
        if (dw) {
            gather(g, &job, depth);
            momui_gemm(g, &(momui_product){.m = out,
                                           .n = depth,
                                           .k = places,
                                           .a = {dy, 1, out},
                                           .b = {rows, depth, 1},
                                           .accumulate = true,
                                           .c = dw,
                                           .c_row = depth});
        }
        if (dx) {
            momui_gemm(g, &(momui_product){.m = places,
                                           .n = depth,
                                           .k = out,
                                           .a = {dy, out, 1},
                                           .b = {c->weight->data, depth, 1},
                                           .c = rows,
                                           .c_row = depth});
            scatter(&job, dx);
        }
    }
    momui_arena_reset(g->arena, mark);
    float *db = c->bias ? momui_gradient(g, c->bias, NULL) : NULL;
    if (db)
        momui_gradient_rows(g, node->out, db);
}

static momui_tensor *conv2d_output(momui_graph *g, momui_tensor *x, momui_tensor *weight,
                                   momui_tensor *bias, momui_conv2d_shape s) {
    if (x->rank != 4)
        return momui_shape_fail(g, "conv2d", "the input is not (batch, height, width, in)", x);
    if (weight->rank != 4 || weight->shape[3] != x->shape[3])
        return momui_shape_fail(g, "conv2d", "the weight is not (out, height, width, in)", weight);
    if (bias && (bias->rank != 1 || bias->shape[0] != weight->shape[0]))
        return momui_shape_fail(g, "conv2d", "the bias is not (out)", bias);
    int64_t high = x->shape[1] + 2 * s.pad_height - weight->shape[1];
    int64_t wide = x->shape[2] + 2 * s.pad_width - weight->shape[2];
    if (s.stride_height < 1 || s.stride_width < 1 || s.pad_height < 0 || s.pad_width < 0 ||
        high < 0 || wide < 0)
        return momui_shape_fail(g, "conv2d", "the image is smaller than the kernel", x);
    int64_t shape[4] = {x->shape[0], high / s.stride_height + 1, wide / s.stride_width + 1,
                        weight->shape[0]};
    return momui_tensor_new(g, 4, shape);
}

momui_tensor *momui_op_conv2d(momui_graph *g, momui_tensor *x, momui_tensor *weight,
                              momui_tensor *bias, momui_conv2d_shape shape) {
    if (!MOMUI_READY(g, "conv2d", x, weight))
        return NULL;
    momui_tensor *y = conv2d_output(g, x, weight, bias, shape);
    if (!y)
        return NULL;
    conv2d_node *c = MOMUI_RECORD(g, conv2d_node, conv2d_back, y, x, weight, bias);
    if (c)
        *c = (conv2d_node){c->node, x, weight, bias, shape};
    int64_t places = y->shape[1] * y->shape[2], out = y->shape[3];
    int64_t depth = momui_tensor_count(weight) / out;
    momui_arena_mark mark = momui_arena_position(g->arena);
    float *rows = momui_graph_alloc(g, (size_t)(places * depth), sizeof(float));
    const float *packed =
        rows ? momui_gemm_pack(g, depth, out, (momui_view){weight->data, 1, depth}) : NULL;
    patch_job job = job_of(x, y, weight, shape, rows);
    for (job.item = 0; packed && job.item < x->shape[0]; job.item++) {
        gather(g, &job, depth);
        momui_gemm(g, &(momui_product){.m = places,
                                       .n = out,
                                       .k = depth,
                                       .a = {rows, depth, 1},
                                       .b = {weight->data, 1, depth},
                                       .packed = packed,
                                       .bias = bias ? bias->data : NULL,
                                       .c = y->data + job.item * places * out,
                                       .c_row = out});
    }
    momui_arena_reset(g->arena, mark);
    return g->status == MOMU_OK ? y : NULL;
}
