/* Where the default model is. */
#ifndef MOMUI_API_DEFAULT_MODEL_H
#define MOMUI_API_DEFAULT_MODEL_H

#include "base/memory.h"

/* The file that MOMU_MODEL names, or else default.safetensors as momui_find_data finds it. The
 * sentence of a failure names the places looked at. Free *path with momui_free. */
momu_status momui_find_default_model(momui_memory *memory, char **path, momu_error *error);

/* Any file of the library's data: the first readable one of
 *   momu/NAME beside the library or the program,
 *   ../share/momu/NAME and ../../share/momu/NAME of their folders (bin, lib, or a folder of lib),
 *   models/NAME of the checkout that a build folder with either lies in,
 *   momu/NAME in the data directory that the build was made for.
 * All but the last move with an installed prefix. */
momu_status momui_find_data(momui_memory *memory, const char *name, char **path, momu_error *error);

/* Where momui_find_data starts: files of which the folders count; NULL where unknown. */
typedef struct momui_data_origin {
    const char *library, *program;
    const char *installed; /* the data directory of the build */
} momui_data_origin;

momu_status momui_find_data_from(momui_memory *memory, const momui_data_origin *origin,
                                 const char *name, char **path, momu_error *error);

#endif
