#include "train/metrics/interval.h"

#include "base/random.h"

#include <stdlib.h>
#include <string.h>

enum { RANDOM_STREAM = 501 };

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorted values at a share of their number. */
static double at_share(const double *sorted, size_t count, double share) {
    double place = share * (double)(count - 1);
    size_t low = (size_t)place;
    size_t high = low + 1 < count ? low + 1 : low;
    return sorted[low] + (place - (double)low) * (sorted[high] - sorted[low]);
}

momu_status momui_intervals(momui_memory *memory, size_t tracks, momui_interval_statistic statistic,
                            const void *user, int metrics, uint64_t seed, momui_interval *out,
                            momu_error *error) {
    double one[MOMUI_INTERVAL_STATISTICS];
    memset(out, 0, (size_t)metrics * sizeof *out);
    if (metrics < 1 || metrics > MOMUI_INTERVAL_STATISTICS)
        return momui_fail(error, MOMU_ERROR_INTERNAL, "%d metrics at once", metrics);
    if (tracks == 0 || tracks > UINT32_MAX)
        return MOMU_OK;
    size_t *drawn = momui_alloc(memory, tracks, sizeof *drawn);
    double *values = momui_alloc(memory, (size_t)metrics * MOMUI_RESAMPLES, sizeof *values);
    momui_random random = {seed, RANDOM_STREAM, 0};
    if (drawn && values) {
        for (size_t i = 0; i < tracks; i++)
            drawn[i] = i;
        statistic(user, drawn, tracks, one);
        for (int f = 0; f < metrics; f++)
            out[f].value = one[f];
        for (size_t r = 0; r < MOMUI_RESAMPLES; r++) {
            for (size_t i = 0; i < tracks; i++)
                drawn[i] = momui_random_below(&random, (uint32_t)tracks);
            statistic(user, drawn, tracks, one);
            for (int f = 0; f < metrics; f++)
                values[(size_t)f * MOMUI_RESAMPLES + r] = one[f];
        }
        for (int f = 0; f < metrics; f++) {
            double *mine = values + (size_t)f * MOMUI_RESAMPLES;
            qsort(mine, MOMUI_RESAMPLES, sizeof *mine, ascending);
            out[f].low = at_share(mine, MOMUI_RESAMPLES, 0.025);
            out[f].high = at_share(mine, MOMUI_RESAMPLES, 0.975);
        }
    }
    bool enough = drawn && values;
    momui_free(drawn);
    momui_free(values);
    return enough ? MOMU_OK : momui_fail_memory(error, "a metric's interval");
}

typedef struct fraction {
    const double *above, *below;
} fraction;

static void ratio_figure(const void *user, const size_t *tracks, size_t count, double *out) {
    const fraction *f = user;
    double above = 0, below = 0;
    for (size_t i = 0; i < count; i++) {
        above += f->above[tracks[i]];
        below += f->below[tracks[i]];
    }
    out[0] = below > 0 ? above / below : 0;
}

momu_status momui_ratio_interval(momui_memory *memory, const double *above, const double *below,
                                 size_t tracks, uint64_t seed, momui_interval *out,
                                 momu_error *error) {
    fraction f = {above, below};
    return momui_intervals(memory, tracks, ratio_figure, &f, 1, seed, out, error);
}
