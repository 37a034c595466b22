/* Vocoders that make samples by transposed convolutions: HiFi-GAN and BigVGAN (docs/networks.md,
 * "Vocoder"). `python -m momu.convert` imports published weights; this library does not train
 * them. */
#ifndef MOMUI_MODELS_WAVE_VOCODER_H
#define MOMUI_MODELS_WAVE_VOCODER_H

#include "models/config.h"
#include "nn/nn.h"

typedef struct momui_wave_vocoder momui_wave_vocoder;
momui_wave_vocoder *momui_wave_vocoder_declare(momui_parameters *set, const char *prefix,
                                               const momui_wave_vocoder_config *config,
                                               int32_t mel_bands);
void momui_wave_vocoder_free(momui_wave_vocoder *network);
/* mel (B, T, bands), natural logarithms or log10 as config->natural says -> (B, T * hop, 1) within
 * -1..1 */
momui_tensor *momui_wave_vocoder_forward(momui_graph *g, const momui_wave_vocoder *network,
                                         momui_tensor *mel);
/* How many mel frames to each side a sample depends on, at the most. */
int64_t momui_wave_vocoder_receptive_field(const momui_wave_vocoder_config *config);

#endif
