/* Discriminators. All are stacks of convolutions over images (B, height, width, channels), height
 * being time.
 *
 *   PATCHES, one stack on a standardised log-mel (B, frames, bands, 1):
 *     4x4 stride 2 -> c, leaky; 4x4 stride 2 -> 2c, norm, leaky; 4x4 stride 2 -> 4c, norm, leaky;
 *     4x4 -> 8c, norm, leaky; 4x4 -> 1
 *   SPECTRA (small, after BigVGAN's), a stack for each of three resolutions of sound on its
 * compressed magnitudes (B, frames, bins, 1): four times 3x9 stride 2 over bins, the third over
 * frames too -> c, leaky; 3x3 -> c, leaky; 3x3 -> 1
 */
#include "train/losses/discriminator.h"

#include "models/layers.h"
#include "train/losses/loss_ops.h"
#include "train/losses/spectra.h"

#include <math.h>
#include <stdio.h>

enum { NORM_GROUPS = 8 };

typedef struct layer_shape {
    int multiple; /* of c; 0: one channel, the logits */
    int kernel_height, kernel_width;
    momui_conv2d_shape conv;
    bool norm;
} layer_shape;

static const layer_shape PATCH_LAYERS[] = {{1, 4, 4, {2, 2, 1, 1}, false},
                                           {2, 4, 4, {2, 2, 1, 1}, true},
                                           {4, 4, 4, {2, 2, 1, 1}, true},
                                           {8, 4, 4, {1, 1, 1, 1}, true},
                                           {0, 4, 4, {1, 1, 1, 1}, false}};
static const layer_shape SPECTRUM_LAYERS[] = {
    {1, 3, 9, {1, 2, 1, 4}, false}, {1, 3, 9, {1, 2, 1, 4}, false}, {1, 3, 9, {2, 2, 1, 4}, false},
    {1, 3, 9, {1, 2, 1, 4}, false}, {1, 3, 3, {1, 1, 1, 1}, false}, {0, 3, 3, {1, 1, 1, 1}, false}};

typedef struct stack {
    momui_affine conv[MOMUI_STACK_LAYERS], norm[MOMUI_STACK_LAYERS];
} stack;

struct momui_discriminator {
    momui_memory *memory;
    momui_discriminator_kind kind;
    const layer_shape *layers;
    int layer_count, stack_count;
    stack stacks[MOMUI_MAX_STACKS];
};

static momui_affine declare_conv2d(momui_parameters *set, const char *name, int64_t in, int64_t out,
                                   const layer_shape *shape) {
    momui_affine a;
    /* patches: N(0, .02) as pix2pix has it; spectra have no norms, so their size must be kept */
    float bound = 1.0f / sqrtf((float)(shape->kernel_height * shape->kernel_width * in));
    bool patch = shape->kernel_height == 4;
    a.weight = momui_parameter_declare(
        set, name, "weight", patch ? MOMUI_INIT_NORMAL : MOMUI_INIT_UNIFORM, patch ? 0.02f : bound,
        4, (int64_t[]){out, shape->kernel_height, shape->kernel_width, in});
    a.bias = momui_parameter_declare(set, name, "bias", MOMUI_INIT_ZERO, 0, 1, &out);
    return a;
}

static void declare_stack(momui_parameters *set, momui_discriminator *d, int index,
                          int32_t channels) {
    /* "towers" names the tensors in checkpoints, so it stays. */
    char name[MOMUI_NAME_LENGTH];
    int64_t in = 1;
    for (int i = 0; i < d->layer_count; i++) {
        const layer_shape *shape = &d->layers[i];
        int64_t out = shape->multiple ? (int64_t)shape->multiple * channels : 1;
        d->stacks[index].conv[i] = declare_conv2d(
            set, momui_layer_name(name, "towers", "%d.conv.%d", index, i), in, out, shape);
        if (shape->norm)
            d->stacks[index].norm[i] = momui_declare_norm(
                set, momui_layer_name(name, "towers", "%d.norm.%d", index, i), out);
        in = out;
    }
}

momui_discriminator *momui_discriminator_declare(momui_parameters *set,
                                                 momui_discriminator_kind kind, int32_t channels) {
    momui_discriminator *d = momui_calloc(set->memory, 1, sizeof *d);
    if (!d) {
        set->status = momui_fail_memory(set->error, "a discriminator");
        return NULL;
    }
    bool patches = kind == MOMUI_PATCHES;
    d->kind = kind;
    d->layers = patches ? PATCH_LAYERS : SPECTRUM_LAYERS;
    d->layer_count = patches ? (int)(sizeof PATCH_LAYERS / sizeof *PATCH_LAYERS)
                             : (int)(sizeof SPECTRUM_LAYERS / sizeof *SPECTRUM_LAYERS);
    d->stack_count = patches ? 1 : MOMUI_SPECTRUM_SCALES;
    for (int i = 0; i < d->stack_count; i++)
        declare_stack(set, d, i, channels);
    return d;
}

void momui_discriminator_free(momui_discriminator *network) {
    momui_free(network);
}

/* Over (height x width, channels of a group) of each image. */
static momui_tensor *norm_image(momui_graph *g, const momui_affine *norm, momui_tensor *x) {
    if (!x)
        return NULL;
    int64_t flat[3] = {x->shape[0], x->shape[1] * x->shape[2], x->shape[3]}, shape[4];
    for (int i = 0; i < 4; i++)
        shape[i] = x->shape[i];
    int groups = NORM_GROUPS < (int)flat[2] ? NORM_GROUPS : (int)flat[2];
    while (flat[2] % groups)
        groups--;
    x = momui_op_group_norm(g, momui_op_reshape(g, x, 3, flat), groups, 1e-6f, norm->weight,
                            norm->bias, NULL);
    return momui_op_reshape(g, x, 4, shape);
}

static momui_tensor *as_image(momui_graph *g, momui_tensor *x) {
    return x ? momui_op_reshape(g, x, 4, (int64_t[]){x->shape[0], x->shape[1], x->shape[2], 1})
             : NULL;
}

bool momui_discriminate(momui_graph *g, const momui_discriminator *d, momui_tensor *x,
                        momui_discriminator_output *out) {
    *out = (momui_discriminator_output){.stacks = d->stack_count};
    for (int t = 0; t < d->stack_count; t++) {
        momui_tensor *y = as_image(g, d->kind == MOMUI_PATCHES ? x : momui_op_magnitudes(g, x, t));
        for (int i = 0; i < d->layer_count; i++) {
            const layer_shape *shape = &d->layers[i];
            const momui_affine *conv = &d->stacks[t].conv[i];
            y = momui_op_conv2d(g, y, conv->weight, conv->bias, shape->conv);
            if (!shape->multiple)
                break;
            if (shape->norm)
                y = norm_image(g, &d->stacks[t].norm[i], y);
            y = momui_op_leaky_relu(g, y, 0.2f);
            out->features[t][out->layers[t]++] = y;
        }
        out->logits[t] = y;
    }
    return g->status == MOMU_OK;
}

/* ---- losses ---- */

static momui_tensor *mean_of(momui_graph *g, momui_tensor **parts, int count) {
    float weights[2 * MOMUI_MAX_STACKS * MOMUI_STACK_LAYERS];
    for (int i = 0; i < count; i++)
        weights[i] = 1.0f / (float)count;
    return momui_op_weighted_sum(g, parts, weights, count);
}

momui_tensor *momui_discriminator_generator_loss(momui_graph *g,
                                                 const momui_discriminator_output *made) {
    momui_tensor *parts[MOMUI_MAX_STACKS];
    for (int t = 0; t < made->stacks; t++)
        parts[t] = momui_op_scale(g, momui_op_mean(g, made->logits[t]), -1.0f);
    return mean_of(g, parts, made->stacks);
}

momui_tensor *momui_discriminator_hinge(momui_graph *g, const momui_discriminator_output *real,
                                        const momui_discriminator_output *made) {
    momui_tensor *parts[2 * MOMUI_MAX_STACKS];
    for (int t = 0; t < real->stacks; t++) {
        parts[2 * t] = momui_op_hinge(g, real->logits[t], true);
        parts[2 * t + 1] = momui_op_hinge(g, made->logits[t], false);
    }
    return mean_of(g, parts, 2 * real->stacks);
}

momui_tensor *momui_discriminator_feature_loss(momui_graph *g,
                                               const momui_discriminator_output *real,
                                               const momui_discriminator_output *made) {
    momui_tensor *parts[MOMUI_MAX_STACKS * MOMUI_STACK_LAYERS];
    int count = 0;
    for (int t = 0; t < real->stacks; t++)
        for (int i = 0; i < real->layers[t]; i++)
            parts[count++] = momui_op_l1(g, made->features[t][i], real->features[t][i], NULL);
    return mean_of(g, parts, count);
}
