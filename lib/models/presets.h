/* The presets of docs/model-format.md: a preset is a config, not code. */
#ifndef MOMUI_MODELS_PRESETS_H
#define MOMUI_MODELS_PRESETS_H

#include "models/config.h"

/* name: "paper", "base", "small", "tiny"; the last three also with "-unet", "-directions2d",
 * "-wave", "-mfcc" or "-floor" appended. MOMU_ERROR_ARGUMENT lists them. */
momu_status momui_config_preset(const char *name, momui_config *config, momu_error *error);

#endif
