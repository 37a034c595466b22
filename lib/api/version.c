/* What the linked library is and can do. */
#include "api/api.h"

#include "diffusion/samplers/samplers.h"
#include "models/genres.h"
#include "nn/kernels/kernels.h"

#include <string.h>

const char *momu_version(void) {
    return MOMU_VERSION_STRING;
}

int32_t momu_version_number(void) {
    return MOMU_VERSION_NUMBER;
}

int32_t momu_api_version(void) {
    return MOMU_API_VERSION;
}

const char *momu_status_name(momu_status status) {
    static const char *const names[] = {"ok",
                                        "invalid argument",
                                        "out of memory",
                                        "input or output failed",
                                        "malformed file",
                                        "unsupported",
                                        "limit exceeded",
                                        "cancelled",
                                        "not a finite number",
                                        "not found",
                                        "internal error"};
    if ((size_t)status >= sizeof names / sizeof *names)
        return "unknown status";
    return names[status];
}

const char *momu_capability(const char *name) {
    static const struct {
        const char *name, *value;
    } known[] = {{"fft", MOMU_BUILD_FFT}, {"threads", "yes"}, {"train", MOMU_BUILD_TRAIN}};
    if (!name)
        return NULL;
    if (strcmp(name, "kernels") == 0)
        return momui_kernels_best()->name;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(name, known[i].name) == 0)
            return known[i].value;
    return NULL;
}

/* tests/api/test_constants.c compares each by its name. */
_Static_assert((int)MOMU_JOINT_COUNT == (int)MOMUI_BODY_JOINTS, "each joint has its constant");
_Static_assert((int)MOMU_GENRE_OTHER == (int)MOMUI_GENRES, "each genre has its constant");

const char *momu_genre_name(momu_genre genre) {
    return momui_genre_name(genre);
}

const char *momu_sampler_name(int32_t sampler) {
    const momui_sampler *row = momui_sampler_by_value(sampler);
    return row ? row->name : NULL;
}
