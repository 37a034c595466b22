#define _GNU_SOURCE /* dladdr */
#include "api/default_model.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MODEL_NAME "default.safetensors"

/* "<folder of the library>/momu/NAME", or NULL. */
static char *beside_library(momui_memory *memory, const char *name) {
    static const char here = 0, middle[] = "momu/";
    Dl_info place;
    if (!dladdr(&here, &place) || !place.dli_fname)
        return NULL;
    const char *slash = strrchr(place.dli_fname, '/');
    size_t folder = slash ? (size_t)(slash - place.dli_fname) + 1 : 0, length = strlen(name) + 1;
    char *path = momui_alloc(memory, folder + sizeof middle - 1 + length, 1);
    if (!path)
        return NULL;
    memcpy(path, place.dli_fname, folder);
    memcpy(path + folder, middle, sizeof middle - 1);
    memcpy(path + folder + sizeof middle - 1, name, length);
    return path;
}

static char *installed(momui_memory *memory, const char *name) {
    static const char folder[] = MOMU_BUILD_DATA_DIR "/momu/";
    size_t length = strlen(name) + 1;
    char *path = momui_alloc(memory, sizeof folder - 1 + length, 1);
    if (!path)
        return NULL;
    memcpy(path, folder, sizeof folder - 1);
    memcpy(path + sizeof folder - 1, name, length);
    return path;
}

momu_status momui_find_data(momui_memory *memory, const char *name, char **path,
                            momu_error *error) {
    char *beside = beside_library(memory, name), *there = installed(memory, name);
    momu_status status = beside && there ? MOMU_OK : momui_fail_memory(error, "a path");
    *path = NULL;
    if (status == MOMU_OK && access(beside, R_OK) == 0)
        *path = beside;
    else if (status == MOMU_OK && access(there, R_OK) == 0)
        *path = there;
    else if (status == MOMU_OK)
        status =
            momui_fail(error, MOMU_ERROR_NOT_FOUND, "there is neither %s nor %s", beside, there);
    if (*path != beside)
        momui_free(beside);
    if (*path != there)
        momui_free(there);
    return status;
}

momu_status momui_find_default_model(momui_memory *memory, char **path, momu_error *error) {
    const char *named = getenv("MOMU_MODEL");
    if (named && *named) {
        *path = momui_strdup(memory, named);
        return *path ? MOMU_OK : momui_fail_memory(error, "the model's path");
    }
    momu_error why = {0};
    momu_status status = momui_find_data(memory, MODEL_NAME, path, &why);
    return status == MOMU_OK
               ? MOMU_OK
               : momui_fail(error, status, "no default model: MOMU_MODEL is not set, and %s",
                            why.message);
}
