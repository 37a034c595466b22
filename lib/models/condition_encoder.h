/* An encoder of a transformer's condition, trained with that transformer (docs/networks.md). */
#ifndef MOMUI_MODELS_CONDITION_ENCODER_H
#define MOMUI_MODELS_CONDITION_ENCODER_H

#include "nn/nn.h"

typedef struct momui_condition_encoder momui_condition_encoder;
/* down: a power of two. Freed with momui_condition_encoder_free (its weights belong to the set). */
momui_condition_encoder *momui_condition_encoder_declare(momui_parameters *set, const char *prefix,
                                                         int32_t in_channels, int32_t channels,
                                                         int32_t down, int32_t latent);
void momui_condition_encoder_free(momui_condition_encoder *network);
/* x (B, T, in) standardised, T a multiple of down -> (B, T/down, latent) */
momui_tensor *momui_condition_encoder_forward(momui_graph *g,
                                              const momui_condition_encoder *network,
                                              momui_tensor *x);
/* The receptive field: frames of x to each side that a frame of the output depends on. */
int64_t momui_condition_encoder_receptive_field(int32_t down);

#endif
