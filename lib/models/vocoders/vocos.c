/* Vocos (Siuzdak 2023; docs/networks.md, "Vocoder"): magnitudes and phases of each frame.
 *
 *   mel (B, T, bands) -> conv 7 (B, T, dim) -> norm -> blocks -> norm -> head (B, T, n_fft + 2)
 *   block: x + scale * out(GELU(in(norm(depthwise 7 (x)))))
 */
#include "models/vocoders/vocos.h"

#include "models/config_json.h"
#include "models/layers.h"

#include <math.h>

typedef struct vocoder_block {
    momui_affine depthwise, norm, in, out;
    momui_tensor *scale;
} vocoder_block;

struct momui_vocoder {
    momui_vocoder_config config;
    momui_affine conv_in, norm_in, norm_out, head;
    vocoder_block *blocks;
};

static void declare_block(momui_parameters *set, const char *prefix, const momui_vocoder_config *c,
                          vocoder_block *b) {
    char name[MOMUI_NAME_LENGTH];
    int64_t dim = c->dim;
    momui_layer_name(name, prefix, "depthwise");
    float bound = 1.0f / sqrtf(7.0f);
    b->depthwise.weight = momui_parameter_declare(set, name, "weight", MOMUI_INIT_UNIFORM, bound, 2,
                                                  (int64_t[]){dim, 7});
    b->depthwise.bias =
        momui_parameter_declare(set, name, "bias", MOMUI_INIT_UNIFORM, bound, 1, &dim);
    b->norm = momui_declare_norm(set, momui_layer_name(name, prefix, "norm"), dim);
    b->in = momui_declare_linear(set, momui_layer_name(name, prefix, "in"), dim, c->ffn);
    b->out = momui_declare_linear(set, momui_layer_name(name, prefix, "out"), c->ffn, dim);
    b->scale = momui_parameter_declare(set, prefix, "scale", MOMUI_INIT_ONE, 0, 1, &dim);
    for (int64_t i = 0; b->scale && !set->source && i < dim; i++)
        b->scale->data[i] = 1.0f / (float)c->layers;
}

momui_vocoder *momui_vocoder_declare(momui_parameters *set, const char *prefix,
                                     const momui_vocoder_config *config, int32_t mel_bands,
                                     int32_t n_fft) {
    momui_vocoder *v = momui_calloc(set->memory, 1, sizeof *v);
    if (v)
        v->blocks = momui_calloc(set->memory, (size_t)config->layers, sizeof *v->blocks);
    if (!v || !v->blocks) {
        set->status = momui_fail_memory(set->error, "the vocoder");
        momui_vocoder_free(v);
        return NULL;
    }
    char name[MOMUI_NAME_LENGTH];
    int64_t dim = config->dim;
    v->config = *config;
    v->conv_in =
        momui_declare_conv(set, momui_layer_name(name, prefix, "conv_in"), mel_bands, dim, 7);
    v->norm_in = momui_declare_norm(set, momui_layer_name(name, prefix, "norm_in"), dim);
    for (int i = 0; i < config->layers; i++)
        declare_block(set, momui_layer_name(name, prefix, "blocks.%d", i), config, &v->blocks[i]);
    v->norm_out = momui_declare_norm(set, momui_layer_name(name, prefix, "norm_out"), dim);
    v->head = momui_declare_linear(set, momui_layer_name(name, prefix, "head"), dim, n_fft + 2);
    return v;
}

void momui_vocoder_free(momui_vocoder *network) {
    if (!network)
        return;
    momui_free(network->blocks);
    momui_free(network);
}

momui_tensor *momui_vocoder_forward(momui_graph *g, const momui_vocoder *network,
                                    momui_tensor *mel) {
    momui_arena_mark start = momui_arena_position(g->arena);
    momui_tensor *x = momui_apply_conv(g, &network->conv_in, mel);
    x = momui_apply_layer_norm(g, &network->norm_in, x, 1e-6f);
    for (int i = 0; i < network->config.layers; i++) {
        const vocoder_block *b = &network->blocks[i];
        momui_tensor *y = momui_op_depthwise_conv1d(g, x, b->depthwise.weight, b->depthwise.bias);
        y = momui_apply_linear(g, &b->in, momui_apply_layer_norm(g, &b->norm, y, 1e-6f));
        y = momui_apply_linear(g, &b->out, momui_op_gelu(g, y));
        x = momui_graph_release(g, start,
                                momui_op_add(g, x, momui_op_multiply_row(g, y, b->scale)));
    }
    x = momui_apply_layer_norm(g, &network->norm_out, x, 1e-6f);
    return momui_apply_linear(g, &network->head, x);
}

/* ---- config ---- */

momu_status momui_vocos_config_read(const momui_json *o, int32_t hop, momui_vocoder_config *v,
                                    momu_error *error) {
    (void)hop;
    MOMUI_TRY(MOMUI_CONFIG_KEYS(o, error, "type", "dim", "ffn", "layers"));
    MOMUI_TRY(momui_json_i32(o, "dim", 1, 4096, &v->dim, error));
    MOMUI_TRY(momui_json_i32(o, "ffn", 1, 16384, &v->ffn, error));
    return momui_json_i32(o, "layers", 1, 64, &v->layers, error);
}

void momui_vocos_config_write(momui_writer *out, const momui_vocoder_config *v) {
    momui_config_number(out, ",\"dim\":", v->dim);
    momui_config_number(out, ",\"ffn\":", v->ffn);
    momui_config_number(out, ",\"layers\":", v->layers);
}
