/* The autoencoder of docs/networks.md, "Autoencoder"; music and motion are the same network.
 *
 * encoder: x (B, T, in)
 *   conv_in                              (B, T, C0)
 *   levels 0 .. n-1: residual blocks     (B, T', Ci), each level may halve the frames
 *   middle: residual, attention, residual
 *   norm, SiLU, conv_out, quant          (B, T/down, 2d) -> mean, logvar (B, T/down, d)
 *
 * decoder: z (B, L, d)
 *   post_quant, conv_in                  (B, L, Cn)
 *   middle, and up_in where the last level halved
 *   levels n-1 .. 0: residual blocks     (B, L', Ci), frames doubled where the encoder halved
 *   norm, SiLU, conv_out                 (B, L down, in)
 */
#include "models/autoencoder.h"

#include "models/layers.h"

#include <math.h>

enum { MAX_RES = 9 }; /* blocks of a level: config allows 8, the decoder has one more */

typedef struct residual {
    momui_affine norm1, conv1, norm2, conv2, shortcut;
    bool widens; /* the shortcut is there */
} residual;

typedef struct attention {
    momui_affine norm, query, key, value, out;
} attention;

typedef struct half {
    momui_affine conv_in, norm_out, conv_out, up_in;
    momui_affine resample[MOMUI_MAX_LEVELS]; /* down or up */
    residual blocks[MOMUI_MAX_LEVELS][MAX_RES], middle1, middle2;
    attention attention;
} half;

struct momui_autoencoder {
    momui_autoencoder_config config;
    half encoder, decoder;
    momui_affine quant, post_quant;
};

/* ---- declaration ---- */

static residual declare_residual(momui_parameters *set, const char *prefix, int64_t in, int64_t out,
                                 int64_t kernel) {
    char name[MOMUI_NAME_LENGTH];
    residual r = {.widens = in != out};
    r.norm1 = momui_declare_norm(set, momui_layer_name(name, prefix, "norm1"), in);
    r.conv1 = momui_declare_conv(set, momui_layer_name(name, prefix, "conv1"), in, out, kernel);
    r.norm2 = momui_declare_norm(set, momui_layer_name(name, prefix, "norm2"), out);
    r.conv2 = momui_declare_conv(set, momui_layer_name(name, prefix, "conv2"), out, out, kernel);
    if (r.widens)
        r.shortcut =
            momui_declare_conv(set, momui_layer_name(name, prefix, "shortcut"), in, out, 1);
    return r;
}

static attention declare_attention(momui_parameters *set, const char *prefix, int64_t width) {
    char name[MOMUI_NAME_LENGTH];
    attention a;
    a.norm = momui_declare_norm(set, momui_layer_name(name, prefix, "norm"), width);
    a.query = momui_declare_linear(set, momui_layer_name(name, prefix, "query"), width, width);
    a.key = momui_declare_linear(set, momui_layer_name(name, prefix, "key"), width, width);
    a.value = momui_declare_linear(set, momui_layer_name(name, prefix, "value"), width, width);
    a.out = momui_declare_linear(set, momui_layer_name(name, prefix, "out"), width, width);
    return a;
}

static void declare_middle(momui_parameters *set, const char *prefix,
                           const momui_autoencoder_config *c, int64_t width, int64_t kernel,
                           half *h) {
    char name[MOMUI_NAME_LENGTH];
    h->middle1 = declare_residual(set, momui_layer_name(name, prefix, "middle.block1"), width,
                                  width, kernel);
    if (c->attention)
        h->attention =
            declare_attention(set, momui_layer_name(name, prefix, "middle.attention"), width);
    h->middle2 = declare_residual(set, momui_layer_name(name, prefix, "middle.block2"), width,
                                  width, kernel);
}

static void declare_encoder(momui_parameters *set, const char *prefix,
                            const momui_autoencoder_config *c, half *h) {
    char name[MOMUI_NAME_LENGTH];
    int64_t width = (int64_t)c->channels * c->multipliers[0];
    h->conv_in = momui_declare_conv(set, momui_layer_name(name, prefix, "conv_in"), c->in_channels,
                                    width, c->kernel);
    for (int i = 0; i < c->levels; i++) {
        int64_t out = (int64_t)c->channels * c->multipliers[i];
        for (int j = 0; j < c->blocks; j++, width = out)
            h->blocks[i][j] =
                declare_residual(set, momui_layer_name(name, prefix, "levels.%d.blocks.%d", i, j),
                                 width, out, c->kernel);
        if (c->down[i])
            h->resample[i] = momui_declare_conv(
                set, momui_layer_name(name, prefix, "levels.%d.down", i), out, out, 3);
    }
    declare_middle(set, prefix, c, width, c->kernel, h);
    h->norm_out = momui_declare_norm(set, momui_layer_name(name, prefix, "norm_out"), width);
    h->conv_out = momui_declare_conv(set, momui_layer_name(name, prefix, "conv_out"), width,
                                     2 * (int64_t)c->latent, c->kernel);
}

static void declare_decoder(momui_parameters *set, const char *prefix,
                            const momui_autoencoder_config *c, half *h) {
    char name[MOMUI_NAME_LENGTH];
    int64_t width = (int64_t)c->channels * c->multipliers[c->levels - 1];
    h->conv_in = momui_declare_conv(set, momui_layer_name(name, prefix, "conv_in"), c->latent,
                                    width, c->kernel);
    declare_middle(set, prefix, c, width, c->decoder_kernel, h);
    if (c->down[c->levels - 1])
        h->up_in =
            momui_declare_conv(set, momui_layer_name(name, prefix, "up_in"), width, width, 3);
    for (int i = c->levels - 1; i >= 0; i--) {
        int64_t out = (int64_t)c->channels * c->multipliers[i];
        for (int j = 0; j <= c->blocks; j++, width = out)
            h->blocks[i][j] =
                declare_residual(set, momui_layer_name(name, prefix, "levels.%d.blocks.%d", i, j),
                                 width, out, c->decoder_kernel);
        if (i > 0 && c->down[i - 1])
            h->resample[i] = momui_declare_conv(
                set, momui_layer_name(name, prefix, "levels.%d.up", i), out, out, 3);
    }
    h->norm_out = momui_declare_norm(set, momui_layer_name(name, prefix, "norm_out"), width);
    h->conv_out = momui_declare_conv(set, momui_layer_name(name, prefix, "conv_out"), width,
                                     c->in_channels, c->kernel);
}

momui_autoencoder *momui_autoencoder_declare(momui_parameters *set, const char *prefix,
                                             const momui_autoencoder_config *config) {
    momui_autoencoder *a = momui_calloc(set->memory, 1, sizeof *a);
    if (!a) {
        set->status = momui_fail_memory(set->error, "an autoencoder");
        return NULL;
    }
    char name[MOMUI_NAME_LENGTH];
    int64_t d = config->latent;
    a->config = *config;
    declare_encoder(set, momui_layer_name(name, prefix, "encoder"), config, &a->encoder);
    a->quant = momui_declare_conv(set, momui_layer_name(name, prefix, "quant"), 2 * d, 2 * d, 1);
    a->post_quant = momui_declare_conv(set, momui_layer_name(name, prefix, "post_quant"), d, d, 1);
    declare_decoder(set, momui_layer_name(name, prefix, "decoder"), config, &a->decoder);
    return a;
}

momui_autoencoder *momui_encoder_declare(momui_parameters *set, const char *prefix,
                                         const momui_autoencoder_config *config) {
    momui_autoencoder *a = momui_calloc(set->memory, 1, sizeof *a);
    if (!a) {
        set->status = momui_fail_memory(set->error, "an encoder");
        return NULL;
    }
    char name[MOMUI_NAME_LENGTH];
    int64_t d = config->latent;
    a->config = *config;
    declare_encoder(set, momui_layer_name(name, prefix, "encoder"), config, &a->encoder);
    a->quant = momui_declare_conv(set, momui_layer_name(name, prefix, "quant"), 2 * d, 2 * d, 1);
    return a;
}

void momui_autoencoder_free(momui_autoencoder *network) {
    momui_free(network);
}

/* ---- running ---- */

static momui_tensor *apply_norm(momui_graph *g, const momui_autoencoder *a, const momui_affine *n,
                                momui_tensor *x) {
    int32_t groups = a->config.groups, width = (int32_t)n->weight->shape[0];
    if (groups == 0)
        return momui_apply_layer_norm(g, n, x, 1e-6f);
    return momui_op_group_norm(g, x, groups < width ? groups : width, 1e-6f, n->weight, n->bias,
                               NULL);
}

static momui_tensor *apply_residual(momui_graph *g, const momui_autoencoder *a, const residual *r,
                                    momui_tensor *x) {
    momui_tensor *y = momui_op_silu(g, apply_norm(g, a, &r->norm1, x));
    y = momui_op_silu(g, apply_norm(g, a, &r->norm2, momui_apply_conv(g, &r->conv1, y)));
    y = momui_apply_conv(g, &r->conv2, y);
    return momui_op_add(g, y, r->widens ? momui_apply_conv(g, &r->shortcut, x) : x);
}

static momui_tensor *apply_attention(momui_graph *g, const momui_autoencoder *a, const attention *t,
                                     momui_tensor *x) {
    momui_tensor *y = apply_norm(g, a, &t->norm, x);
    float scale = (float)(1.0 / sqrt((double)t->norm.weight->shape[0]));
    y = momui_op_attention(g, momui_apply_linear(g, &t->query, y),
                           momui_apply_linear(g, &t->key, y), momui_apply_linear(g, &t->value, y),
                           1, scale, NULL);
    return momui_op_add(g, x, momui_apply_linear(g, &t->out, y));
}

static momui_tensor *apply_middle(momui_graph *g, const momui_autoencoder *a, const half *h,
                                  momui_tensor *x) {
    x = apply_residual(g, a, &h->middle1, x);
    if (a->config.attention)
        x = apply_attention(g, a, &h->attention, x);
    return apply_residual(g, a, &h->middle2, x);
}

static momui_tensor *apply_end(momui_graph *g, const momui_autoencoder *a, const half *h,
                               momui_tensor *x, momui_tensor **hidden) {
    *hidden = momui_op_silu(g, apply_norm(g, a, &h->norm_out, x));
    return momui_apply_conv(g, &h->conv_out, *hidden);
}

/* Whether x is (B, T, channels) and T a multiple of `multiple`. */
static bool fits(momui_graph *g, const momui_tensor *x, int64_t multiple, int64_t channels) {
    if (!x || g->status != MOMU_OK)
        return false;
    if (x->rank == 3 && x->shape[1] % multiple == 0 && x->shape[2] == channels)
        return true;
    g->status = momui_fail(g->error, MOMU_ERROR_INTERNAL,
                           "autoencoder: expected %lld channels, and frames in steps of %lld",
                           (long long)channels, (long long)multiple);
    return false;
}

void momui_autoencoder_encode(momui_graph *g, const momui_autoencoder *network, momui_tensor *x,
                              momui_tensor **mean, momui_tensor **logvar) {
    const momui_autoencoder_config *c = &network->config;
    const half *h = &network->encoder;
    int64_t down = 1;
    for (int i = 0; i < c->levels; i++)
        down *= c->down[i] ? 2 : 1;
    *mean = *logvar = NULL;
    if (!fits(g, x, down, c->in_channels))
        return;
    momui_arena_mark start = momui_arena_position(g->arena);
    x = momui_apply_conv(g, &h->conv_in, x);
    for (int i = 0; i < c->levels; i++) {
        for (int j = 0; j < c->blocks; j++)
            x = momui_graph_release(g, start, apply_residual(g, network, &h->blocks[i][j], x));
        if (c->down[i]) /* one zero frame on the right */
            x = momui_op_conv1d(g, x, h->resample[i].weight, h->resample[i].bias, 2, 0, 1);
    }
    x = momui_graph_release(g, start, apply_middle(g, network, h, x));
    momui_tensor *hidden;
    x = momui_apply_conv(g, &network->quant, apply_end(g, network, h, x, &hidden));
    *mean = momui_op_slice(g, x, 2, 0, c->latent);
    *logvar = momui_op_clamp(g, momui_op_slice(g, x, 2, c->latent, c->latent), -30, 20);
}

momui_tensor *momui_autoencoder_decode(momui_graph *g, const momui_autoencoder *network,
                                       momui_tensor *z) {
    momui_tensor *hidden;
    return momui_autoencoder_decode_by(g, network, z, &hidden);
}

const momui_tensor *momui_autoencoder_last_weight(const momui_autoencoder *network) {
    return network->decoder.conv_out.weight;
}

momui_tensor *momui_autoencoder_decode_by(momui_graph *g, const momui_autoencoder *network,
                                          momui_tensor *z, momui_tensor **hidden) {
    const momui_autoencoder_config *c = &network->config;
    const half *h = &network->decoder;
    *hidden = NULL;
    if (!fits(g, z, 1, c->latent))
        return NULL;
    momui_arena_mark start = momui_arena_position(g->arena);
    momui_tensor *x = momui_apply_conv(g, &network->post_quant, z);
    x = apply_middle(g, network, h, momui_apply_conv(g, &h->conv_in, x));
    if (c->down[c->levels - 1])
        x = momui_apply_conv(g, &h->up_in, momui_op_upsample2(g, x));
    x = momui_graph_release(g, start, x);
    for (int i = c->levels - 1; i >= 0; i--) {
        for (int j = 0; j <= c->blocks; j++)
            x = momui_graph_release(g, start, apply_residual(g, network, &h->blocks[i][j], x));
        if (i > 0 && c->down[i - 1])
            x = momui_apply_conv(g, &h->resample[i], momui_op_upsample2(g, x));
    }
    return apply_end(g, network, h, x, hidden);
}
