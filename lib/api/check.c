/* Checks that several public calls share. */
#include "api/api.h"

#include <math.h>

momu_status momui_check_range(const char *name, double value, double low, double high,
                              momu_error *error) {
    if (isfinite(value) && value >= low && value <= high)
        return MOMU_OK;
    return momui_fail(error, MOMU_ERROR_ARGUMENT, "%s is %g, expected a number from %g to %g", name,
                      value, low, high);
}

momu_status momui_check_finite(const char *name, const float *values, size_t count, size_t row,
                               const char *unit, momu_error *error) {
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return momui_fail(error, MOMU_ERROR_NUMERIC,
                              "%s: value %zu of %s %zu is %s, expected a finite number", name,
                              i % row, unit, i / row, isnan(values[i]) ? "NaN" : "infinite");
    return MOMU_OK;
}
