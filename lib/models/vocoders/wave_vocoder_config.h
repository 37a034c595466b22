/* The config of HiFi-GAN and BigVGAN in a model file. */
#ifndef MOMUI_MODELS_WAVE_VOCODER_CONFIG_H
#define MOMUI_MODELS_WAVE_VOCODER_CONFIG_H

#include "io/json/json.h"
#include "models/config.h"

/* `o` is the section "vocoder"; hop: samples of a mel frame. */
momu_status momui_wave_vocoder_config_read(const momui_json *o, int32_t hop,
                                           momui_vocoder_config *v, momu_error *error);
void momui_wave_vocoder_config_write(momui_writer *out, const momui_vocoder_config *v);

#endif
