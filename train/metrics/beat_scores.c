#include "train/metrics/beat_scores.h"

#include "base/random.h"
#include "dsp/beat_match.h"
#include "dsp/beat_tracking.h"

#include <math.h>
#include <stdlib.h>

enum { OFFSET_STREAM = 502, MISMATCH_STREAM = 503 };

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* How many of the ascending times lie before `end`. */
static size_t before(const double *times, size_t count, double end) {
    while (count > 0 && times[count - 1] >= end)
        count--;
    return count;
}

static size_t shifted_hits(const double *estimate, size_t estimates, double *room,
                           const double *reference, size_t references, double tolerance,
                           double duration, double offset) {
    for (size_t i = 0; i < estimates; i++)
        room[i] = fmod(estimate[i] + offset, duration);
    if (estimates > 0)
        qsort(room, estimates, sizeof *room, ascending);
    return momui_beats_match(room, estimates, reference, references, tolerance).hits;
}

momu_status momui_beat_count(momui_memory *memory, const double *estimate, size_t estimates,
                             const double *reference, size_t references, double tolerance,
                             double duration, uint64_t seed, momui_beat_counts *counts,
                             momu_error *error) {
    *counts = (momui_beat_counts){.estimates = estimates, .references = references};
    if (!(duration > 0) || !isfinite(duration))
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "a pair lasts %g s", duration);
    double *room = momui_alloc(memory, estimates, sizeof *room);
    if (!room)
        return momui_fail_memory(error, "shifted beats");
    counts->hits = momui_beats_match(estimate, estimates, reference, references, tolerance).hits;
    momui_random random = {seed, OFFSET_STREAM, 0};
    for (int i = 0; i < MOMUI_BEAT_OFFSETS; i++) {
        double offset = (double)momui_random_uniform(&random) * duration;
        counts->shifted[i] = shifted_hits(estimate, estimates, room, reference, references,
                                          tolerance, duration, offset);
    }
    momui_free(room);
    return MOMU_OK;
}

momu_status momui_beat_count_mismatch(momui_memory *memory, const double *estimate,
                                      size_t estimates, const double *reference, size_t references,
                                      double tolerance, double duration, uint64_t seed,
                                      momui_beat_counts *counts, momu_error *error) {
    if (!(duration > 0) || !isfinite(duration))
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "a pair lasts %g s", duration);
    estimates = before(estimate, estimates, duration);
    references = before(reference, references, duration);
    double *room = momui_alloc(memory, estimates, sizeof *room);
    if (!room)
        return momui_fail_memory(error, "shifted beats");
    momui_random random = {seed, MISMATCH_STREAM, 0};
    double offset = (double)momui_random_uniform(&random) * duration;
    counts->estimates += estimates;
    counts->references += references;
    counts->hits +=
        shifted_hits(estimate, estimates, room, reference, references, tolerance, duration, offset);
    momui_free(room);
    return MOMU_OK;
}

static double share(double part, double whole) {
    return whole > 0 ? part / whole : 0;
}

/* precision, recall, f1, chance, ratio. The mean of F1 over the offsets is 2 x their mean hits over
 * both counts, as those are the same at each. */
static void pooled(const void *user, const size_t *tracks, size_t count, double *out) {
    const momui_beat_counts *pairs = user;
    double estimates = 0, references = 0, hits = 0, shifted = 0;
    for (size_t i = 0; i < count; i++) {
        const momui_beat_counts *p = &pairs[tracks[i]];
        estimates += (double)p->estimates;
        references += (double)p->references;
        hits += (double)p->hits;
        for (int k = 0; k < MOMUI_BEAT_OFFSETS; k++)
            shifted += (double)p->shifted[k] / MOMUI_BEAT_OFFSETS;
    }
    out[0] = share(hits, estimates);
    out[1] = share(hits, references);
    out[2] = share(2 * hits, estimates + references);
    out[3] = share(2 * shifted, estimates + references);
    out[4] = share(out[2], out[3]);
}

momu_status momui_beat_score_of(momui_memory *memory, const momui_beat_counts *pairs, size_t count,
                                uint64_t seed, momui_beat_score *score, momu_error *error) {
    momui_interval all[5];
    *score = (momui_beat_score){.pairs = count};
    MOMUI_TRY(momui_intervals(memory, count, pooled, pairs, 5, seed, all, error));
    for (size_t i = 0; i < count; i++) {
        score->estimates += pairs[i].estimates;
        score->references += pairs[i].references;
        score->hits += pairs[i].hits;
    }
    score->precision = all[0];
    score->recall = all[1];
    score->f1 = all[2];
    score->chance = all[3];
    score->ratio = all[4];
    return MOMU_OK;
}

bool momui_beat_score_is_chance(const momui_beat_score *score) {
    return score->f1.value <= 0 || (score->chance.value > 0 && score->ratio.low <= 1);
}
