#include "base/check.h"

#include <math.h>
#include <string.h>

void momui_init_struct(void *theirs, size_t size) {
    if (!theirs || size < sizeof size)
        return;
    memset(theirs, 0, size);
    memcpy(theirs, &size, sizeof size);
}

void momui_give_struct(void *theirs, size_t their_size, const void *ours, size_t our_size) {
    memset(theirs, 0, their_size); /* a newer caller's fields */
    memcpy(theirs, ours, their_size < our_size ? their_size : our_size);
    memcpy(theirs, &their_size, sizeof their_size);
}

bool momui_copy_struct(void *ours, size_t our_size, const void *theirs, size_t their_size) {
    memset(ours, 0, our_size);
    if (their_size < sizeof(size_t))
        return false;
    memcpy(ours, theirs, their_size < our_size ? their_size : our_size);
    return true;
}

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
