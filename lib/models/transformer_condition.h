/* What a transformer computes from its condition, once for all steps where that allows it. */
#ifndef MOMUI_MODELS_TRANSFORMER_CONDITION_H
#define MOMUI_MODELS_TRANSFORMER_CONDITION_H

#include "models/config.h"
#include "nn/nn.h"

/* Architecture base: the key-value cache of each block, (B, L, h) each, and with `fusion` what the
 * block adds to the target tokens of the same instants, (B, 1 + L, h); all of it holds for every
 * step of a generation. Architectures paper and unet: the embedded tokens, (B, L, h). */
typedef struct momui_condition {
    momui_tensor *keys[MOMUI_MAX_BLOCKS], *values[MOMUI_MAX_BLOCKS], *fused[MOMUI_MAX_BLOCKS];
    momui_tensor *tokens;
    const uint8_t *mask; /* (B, L) or NULL */
} momui_condition;

#endif
