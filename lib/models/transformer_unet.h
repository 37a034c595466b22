/* Architecture unet in the transformer's place. */
#ifndef MOMUI_MODELS_TRANSFORMER_UNET_H
#define MOMUI_MODELS_TRANSFORMER_UNET_H

#include "models/transformer_parts.h"

bool momui_unet_declare(momui_parameters *set, const char *prefix, momui_transformer *t);
void momui_unet_condition(momui_graph *g, const momui_transformer *t, momui_tensor *condition,
                          const uint8_t *keep, const int32_t *noise_level, momui_condition *out);
momui_tensor *momui_unet_forward(momui_graph *g, const momui_transformer *t, momui_tensor *x,
                                 const int32_t *timestep, const uint8_t *inpainting,
                                 momui_tensor *controls, const momui_condition *condition,
                                 const uint8_t *mask);

#endif
