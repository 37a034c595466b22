/* The encoder of docs/networks.md, "Learned condition encoder": it brings a condition that is no
 * latent (MFCCs, or motion features) to the latents' rate and width, and trains with its
 * transformer.
 *
 *   conv_in 5                              (B, T, in) -> (B, T, C)
 *   each halving of down: residual block   (B, T', C), then conv 3 stride 2, (B, T'/2, C)
 *   residual block, norm, SiLU, conv_out 3 (B, T/down, d)
 *
 * Norms are of each frame alone, so it is local and runs in tiles. */
#include "models/condition_encoder.h"

#include "models/layers.h"

enum { KERNEL = 5, MAX_HALVINGS = 6 }; /* clock.down is at most 64 */

typedef struct residual {
    momui_affine norm1, conv1, norm2, conv2;
} residual;

struct momui_condition_encoder {
    int32_t in_channels, halvings;
    momui_affine conv_in, down[MAX_HALVINGS], norm_out, conv_out;
    residual blocks[MAX_HALVINGS + 1]; /* the last one after all halvings */
};

static int32_t halvings_of(int32_t down) {
    int32_t count = 0;
    while (count < MAX_HALVINGS && (1 << count) < down)
        count++;
    return count;
}

static residual declare_residual(momui_parameters *set, const char *prefix, int64_t width) {
    char name[MOMUI_NAME_LENGTH];
    residual r;
    r.norm1 = momui_declare_norm(set, momui_layer_name(name, prefix, "norm1"), width);
    r.conv1 =
        momui_declare_conv(set, momui_layer_name(name, prefix, "conv1"), width, width, KERNEL);
    r.norm2 = momui_declare_norm(set, momui_layer_name(name, prefix, "norm2"), width);
    r.conv2 =
        momui_declare_conv(set, momui_layer_name(name, prefix, "conv2"), width, width, KERNEL);
    return r;
}

momui_condition_encoder *momui_condition_encoder_declare(momui_parameters *set, const char *prefix,
                                                         int32_t in_channels, int32_t channels,
                                                         int32_t down, int32_t latent) {
    momui_condition_encoder *e = momui_calloc(set->memory, 1, sizeof *e);
    if (!e) {
        set->status = momui_fail_memory(set->error, "a condition's encoder");
        return NULL;
    }
    char name[MOMUI_NAME_LENGTH];
    e->in_channels = in_channels;
    e->halvings = halvings_of(down);
    e->conv_in = momui_declare_conv(set, momui_layer_name(name, prefix, "conv_in"), in_channels,
                                    channels, KERNEL);
    for (int i = 0; i <= e->halvings; i++) {
        e->blocks[i] =
            declare_residual(set, momui_layer_name(name, prefix, "blocks.%d", i), channels);
        if (i < e->halvings)
            e->down[i] = momui_declare_conv(set, momui_layer_name(name, prefix, "down.%d", i),
                                            channels, channels, 3);
    }
    e->norm_out = momui_declare_norm(set, momui_layer_name(name, prefix, "norm_out"), channels);
    e->conv_out =
        momui_declare_conv(set, momui_layer_name(name, prefix, "conv_out"), channels, latent, 3);
    return e;
}

void momui_condition_encoder_free(momui_condition_encoder *network) {
    momui_free(network);
}

int64_t momui_condition_encoder_receptive_field(int32_t down) {
    int64_t half = (KERNEL - 1) / 2, receptive_field = half, scale = 1;
    for (int32_t i = 0; i < halvings_of(down); i++, scale *= 2)
        receptive_field += (2 * half + 2) * scale;
    return receptive_field + (2 * half + 1) * scale;
}

static momui_tensor *apply_residual(momui_graph *g, const residual *r, momui_tensor *x) {
    momui_tensor *y = momui_op_silu(g, momui_apply_layer_norm(g, &r->norm1, x, 1e-6f));
    y = momui_apply_layer_norm(g, &r->norm2, momui_apply_conv(g, &r->conv1, y), 1e-6f);
    return momui_op_add(g, x, momui_apply_conv(g, &r->conv2, momui_op_silu(g, y)));
}

momui_tensor *momui_condition_encoder_forward(momui_graph *g,
                                              const momui_condition_encoder *network,
                                              momui_tensor *x) {
    if (!x || g->status != MOMU_OK)
        return NULL;
    int64_t down = (int64_t)1 << network->halvings;
    if (x->rank != 3 || x->shape[1] % down != 0 || x->shape[2] != network->in_channels) {
        g->status = momui_fail(g->error, MOMU_ERROR_INTERNAL,
                               "a condition's encoder: expected %d channels, and frames in steps "
                               "of %lld",
                               (int)network->in_channels, (long long)down);
        return NULL;
    }
    momui_arena_mark start = momui_arena_position(g->arena);
    x = momui_apply_conv(g, &network->conv_in, x);
    for (int i = 0; i <= network->halvings; i++) {
        x = momui_graph_release(g, start, apply_residual(g, &network->blocks[i], x));
        if (i < network->halvings) /* one zero frame on the right */
            x = momui_op_conv1d(g, x, network->down[i].weight, network->down[i].bias, 2, 0, 1);
    }
    x = momui_op_silu(g, momui_apply_layer_norm(g, &network->norm_out, x, 1e-6f));
    return momui_apply_conv(g, &network->conv_out, x);
}
