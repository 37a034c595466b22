/* Functions outside the ABI promise. */
#include "api/api.h"

#include <momu/experimental.h>

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
    momu_status status = momui_bundle_save(bundle, path, false, false, error);
    momui_bundle_free(bundle);
    return status;
}
