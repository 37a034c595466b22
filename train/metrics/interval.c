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

momu_status momui_intervals(momui_memory *memory, size_t pieces, momui_interval_figure figure,
                            const void *user, int figures, uint64_t seed, momui_interval *out,
                            momu_error *error) {
    double one[MOMUI_INTERVAL_FIGURES];
    memset(out, 0, (size_t)figures * sizeof *out);
    if (figures < 1 || figures > MOMUI_INTERVAL_FIGURES)
        return momui_fail(error, MOMU_ERROR_INTERNAL, "%d figures at once", figures);
    if (pieces == 0 || pieces > UINT32_MAX)
        return MOMU_OK;
    size_t *drawn = momui_alloc(memory, pieces, sizeof *drawn);
    double *values = momui_alloc(memory, (size_t)figures * MOMUI_RESAMPLES, sizeof *values);
    momui_random random = {seed, RANDOM_STREAM, 0};
    if (drawn && values) {
        for (size_t i = 0; i < pieces; i++)
            drawn[i] = i;
        figure(user, drawn, pieces, one);
        for (int f = 0; f < figures; f++)
            out[f].value = one[f];
        for (size_t r = 0; r < MOMUI_RESAMPLES; r++) {
            for (size_t i = 0; i < pieces; i++)
                drawn[i] = momui_random_below(&random, (uint32_t)pieces);
            figure(user, drawn, pieces, one);
            for (int f = 0; f < figures; f++)
                values[(size_t)f * MOMUI_RESAMPLES + r] = one[f];
        }
        for (int f = 0; f < figures; f++) {
            double *mine = values + (size_t)f * MOMUI_RESAMPLES;
            qsort(mine, MOMUI_RESAMPLES, sizeof *mine, ascending);
            out[f].low = at_share(mine, MOMUI_RESAMPLES, 0.025);
            out[f].high = at_share(mine, MOMUI_RESAMPLES, 0.975);
        }
    }
    bool enough = drawn && values;
    momui_free(drawn);
    momui_free(values);
    return enough ? MOMU_OK : momui_fail_memory(error, "a figure's interval");
}

typedef struct fraction {
    const double *above, *below;
} fraction;

static void ratio_figure(const void *user, const size_t *pieces, size_t count, double *out) {
    const fraction *f = user;
    double above = 0, below = 0;
    for (size_t i = 0; i < count; i++) {
        above += f->above[pieces[i]];
        below += f->below[pieces[i]];
    }
    out[0] = below > 0 ? above / below : 0;
}

momu_status momui_ratio_interval(momui_memory *memory, const double *above, const double *below,
                                 size_t pieces, uint64_t seed, momui_interval *out,
                                 momu_error *error) {
    fraction f = {above, below};
    return momui_intervals(memory, pieces, ratio_figure, &f, 1, seed, out, error);
}
