/* Functions outside the ABI promise. */
#include "api/api.h"
#include "api/default_model.h"

#include <momu/experimental.h>
#include <string.h>

momu_status momu_model_create(const char *preset, uint64_t seed, const char *path,
                              momu_error *error) {
    if (!preset || !path)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "momu_model_create: no %s",
                          preset ? "path" : "preset");
    momui_config config;
    MOMUI_TRY(momui_config_preset(preset, &config, error));
    momui_memory memory;
    momui_memory_init(&memory, NULL, 0);
    momui_bundle *bundle = NULL;
    MOMUI_TRY(momui_bundle_create(&memory, &config, seed, &bundle, error));
    momu_status status = momui_bundle_save(bundle, path, MOMUI_WEIGHTS_F32, false, error);
    momui_bundle_free(bundle);
    return status;
}

momu_status momu_data_path(const char *name, char *path, size_t size, momu_error *error) {
    if (!name || !path)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "momu_data_path: no %s",
                          name ? "place for the path" : "name");
    momui_memory memory;
    char *found = NULL;
    momui_memory_init(&memory, NULL, 0);
    MOMUI_TRY(momui_find_data(&memory, name, &found, error));
    size_t length = strlen(found) + 1;
    momu_status status = MOMU_OK;
    if (length <= size)
        memcpy(path, found, length);
    else
        status = momui_fail(error, MOMU_ERROR_LIMIT, "%s: the path needs %zu bytes, there are %zu",
                            found, length, size);
    momui_free(found);
    return status;
}
