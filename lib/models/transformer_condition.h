/* What a transformer computes from its condition, once for all steps where that allows it. */
#ifndef MOMUI_MODELS_TRANSFORMER_CONDITION_H
#define MOMUI_MODELS_TRANSFORMER_CONDITION_H

#include "models/config.h"
#include "nn/nn.h"

/* What the condition tokens leave behind. base: keys and values of each block, and with `fusion`
 * what it adds to the target tokens of the same instants, good for all steps of a generation.
 * paper, unet: the embedded tokens. */
typedef struct momui_condition {
    momui_tensor *keys[MOMUI_MAX_BLOCKS], *values[MOMUI_MAX_BLOCKS], *fused[MOMUI_MAX_BLOCKS];
    momui_tensor *tokens;
    const uint8_t *mask; /* (B, L) or NULL */
} momui_condition;

#endif
