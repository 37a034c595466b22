#include "models/transformer.h"

#include <math.h>

momui_transformer *momui_transformer_declare(momui_parameters *set, const char *prefix,
                                             const momui_transformer_config *config,
                                             int32_t latent) {
    momui_transformer *t = momui_calloc(set->memory, 1, sizeof *t);
    if (t) {
        t->config = *config;
        t->latent = latent;
    }
    bool (*declare)(momui_parameters *, const char *, momui_transformer *) =
        config->paper  ? momui_paper_declare
        : config->unet ? momui_unet_declare
                       : momui_base_declare;
    if (!t || !declare(set, prefix, t)) {
        set->status = momui_fail_memory(set->error, "a transformer");
        momui_transformer_free(t);
        return NULL;
    }
    return t;
}

void momui_transformer_free(momui_transformer *network) {
    if (!network)
        return;
    momui_free(network->base);
    momui_free(network->paper);
    momui_free(network->unet);
    momui_free(network);
}

momui_tensor *momui_embed_time(momui_graph *g, const momui_affine *in, const momui_affine *out,
                               const int32_t *t, int64_t count) {
    enum { HALF = MOMUI_TIME_FEATURES / 2 };
    momui_tensor *feature = momui_tensor_new(g, 3, (int64_t[]){count, 1, MOMUI_TIME_FEATURES});
    for (int64_t b = 0; feature && b < count; b++)
        for (int i = 0; i < HALF; i++) {
            double angle = t[b] * exp(-log(10000.0) * i / HALF);
            feature->data[b * MOMUI_TIME_FEATURES + i] = (float)cos(angle);
            feature->data[b * MOMUI_TIME_FEATURES + HALF + i] = (float)sin(angle);
        }
    return momui_apply_linear(g, out, momui_op_silu(g, momui_apply_linear(g, in, feature)));
}

/* (B, L, latent), and so the other one of the pair. */
static bool fits(momui_graph *g, const momui_transformer *t, const momui_tensor *x,
                 const momui_tensor *other) {
    if (x->rank == 3 && x->shape[2] == t->latent &&
        (!other || (other->shape[0] == x->shape[0] && other->shape[1] == x->shape[1])))
        return true;
    g->status = momui_fail(g->error, MOMU_ERROR_INTERNAL,
                           "transformer: (%lld, %lld, %lld) does not fit %d channels, or its "
                           "condition",
                           (long long)x->shape[0], x->rank > 1 ? (long long)x->shape[1] : 0,
                           x->rank > 2 ? (long long)x->shape[2] : 0, (int)t->latent);
    return false;
}

void momui_transformer_condition(momui_graph *g, const momui_transformer *network,
                                 momui_tensor *condition, const uint8_t *keep, const int32_t *level,
                                 const uint8_t *mask, momui_condition *out) {
    *out = (momui_condition){.mask = mask};
    if (!condition || g->status != MOMU_OK || !fits(g, network, condition, NULL))
        return;
    if (network->config.paper)
        momui_paper_condition(g, network, condition, keep, out);
    else if (network->config.unet)
        momui_unet_condition(g, network, condition, keep, level, out);
    else
        momui_base_condition(g, network, condition, keep, level, out);
}

momui_tensor *momui_transformer_forward(momui_graph *g, const momui_transformer *network,
                                        momui_tensor *x, const int32_t *timestep,
                                        const uint8_t *given, momui_tensor *controls,
                                        const momui_condition *condition, const uint8_t *mask) {
    bool tokens_alone = network->config.paper || network->config.unet;
    const momui_tensor *tokens = tokens_alone ? condition->tokens : condition->keys[0];
    if (!x || !tokens || g->status != MOMU_OK || !fits(g, network, x, tokens))
        return NULL;
    if (network->config.paper)
        return momui_paper_forward(g, network, x, timestep, condition, mask);
    if (network->config.unet)
        return momui_unet_forward(g, network, x, timestep, given, controls, condition, mask);
    return momui_base_forward(g, network, x, timestep, given, controls, condition, mask);
}
