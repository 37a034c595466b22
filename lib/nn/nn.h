/* Tensors, and the operations that networks are written in. The same layer code serves generation
 * and training: it records on the tape only when the graph has one.
 *
 * Conventions: sequences are (batch, frames, channels), row-major, fp32. Every operation takes the
 * graph first and returns a new tensor of the graph's arena, or NULL once anything failed:
 * g->status then says what, and later operations pass the NULL on, so a network checks once, at its
 * end. Operations check their shapes and fail with MOMU_ERROR_INTERNAL and a sentence, never by
 * assertion.
 */
#ifndef MOMUI_NN_NN_H
#define MOMUI_NN_NN_H

#include "base/memory.h"
#include "base/pool.h"
#include "base/random.h"

typedef struct momui_tensor {
    int rank; /* 1..4 */
    int64_t shape[4];
    float *data;
    float *grad;        /* same shape, or NULL; made when needed by the tape */
    bool needs_grad;    /* something below it is trained */
    const void *packed; /* a weight in kernel order (nn/kernels), or NULL */
} momui_tensor;

typedef struct momui_tape momui_tape;
struct momui_kernels;
struct momui_product;

typedef struct momui_graph {
    momui_arena *arena;
    momui_pool *pool; /* NULL: this thread alone */
    momui_tape *tape; /* NULL: generation, nothing is recorded */
    momu_status status;
    momu_error *error;                   /* may be NULL */
    const struct momui_kernels *kernels; /* the inner loops: nn/kernels/kernels.h */
    /* Matrix products of BLAS (nn/blas.h), where the kernels are the portable ones; false: it
     * cannot do this one. NULL: the kernels do all. */
    bool (*multiply)(const struct momui_product *product);
} momui_graph;

/* tape true attaches one that lives in the arena. */
momu_status momui_graph_begin(momui_graph *g, momui_arena *arena, momui_pool *pool, bool tape,
                              momu_error *error);

int64_t momui_tensor_count(const momui_tensor *x);
momui_tensor *momui_tensor_new(momui_graph *g, int rank, const int64_t *shape); /* not cleared */
/* A constant that holds a copy of `data` (NULL: zeros). */
momui_tensor *momui_tensor_from(momui_graph *g, int rank, const int64_t *shape, const float *data);
/* In generation, gives memory back between the blocks of a network: `keep` (made after `mark`) is
 * moved down to the mark. With a tape it does nothing. Returns keep. */
momui_tensor *momui_graph_release(momui_graph *g, momui_arena_mark mark, momui_tensor *keep);

/* ---- linear algebra ---- */
/* x (..., in), weight (out, in), bias (out) or NULL -> (..., out) */
momui_tensor *momui_op_linear(momui_graph *g, momui_tensor *x, momui_tensor *weight,
                              momui_tensor *bias);
/* x (B, T, in), weight (out, kernel, in), zero padding -> (B, (T+left+right-kernel)/stride+1, out)
 */
momui_tensor *momui_op_conv1d(momui_graph *g, momui_tensor *x, momui_tensor *weight,
                              momui_tensor *bias, int stride, int pad_left, int pad_right);
/* x (B, T, C), weight (C, kernel), odd kernel, "same" zero padding */
momui_tensor *momui_op_depthwise_conv1d(momui_graph *g, momui_tensor *x, momui_tensor *weight,
                                        momui_tensor *bias);
/* x (B, T, in), weight (in, kernel, out) -> (B, (T-1) stride + kernel - 2 pad, out) */
momui_tensor *momui_op_conv_transpose1d(momui_graph *g, momui_tensor *x, momui_tensor *weight,
                                        momui_tensor *bias, int stride, int pad);
typedef struct momui_conv2d_shape {
    int stride_height, stride_width, pad_height, pad_width; /* zeros, as many on both sides */
} momui_conv2d_shape;
/* x (B, H, W, in), weight (out, kernel height, kernel width, in) ->
 * (B, (H+2 pad-kernel)/stride+1, the same of W, out) */
momui_tensor *momui_op_conv2d(momui_graph *g, momui_tensor *x, momui_tensor *weight,
                              momui_tensor *bias, momui_conv2d_shape shape);
/* softmax(scale q k^T) v per head, never a (Tq, Tk) matrix in memory beyond a tile.
 * q (B, Tq, H*D), k v (B, Tk, H*D), key_mask (B, Tk) 1 = a valid key, or NULL */
momui_tensor *momui_op_attention(momui_graph *g, momui_tensor *q, momui_tensor *k, momui_tensor *v,
                                 int heads, float scale, const uint8_t *key_mask);
/* Rotates channel pairs (i, i + D/2) of each head by positions[t] * 10000^(-2i/D). x (B, T, H*D) */
momui_tensor *momui_op_rotary(momui_graph *g, momui_tensor *x, int heads, const int32_t *positions);

/* ---- norms and pointwise: the result has the shape of x ---- */
/* Statistics over (frames, channels of the group) of each item; mask (B, T) or NULL: frames that
 * count. Masked frames are normalised with the same statistics. weight, bias (C) */
momui_tensor *momui_op_group_norm(momui_graph *g, momui_tensor *x, int groups, float epsilon,
                                  momui_tensor *weight, momui_tensor *bias, const uint8_t *mask);
/* Statistics over the channels of each frame; weight, bias (C) */
momui_tensor *momui_op_layer_norm(momui_graph *g, momui_tensor *x, float epsilon,
                                  momui_tensor *weight, momui_tensor *bias);
momui_tensor *momui_op_silu(momui_graph *g, momui_tensor *x);
momui_tensor *momui_op_gelu(momui_graph *g, momui_tensor *x);      /* exact: x Phi(x) */
momui_tensor *momui_op_gelu_tanh(momui_graph *g, momui_tensor *x); /* the tanh form */
momui_tensor *momui_op_geglu(momui_graph *g,
                             momui_tensor *x); /* (..., 2 C) = [a, b] -> a * gelu(b) (..., C) */
momui_tensor *momui_op_exp(momui_graph *g, momui_tensor *x);
momui_tensor *momui_op_leaky_relu(momui_graph *g, momui_tensor *x, float slope);
momui_tensor *momui_op_tanh(momui_graph *g, momui_tensor *x);
/* x (B, T, C) -> x + sin^2(e^alpha x) / e^beta, evaluated at twice the frames against aliasing;
 * alpha, beta (C) */
momui_tensor *momui_op_snake(momui_graph *g, momui_tensor *x, momui_tensor *alpha,
                             momui_tensor *beta);
momui_tensor *momui_op_clamp(momui_graph *g, momui_tensor *x, float low, float high);
momui_tensor *momui_op_scale(momui_graph *g, momui_tensor *x, float factor);
/* a and b of one shape */
momui_tensor *momui_op_add(momui_graph *g, momui_tensor *a, momui_tensor *b);
momui_tensor *momui_op_subtract(momui_graph *g, momui_tensor *a, momui_tensor *b);
momui_tensor *momui_op_multiply(momui_graph *g, momui_tensor *a, momui_tensor *b);
/* row (C), or (B, 1, C): the same for every frame of x (B, T, C) */
momui_tensor *momui_op_add_row(momui_graph *g, momui_tensor *x, momui_tensor *row);
momui_tensor *momui_op_multiply_row(momui_graph *g, momui_tensor *x, momui_tensor *row);
/* x (B, T, C): item b where keep[b] is 1, else row (C) in each of its frames */
momui_tensor *momui_op_where(momui_graph *g, momui_tensor *x, const uint8_t *keep,
                             momui_tensor *row);
/* rows of x (B, T, C) where mask (B, T) is 0 become zeros; mask NULL: x itself */
momui_tensor *momui_op_mask(momui_graph *g, momui_tensor *x, const uint8_t *mask);
/* mean + exp(logvar / 2) * noise; noise is a constant */
momui_tensor *momui_op_reparameterise(momui_graph *g, momui_tensor *mean, momui_tensor *logvar,
                                      const float *noise);

/* ---- shape ---- */
momui_tensor *momui_op_upsample2(momui_graph *g,
                                 momui_tensor *x); /* (B, T, C) -> (B, 2 T, C), each frame twice */
/* Parts of one shape but for `axis`, where their lengths add up */
momui_tensor *momui_op_concat(momui_graph *g, momui_tensor *const *parts, int count, int axis);
/* start .. start + count - 1 of `axis` */
momui_tensor *momui_op_slice(momui_graph *g, momui_tensor *x, int axis, int64_t start,
                             int64_t count);
momui_tensor *momui_op_reshape(momui_graph *g, momui_tensor *x, int rank, const int64_t *shape);
/* Fills .grad of every leaf that loss depends on and that needs it: it adds to the
 * gradients that parameters own; other leaves (the caller sets needs_grad before the first
 * operation) get one in the arena. The gradient of an operation's result may share memory with its
 * inputs' gradients: do not read it. */
momu_status momui_backward(momui_graph *g, momui_tensor *loss);

/* ---- parameters ---- */
typedef enum momui_init { /* how an initial weight is drawn */
                          MOMUI_INIT_ZERO,
                          MOMUI_INIT_ONE,
                          MOMUI_INIT_NORMAL, /* N(0, scale) */
                          MOMUI_INIT_UNIFORM /* U(-scale, scale); scale 0: 1/sqrt(fan in), as
                                                torch's layers */
} momui_init;

typedef struct momui_parameter {
    char name[128];
    momui_tensor tensor;
    float *first, *second, *average; /* AdamW's moments and the EMA; NULL without an optimiser */
    bool frozen;
} momui_parameter;

/* Where weights come from: fills `out`, or fails with a sentence naming the tensor. NULL: initial
 * ones. */
typedef struct momui_weight_source {
    momu_status (*read)(void *user, const char *name, int rank, const int64_t *shape, float *out,
                        momu_error *error);
    void *user;
} momui_weight_source;

typedef struct momui_parameters {
    momui_memory *memory;
    momui_parameter **items; /* in the order of declaration */
    int count, capacity;
    const momui_weight_source *source;
    uint64_t seed; /* of initial weights: parameter i draws from stream i */
    momu_status status;
    momu_error *error;
} momui_parameters;

void momui_parameters_init(momui_parameters *set, momui_memory *memory,
                           const momui_weight_source *source, uint64_t seed, momu_error *error);
void momui_parameters_release(momui_parameters *set);
/* Declares "prefix.name"; NULL once anything failed (set->status). Shapes as a list of `rank`
 * int64_t. */
momui_tensor *momui_parameter_declare(momui_parameters *set, const char *prefix, const char *name,
                                      momui_init init, float scale, int rank, const int64_t *shape);
momui_parameter *momui_parameters_find(momui_parameters *set, const char *name); /* or NULL */
void momui_parameters_freeze(momui_parameters *set, const char *prefix, bool frozen);
void momui_parameters_zero_grad(momui_parameters *set);
/* Packs every matrix that generation multiplies with into kernel order. */
momu_status momui_parameters_pack(momui_parameters *set, momu_error *error);

#endif
