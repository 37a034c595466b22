/* Architecture base of the transformer, and its block, which the beat tracker uses too. */
#ifndef MOMUI_MODELS_TRANSFORMER_BASE_H
#define MOMUI_MODELS_TRANSFORMER_BASE_H

#include "models/transformer_parts.h"

/* One block of the base architecture under `prefix`: hidden width, feed-forward width `wide`; the
 * number of blocks, `depth`, scales the initial weights. */
void momui_base_block_declare(momui_parameters *set, const char *prefix, int64_t hidden,
                              int64_t wide, int32_t depth, bool fusion, momui_base_block *block);
/* The block on tokens s (B, T, h) that attend to one another, at places[T]. */
momui_tensor *momui_base_block_alone(momui_graph *g, const momui_base_block *block, int heads,
                                     momui_tensor *s, const int32_t *places);
bool momui_base_declare(momui_parameters *set, const char *prefix, momui_transformer *t);
void momui_base_condition(momui_graph *g, const momui_transformer *t, momui_tensor *condition,
                          const uint8_t *keep, const int32_t *noise_level, momui_condition *out);
momui_tensor *momui_base_forward(momui_graph *g, const momui_transformer *t, momui_tensor *x,
                                 const int32_t *timestep, const uint8_t *inpainting,
                                 momui_tensor *controls, const momui_condition *condition,
                                 const uint8_t *mask);

#endif
