#define _GNU_SOURCE /* dladdr */
#include "api/default_model.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "momu/default.safetensors"

/* "<folder of the library>/momu/default.safetensors", or NULL. */
static char *beside_library(momui_memory *memory) {
    static const char here = 0;
    Dl_info place;
    if (!dladdr(&here, &place) || !place.dli_fname)
        return NULL;
    const char *slash = strrchr(place.dli_fname, '/');
    size_t folder = slash ? (size_t)(slash - place.dli_fname) + 1 : 0;
    char *path = momui_alloc(memory, folder + sizeof FILE_NAME, 1);
    if (!path)
        return NULL;
    memcpy(path, place.dli_fname, folder);
    memcpy(path + folder, FILE_NAME, sizeof FILE_NAME);
    return path;
}

momu_status momui_find_default_model(momui_memory *memory, char **path, momu_error *error) {
    const char *named = getenv("MOMU_MODEL");
    if (named && *named) {
        *path = momui_strdup(memory, named);
        return *path ? MOMU_OK : momui_fail_memory(error, "the model's path");
    }
    char *beside = beside_library(memory);
    if (beside && access(beside, R_OK) == 0) {
        *path = beside;
        return MOMU_OK;
    }
    static const char installed[] = MOMU_BUILD_DATA_DIR "/" FILE_NAME;
    momu_status status = MOMU_OK;
    if (access(installed, R_OK) == 0) {
        *path = momui_strdup(memory, installed);
        status = *path ? MOMU_OK : momui_fail_memory(error, "the model's path");
    } else {
        status =
            momui_fail(error, MOMU_ERROR_NOT_FOUND,
                       "no default model: MOMU_MODEL is not set, and there is neither %s nor %s",
                       beside ? beside : FILE_NAME " beside the library", installed);
    }
    momui_free(beside);
    return status;
}
