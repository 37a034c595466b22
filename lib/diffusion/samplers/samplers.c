#include "diffusion/samplers/samplers.h"

#include <string.h>

static const momui_sampler *const SAMPLERS[MOMUI_SAMPLERS] = {
    &momui_sampler_dpm_solver,
    &momui_sampler_ddim,
};

const momui_sampler *momui_sampler_at(size_t index) {
    return index < MOMUI_SAMPLERS ? SAMPLERS[index] : NULL;
}

const momui_sampler *momui_sampler_by_value(int32_t value) {
    for (size_t i = 0; i < MOMUI_SAMPLERS; i++)
        if (SAMPLERS[i]->value == value)
            return SAMPLERS[i];
    return NULL;
}

const momui_sampler *momui_sampler_by_name(const char *name) {
    for (size_t i = 0; i < MOMUI_SAMPLERS; i++)
        if (strcmp(SAMPLERS[i]->name, name) == 0)
            return SAMPLERS[i];
    return NULL;
}
