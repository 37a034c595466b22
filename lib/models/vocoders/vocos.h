/* Vocos (Siuzdak 2023): a spectrum's magnitudes and phases from a mel. */
#ifndef MOMUI_MODELS_VOCOS_H
#define MOMUI_MODELS_VOCOS_H

#include "io/json/json.h"
#include "models/config.h"
#include "nn/nn.h"

typedef struct momui_vocoder momui_vocoder;
momui_vocoder *momui_vocoder_declare(momui_parameters *set, const char *prefix,
                                     const momui_vocoder_config *config, int32_t mel_bands,
                                     int32_t n_fft);
/* The section "vocoder" of a model's config. */
momu_status momui_vocos_config_read(const momui_json *o, int32_t hop, momui_vocoder_config *v,
                                    momu_error *error);
void momui_vocos_config_write(momui_writer *out, const momui_vocoder_config *v);
void momui_vocoder_free(momui_vocoder *network);
/* mel (B, T, bands) standardised -> (B, T, n_fft + 2): log magnitudes, then phases, before exp and
 * cos/sin */
momui_tensor *momui_vocoder_forward(momui_graph *g, const momui_vocoder *network,
                                    momui_tensor *mel);

#endif
