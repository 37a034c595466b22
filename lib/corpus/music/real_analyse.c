/* The longest steady run of a track's beats, straightened, and what is heard there. */
#include "corpus/music/real.h"

#include "corpus/music/real_facts.h"
#include "dsp/beats.h"

#include <math.h>
#include <stdlib.h>

static const double LEAST_CONFIDENCE = 0.35;
static const double STEADINESS = 0.12; /* of the median interval */
static const double SHORTEST = 15.0;   /* seconds */
static const double LEAD = 0.25;       /* of sound before the first beat */

static int compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static momu_status median_interval(momui_memory *memory, const momui_beats *beats, double *median,
                                   momu_error *error) {
    double *gaps = momui_alloc(memory, beats->count, sizeof *gaps);
    if (!gaps)
        return momui_fail_memory(error, "a track's beats");
    for (size_t i = 1; i < beats->count; i++)
        gaps[i - 1] = beats->times[i] - beats->times[i - 1];
    *median = 0;
    if (beats->count > 1) {
        qsort(gaps, beats->count - 1, sizeof *gaps, compare_doubles);
        *median = gaps[(beats->count - 1) / 2];
    }
    momui_free(gaps);
    return MOMU_OK;
}

/* The longest run of beats whose intervals stay near the median. */
static void steady_run(const momui_beats *beats, double median, size_t *first, size_t *last) {
    size_t start = 0;
    *first = *last = 0;
    for (size_t i = 1; i < beats->count; i++) {
        if (fabs(beats->times[i] - beats->times[i - 1] - median) > STEADINESS * median)
            start = i;
        else if (i - start > *last - *first) {
            *first = start;
            *last = i;
        }
    }
}

/* The line through times[first .. end): value at `at`, and the slope. */
static double line_at(const double *times, size_t first, size_t end, double at, double *slope) {
    double n = (double)(end - first), middle = (n - 1) / 2, mean = 0, above = 0, below = 0;
    for (size_t i = first; i < end; i++)
        mean += times[i] / n;
    for (size_t i = first; i < end; i++) {
        double x = (double)(i - first) - middle;
        above += x * (times[i] - mean);
        below += x * x;
    }
    *slope = below > 0 ? above / below : 0;
    return mean + *slope * (at - (double)first - middle);
}

/* A machine's tempo is one line: beats are put on it. Else each beat goes onto the line through its
 * neighbours: players drift, but do not jump. */
static void straighten(const double *times, size_t count, momui_grid_beat *beats, double *period) {
    static const double MACHINE = 0.012, NEVER_OFF = 0.045; /* seconds */
    enum { REACH = 4 };
    double square = 0, worst = 0, slope;
    for (size_t i = 0; i < count; i++) {
        double off = fabs(times[i] - line_at(times, 0, count, (double)i, period));
        square += off * off;
        worst = fmax(worst, off);
    }
    bool machine = sqrt(square / (double)count) < MACHINE && worst < NEVER_OFF;
    for (size_t i = 0; i < count; i++) {
        size_t first = i > REACH ? i - REACH : 0, end = i + REACH < count ? i + REACH + 1 : count;
        beats[i].time = machine ? line_at(times, 0, count, (double)i, &slope)
                                : line_at(times, first, end, (double)i, &slope);
    }
}

static momu_status fill_grid(momui_memory *memory, const float *mono, int64_t frames, double rate,
                             const double *times, size_t count, double *from, momui_grid *grid,
                             momu_error *error) {
    double period = 0, *beats = momui_alloc(memory, count, sizeof *beats);
    momui_real_facts facts;
    grid->beats = momui_calloc(memory, count, sizeof *grid->beats);
    grid->beat_count = count;
    if (!beats || !grid->beats) {
        momui_free(beats);
        return momui_fail_memory(error, "a track's beats");
    }
    straighten(times, count, grid->beats, &period);
    for (size_t i = 0; i < count; i++)
        beats[i] = grid->beats[i].time;
    momu_status status =
        momui_real_facts_open(memory, mono, frames, rate, beats, count, &facts, error);
    momui_free(beats);
    MOMUI_TRY(status);
    momui_real_find_bars(&facts, grid);
    status = momui_real_find_energy(memory, &facts, grid, error);
    if (status == MOMU_OK)
        status = momui_real_find_sections(memory, &facts, grid, error);
    momui_real_facts_close(&facts);
    *from = fmax(0, grid->beats[0].time - LEAD);
    double end = fmin((double)frames / rate, grid->beats[count - 1].time + period);
    for (size_t i = 0; i < count; i++)
        grid->beats[i].time = fmax(0, grid->beats[i].time - *from);
    grid->seconds = end - *from;
    grid->tempo = period > 0 ? 60 / period : 0;
    grid->swing = 0.5;
    grid->genre = 16;
    return status;
}

momu_status momui_real_analyse(momui_memory *memory, const float *mono, int64_t frames, double rate,
                               double *from, double *confidence, momui_grid *grid,
                               momu_error *error) {
    momui_beats found = {0};
    double median = 0;
    size_t first = 0, last = 0;
    *grid = (momui_grid){0};
    MOMUI_TRY(momui_beats_track(memory, mono, frames, rate, &found, error));
    *confidence = found.confidence;
    momu_status status = median_interval(memory, &found, &median, error);
    if (status == MOMU_OK)
        steady_run(&found, median, &first, &last);
    double seconds = found.count ? found.times[last] - found.times[first] : 0;
    if (status == MOMU_OK && (found.confidence < LEAST_CONFIDENCE || seconds < SHORTEST))
        status = momui_fail(error, MOMU_ERROR_LIMIT,
                            "pulse %.2f (at least %.2f), steady for %.1f s (at least %.0f s)",
                            found.confidence, LEAST_CONFIDENCE, seconds, SHORTEST);
    if (status == MOMU_OK)
        status = fill_grid(memory, mono, frames, rate, found.times + first, last - first + 1, from,
                           grid, error);
    momui_beats_release(&found);
    if (status != MOMU_OK)
        momui_grid_release(grid);
    return status;
}
