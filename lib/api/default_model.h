/* Where the default model is. */
#ifndef MOMUI_API_DEFAULT_MODEL_H
#define MOMUI_API_DEFAULT_MODEL_H

#include "base/memory.h"

/* The first that exists of: the file that MOMU_MODEL names, momu/default.safetensors beside the
 * library, and the one in the data directory of the build. The sentence of a failure names all
 * three. Free *path with momui_free. */
momu_status momui_find_default_model(momui_memory *memory, char **path, momu_error *error);

/* Any file of the library's data: momu/NAME beside the library, or in the data directory. */
momu_status momui_find_data(momui_memory *memory, const char *name, char **path, momu_error *error);

#endif
