/* The autoencoder of music and of motion: one network (docs/networks.md, "Autoencoder"). */
#ifndef MOMUI_MODELS_AUTOENCODER_H
#define MOMUI_MODELS_AUTOENCODER_H

#include "models/config.h"
#include "nn/nn.h"

typedef struct momui_autoencoder momui_autoencoder;
/* Lives in set->memory; freed with momui_autoencoder_free (its weights belong to the set). */
momui_autoencoder *momui_autoencoder_declare(momui_parameters *set, const char *prefix,
                                             const momui_autoencoder_config *config);
void momui_autoencoder_free(momui_autoencoder *network);
/* An encoder alone, without a decoder. */
momui_autoencoder *momui_encoder_declare(momui_parameters *set, const char *prefix,
                                         const momui_autoencoder_config *config);
/* x (B, T, in) standardised, T a multiple of down -> mean, logvar (B, T/down, latent) */
void momui_autoencoder_encode(momui_graph *g, const momui_autoencoder *network, momui_tensor *x,
                              momui_tensor **mean, momui_tensor **logvar);
/* z (B, L, latent) -> (B, L*down, in) standardised */
momui_tensor *momui_autoencoder_decode(momui_graph *g, const momui_autoencoder *network,
                                       momui_tensor *z);
/* The same; *hidden (B, L*down, channels) is the last convolution's input.
 * momui_autoencoder_last_weight is that convolution's weight. */
momui_tensor *momui_autoencoder_decode_by(momui_graph *g, const momui_autoencoder *network,
                                          momui_tensor *z, momui_tensor **hidden);
const momui_tensor *momui_autoencoder_last_weight(const momui_autoencoder *network);

#endif
