/* The diffusion transformer (docs/networks.md, "Transformer"): one interface, three architectures.
 */
#ifndef MOMUI_MODELS_TRANSFORMER_H
#define MOMUI_MODELS_TRANSFORMER_H

#include "models/transformer_condition.h"

typedef struct momui_transformer momui_transformer;
momui_transformer *momui_transformer_declare(momui_parameters *set, const char *prefix,
                                             const momui_transformer_config *config,
                                             int32_t latent);
void momui_transformer_free(momui_transformer *network);

/* Embeds a condition (B, L, latent) of scaled latents. keep[b] 0: item b gets the learned null;
 * noise_level[b] 0..T of the condition (docs/diffusion.md, "Guidance"); mask (B, L) valid frames or
 * NULL. Arrays must outlive the tape. */
void momui_transformer_condition(momui_graph *g, const momui_transformer *network,
                                 momui_tensor *condition, const uint8_t *keep,
                                 const int32_t *noise_level, const uint8_t *mask,
                                 momui_condition *out);
/* x (B, L, latent), timestep[b] 0..T-1, inpainting (B, L) 1 = this frame of x is the clean target,
 * or NULL, controls (B, L, 25) or NULL (all nulls) -> prediction (B, L, latent) */
momui_tensor *momui_transformer_forward(momui_graph *g, const momui_transformer *network,
                                        momui_tensor *x, const int32_t *timestep,
                                        const uint8_t *inpainting, momui_tensor *controls,
                                        const momui_condition *condition, const uint8_t *mask);

#endif
