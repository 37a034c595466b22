/* All of lib/models: the networks of docs/networks.md, built from a config alone, and their file.
 */
#ifndef MOMUI_MODELS_MODELS_H
#define MOMUI_MODELS_MODELS_H

#include "models/bundle.h"
#include "models/config_file.h"
#include "models/genres.h"
#include "models/presets.h"
#include "models/vocoders/vocoders.h"

#endif
