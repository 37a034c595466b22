#include "models/transformer.h"

#include "models/transformer_base.h"
#include "models/transformer_paper.h"
#include "models/transformer_unet.h"

momui_transformer *momui_transformer_declare(momui_parameters *set, const char *prefix,
                                             const momui_transformer_config *config,
                                             int32_t latent) {
    momui_transformer *t = momui_calloc(set->memory, 1, sizeof *t);
    if (t) {
        t->config = *config;
        t->latent = latent;
    }
    bool (*declare)(momui_parameters *, const char *, momui_transformer *) =
        config->architecture == MOMUI_ARCHITECTURE_PAPER  ? momui_paper_declare
        : config->architecture == MOMUI_ARCHITECTURE_UNET ? momui_unet_declare
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
                                 momui_tensor *condition, const uint8_t *keep,
                                 const int32_t *noise_level, const uint8_t *mask,
                                 momui_condition *out) {
    *out = (momui_condition){.mask = mask};
    if (!condition || g->status != MOMU_OK || !fits(g, network, condition, NULL))
        return;
    if (network->config.architecture == MOMUI_ARCHITECTURE_PAPER)
        momui_paper_condition(g, network, condition, keep, out);
    else if (network->config.architecture == MOMUI_ARCHITECTURE_UNET)
        momui_unet_condition(g, network, condition, keep, noise_level, out);
    else
        momui_base_condition(g, network, condition, keep, noise_level, out);
}

momui_tensor *momui_transformer_forward(momui_graph *g, const momui_transformer *network,
                                        momui_tensor *x, const int32_t *timestep,
                                        const uint8_t *inpainting, momui_tensor *controls,
                                        const momui_condition *condition, const uint8_t *mask) {
    bool tokens_alone = network->config.architecture != MOMUI_ARCHITECTURE_BASE;
    const momui_tensor *tokens = tokens_alone ? condition->tokens : condition->keys[0];
    if (!x || !tokens || g->status != MOMU_OK || !fits(g, network, x, tokens))
        return NULL;
    if (network->config.architecture == MOMUI_ARCHITECTURE_PAPER)
        return momui_paper_forward(g, network, x, timestep, condition, mask);
    if (network->config.architecture == MOMUI_ARCHITECTURE_UNET)
        return momui_unet_forward(g, network, x, timestep, inpainting, controls, condition, mask);
    return momui_base_forward(g, network, x, timestep, inpainting, controls, condition, mask);
}
