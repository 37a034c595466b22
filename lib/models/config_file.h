/* A config as the JSON of a model file (docs/model-format.md, "Config"). */
#ifndef MOMUI_MODELS_CONFIG_FILE_H
#define MOMUI_MODELS_CONFIG_FILE_H

#include "base/stream.h"
#include "models/config.h"

/* Everything is checked: unknown and missing keys, types and limits, each by name. */
momu_status momui_config_parse(const char *json, size_t length, momui_config *config,
                               momu_error *error);
void momui_config_write(const momui_config *config, momui_writer *out); /* JSON, one line */

#endif
