#include "io/motion_limits.h"
#include "base/numbers.h"

#include <math.h>

momu_status momui_check_motion_size(const char *name, int64_t joints, int64_t frames,
                                    momu_error *error) {
    if (joints < 1 || joints > MOMUI_MAX_JOINTS)
        return momui_fail(error, MOMU_ERROR_LIMIT, "%s: %lld joints, expected 1 to %d", name,
                          (long long)joints, MOMUI_MAX_JOINTS);
    if (frames < 1 || frames > MOMUI_MAX_MOTION_FRAMES)
        return momui_fail(error, MOMU_ERROR_LIMIT, "%s: %lld frames, expected 1 to %d", name,
                          (long long)frames, MOMUI_MAX_MOTION_FRAMES);
    if (joints * frames > MOMUI_MOTION_MAX_CELLS)
        return momui_fail(error, MOMU_ERROR_LIMIT,
                          "%s: %lld joints x %lld frames are more than %lld", name,
                          (long long)joints, (long long)frames, (long long)MOMUI_MOTION_MAX_CELLS);
    return MOMU_OK;
}

momu_status momui_check_fps(const char *name, double fps, momu_error *error) {
    if (fps >= MOMUI_MIN_FPS && fps <= MOMUI_MAX_FPS)
        return MOMU_OK;
    char text[64];
    if (isfinite(fps))
        momui_format_fixed(text, fps, 3);
    return momui_fail(error, MOMU_ERROR_FORMAT, "%s: %s frames a second, expected 1 to 1000", name,
                      isfinite(fps) ? text : "not a finite number of");
}

double momui_snap_fps(double fps) {
    double whole = floor(fps + 0.5);
    return whole >= 1 && fabs(fps - whole) <= 5e-5 * whole ? whole : fps;
}
