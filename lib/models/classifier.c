/* A classifier of a few seconds of features:
 *
 *   x (B, T, in) -> conv 5 / 2 (B, T/2, 3C/4) -> conv 5 / 2 (B, T/4, C), each with norm and GELU
 *   -> two blocks: x + conv 3 (GELU (conv 3 (norm x)))
 *   -> norm -> mean over time -> linear (B, C): the embedding -> GELU -> linear (B, outputs)
 *
 * The evaluation networks of momu eval (C = 128) and the genre classifier of a model have this
 * architecture (docs/networks.md, "Genre classifier").
 */
#include "models/classifier.h"

#include "models/layers.h"

enum { BLOCKS = 2, HEADS = MOMUI_CLASSIFIER_HEADS };
static const float EPSILON = 1e-5f;

struct momui_classifier {
    momui_affine first, first_norm, second, second_norm;
    struct {
        momui_affine norm, in, out;
    } blocks[BLOCKS];
    momui_affine norm, embed, head;
};

momui_classifier *momui_classifier_declare(momui_parameters *set, const char *prefix,
                                           int64_t in_channels, int64_t channels, int64_t outputs) {
    int64_t narrow = channels / 4 * 3, wide = channels;
    momui_classifier *n = momui_calloc(set->memory, 1, sizeof *n);
    if (!n) {
        set->status = momui_fail_memory(set->error, "a classifier");
        return NULL;
    }
    char name[MOMUI_NAME_LENGTH];
    n->first =
        momui_declare_conv(set, momui_layer_name(name, prefix, "first"), in_channels, narrow, 5);
    n->first_norm = momui_declare_norm(set, momui_layer_name(name, prefix, "first_norm"), narrow);
    n->second = momui_declare_conv(set, momui_layer_name(name, prefix, "second"), narrow, wide, 5);
    n->second_norm = momui_declare_norm(set, momui_layer_name(name, prefix, "second_norm"), wide);
    for (int i = 0; i < BLOCKS; i++) {
        n->blocks[i].norm =
            momui_declare_norm(set, momui_layer_name(name, prefix, "blocks.%d.norm", i), wide);
        n->blocks[i].in = momui_declare_conv(set, momui_layer_name(name, prefix, "blocks.%d.in", i),
                                             wide, wide, 3);
        n->blocks[i].out = momui_declare_conv(
            set, momui_layer_name(name, prefix, "blocks.%d.out", i), wide, wide, 3);
    }
    n->norm = momui_declare_norm(set, momui_layer_name(name, prefix, "norm"), wide);
    n->embed = momui_declare_linear(set, momui_layer_name(name, prefix, "embed"), wide, wide);
    n->head = momui_declare_linear(set, momui_layer_name(name, prefix, "head"), wide, outputs);
    return n;
}

void momui_classifier_free(momui_classifier *network) {
    momui_free(network);
}

/* (B, T, C) -> (B, C). Attention with zero queries and keys weighs every frame alike. */
static momui_tensor *mean_over_time(momui_graph *g, momui_tensor *x) {
    if (!x)
        return NULL;
    int64_t batch = x->shape[0], channels = x->shape[2];
    momui_tensor *query = momui_tensor_from(g, 3, (int64_t[]){batch, 1, channels}, NULL);
    momui_tensor *keys = momui_tensor_from(g, 3, x->shape, NULL);
    momui_tensor *mean = momui_op_attention(g, query, keys, x, HEADS, 1.0f, NULL);
    return momui_op_reshape(g, mean, 2, (int64_t[]){batch, channels});
}

static momui_tensor *halve(momui_graph *g, const momui_affine *conv, const momui_affine *norm,
                           momui_tensor *x) {
    x = momui_op_conv1d(g, x, conv->weight, conv->bias, 2, 2, 2);
    return momui_op_gelu(g, momui_apply_layer_norm(g, norm, x, EPSILON));
}

momui_tensor *momui_classifier_forward(momui_graph *g, const momui_classifier *network,
                                       momui_tensor *x, momui_tensor **embedding) {
    const momui_classifier *n = network;
    if (x && (x->rank != 3 || x->shape[1] < MOMUI_CLASSIFIER_FRAMES)) {
        g->status = momui_fail(g->error, MOMU_ERROR_INTERNAL,
                               "a classifier reads (batch, at least %d frames, channels)",
                               (int)MOMUI_CLASSIFIER_FRAMES);
        return NULL;
    }
    x = halve(g, &n->first, &n->first_norm, x);
    x = halve(g, &n->second, &n->second_norm, x);
    for (int i = 0; i < BLOCKS; i++) {
        momui_tensor *y = momui_apply_layer_norm(g, &n->blocks[i].norm, x, EPSILON);
        y = momui_op_gelu(g, momui_apply_conv(g, &n->blocks[i].in, y));
        x = momui_op_add(g, x, momui_apply_conv(g, &n->blocks[i].out, y));
    }
    x = mean_over_time(g, momui_apply_layer_norm(g, &n->norm, x, EPSILON));
    x = momui_apply_linear(g, &n->embed, x);
    if (embedding)
        *embedding = x;
    return momui_apply_linear(g, &n->head, momui_op_gelu(g, x));
}
