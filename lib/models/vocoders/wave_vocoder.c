/* HiFi-GAN's (Kong et al. 2020) and BigVGAN's (Lee et al. 2023) generators.
 *
 *   mel (B, T, bands) -> conv_in 7 -> (B, T, c)
 *   stage i: [leaky ReLU 0.1: HiFi-GAN alone]
 *            -> ups.i transposed, kernel k_i, stride u_i, pad (k_i - u_i) / 2
 *            -> (B, T u_0..u_i, c / 2^(i+1)) -> the mean of its residual blocks
 *   block of type 1: for each dilation d: x += conv(act(conv_d(act(x))))
 *         of type 2 (short_blocks):        x += conv_d(act(x))
 *   end: act -> conv_out 7 -> (B, T hop, 1) -> tanh, or clamp to -1..1
 *   act: leaky ReLU 0.1 (0.01 at the end), or anti-aliased snake
 */
#include "models/vocoders/wave_vocoder.h"

#include "models/layers.h"

enum { MAX_CONVS = 2 * MOMUI_WAVE_DILATIONS };

typedef struct snake {
    momui_tensor *alpha, *beta; /* beta NULL: alpha stands for both */
} snake;

typedef struct wave_block {
    momui_affine first[MOMUI_WAVE_DILATIONS], second[MOMUI_WAVE_DILATIONS];
    snake acts[MAX_CONVS];
} wave_block;

struct momui_wave_vocoder {
    momui_wave_vocoder_config config;
    momui_affine conv_in, conv_out, ups[MOMUI_WAVE_STAGES];
    wave_block blocks[MOMUI_WAVE_STAGES][MOMUI_WAVE_BLOCKS];
    snake end;
};

/* ---- declaration ---- */

static snake declare_snake(momui_parameters *set, const momui_wave_vocoder_config *c,
                           const char *name, int64_t channels) {
    snake s = {0};
    if (!c->bigvgan)
        return s;
    s.alpha = momui_parameter_declare(set, name, "alpha", MOMUI_INIT_ZERO, 0, 1, &channels);
    if (c->snake_beta)
        s.beta = momui_parameter_declare(set, name, "beta", MOMUI_INIT_ZERO, 0, 1, &channels);
    return s;
}

static void declare_block(momui_parameters *set, const momui_wave_vocoder_config *c,
                          const char *prefix, int64_t channels, int64_t kernel, wave_block *b) {
    char name[MOMUI_NAME_LENGTH];
    for (int i = 0; i < c->dilation_count; i++) {
        b->first[i] = momui_declare_conv(set, momui_layer_name(name, prefix, "first.%d", i),
                                         channels, channels, kernel);
        if (!c->short_blocks)
            b->second[i] = momui_declare_conv(set, momui_layer_name(name, prefix, "second.%d", i),
                                              channels, channels, kernel);
    }
    int acts = c->dilation_count * (c->short_blocks ? 1 : 2);
    for (int i = 0; i < acts; i++)
        b->acts[i] = declare_snake(set, c, momui_layer_name(name, prefix, "acts.%d", i), channels);
}

momui_wave_vocoder *momui_wave_vocoder_declare(momui_parameters *set, const char *prefix,
                                               const momui_wave_vocoder_config *config,
                                               int32_t mel_bands) {
    momui_wave_vocoder *v = momui_calloc(set->memory, 1, sizeof *v);
    if (!v) {
        set->status = momui_fail_memory(set->error, "the vocoder");
        return NULL;
    }
    char name[MOMUI_NAME_LENGTH];
    int64_t width = config->channels;
    v->config = *config;
    v->conv_in =
        momui_declare_conv(set, momui_layer_name(name, prefix, "conv_in"), mel_bands, width, 7);
    for (int i = 0; i < config->stages; i++) {
        int64_t half = width / 2;
        momui_layer_name(name, prefix, "ups.%d", i);
        v->ups[i].weight = momui_parameter_declare(set, name, "weight", MOMUI_INIT_UNIFORM, 0, 3,
                                                   (int64_t[]){width, config->up_kernels[i], half});
        v->ups[i].bias = momui_parameter_declare(set, name, "bias", MOMUI_INIT_ZERO, 0, 1, &half);
        for (int k = 0; k < config->block_count; k++)
            declare_block(set, config, momui_layer_name(name, prefix, "stages.%d.blocks.%d", i, k),
                          half, config->block_kernels[k], &v->blocks[i][k]);
        width = half;
    }
    v->end = declare_snake(set, config, momui_layer_name(name, prefix, "end"), width);
    momui_layer_name(name, prefix, "conv_out");
    v->conv_out = momui_declare_conv(set, name, width, 1, 7);
    return v;
}

void momui_wave_vocoder_free(momui_wave_vocoder *network) {
    momui_free(network);
}

/* ---- running ---- */

/* A dilated convolution with "same" zeros: frames t, t + d, t + 2d, ... are the columns of an image
 * d wide, on which the kernel is one column. */
static momui_tensor *dilated(momui_graph *g, const momui_affine *conv, momui_tensor *x,
                             int64_t dilation) {
    if (!x || dilation == 1)
        return momui_apply_conv(g, conv, x);
    int64_t items = x->shape[0], frames = x->shape[1], channels = x->shape[2];
    int64_t kernel = conv->weight->shape[1], out = conv->weight->shape[0];
    int64_t rows = (frames + dilation - 1) / dilation, missing = rows * dilation - frames;
    if (missing > 0) {
        momui_tensor *zeros = momui_tensor_from(g, 3, (int64_t[]){items, missing, channels}, NULL);
        x = momui_op_concat(g, (momui_tensor *[]){x, zeros}, 2, 1);
    }
    if (!x)
        return NULL;
    momui_tensor *weight =
        momui_op_reshape(g, conv->weight, 4, (int64_t[]){out, kernel, 1, channels});
    momui_tensor *y =
        momui_op_conv2d(g, momui_op_reshape(g, x, 4, (int64_t[]){items, rows, dilation, channels}),
                        weight, conv->bias, (momui_conv2d_shape){1, 1, (int)(kernel - 1) / 2, 0});
    if (!y)
        return NULL;
    y = momui_op_reshape(g, y, 3, (int64_t[]){items, rows * dilation, out});
    return missing > 0 ? momui_op_slice(g, y, 1, 0, frames) : y;
}

static momui_tensor *activate(momui_graph *g, const momui_wave_vocoder *v, const snake *s,
                              momui_tensor *x, float slope) {
    if (!v->config.bigvgan)
        return momui_op_leaky_relu(g, x, slope);
    return momui_op_snake(g, x, s->alpha, s->beta ? s->beta : s->alpha);
}

static momui_tensor *run_block(momui_graph *g, const momui_wave_vocoder *v, const wave_block *b,
                               const int32_t *dilations, momui_tensor *x) {
    const momui_wave_vocoder_config *c = &v->config;
    for (int i = 0; i < c->dilation_count; i++) {
        const snake *acts = b->acts + (c->short_blocks ? i : 2 * i);
        momui_tensor *y = dilated(g, &b->first[i], activate(g, v, acts, x, 0.1f), dilations[i]);
        if (!c->short_blocks)
            y = momui_apply_conv(g, &b->second[i], activate(g, v, acts + 1, y, 0.1f));
        x = momui_op_add(g, y, x);
    }
    return x;
}

momui_tensor *momui_wave_vocoder_forward(momui_graph *g, const momui_wave_vocoder *v,
                                         momui_tensor *mel) {
    const momui_wave_vocoder_config *c = &v->config;
    momui_arena_mark start = momui_arena_position(g->arena);
    momui_tensor *x = momui_apply_conv(g, &v->conv_in, mel);
    for (int i = 0; i < c->stages; i++) {
        if (!c->bigvgan)
            x = momui_op_leaky_relu(g, x, 0.1f);
        int pad = (c->up_kernels[i] - c->up_rates[i]) / 2;
        x = momui_op_conv_transpose1d(g, x, v->ups[i].weight, v->ups[i].bias, c->up_rates[i], pad);
        x = momui_graph_release(g, start, x);
        momui_tensor *sum = NULL;
        momui_arena_mark after = momui_arena_position(g->arena);
        for (int k = 0; k < c->block_count; k++) {
            momui_tensor *y = run_block(g, v, &v->blocks[i][k], c->dilations[k], x);
            sum = momui_graph_release(g, after, sum ? momui_op_add(g, sum, y) : y);
        }
        x = momui_graph_release(g, start, momui_op_scale(g, sum, 1.0f / (float)c->block_count));
    }
    x = momui_apply_conv(g, &v->conv_out, activate(g, v, &v->end, x, 0.01f));
    return c->tanh ? momui_op_tanh(g, x) : momui_op_clamp(g, x, -1.0f, 1.0f);
}

int64_t momui_wave_vocoder_receptive_field(const momui_wave_vocoder_config *c) {
    double frames = 3, rate = 1;
    for (int i = 0; i < c->stages; i++) {
        double widest = 0;
        frames += ((double)c->up_kernels[i] / c->up_rates[i] + 1) / rate;
        rate *= c->up_rates[i];
        for (int k = 0; k < c->block_count; k++) {
            double samples = 0;
            for (int d = 0; d < c->dilation_count; d++)
                samples += 0.5 * (c->block_kernels[k] - 1) *
                               (c->dilations[k][d] + (c->short_blocks ? 0 : 1)) +
                           (c->bigvgan ? 24 : 0);
            widest = samples > widest ? samples : widest;
        }
        frames += widest / rate;
    }
    return (int64_t)(frames + 16 / rate) + 2;
}
