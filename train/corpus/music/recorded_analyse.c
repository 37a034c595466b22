/* Fits a beat grid to the longest steady run of a track's beats, and analyses the track on it. */
#include "train/corpus/music/recorded.h"

#include "base/extremes.h"
#include "dsp/beat_tracking.h"
#include "train/corpus/music/attacks.h"
#include "train/corpus/music/recorded_annotations.h"

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

/* The beat grid while it is fitted: from tracked times to true ones. */
typedef struct ruler {
    double *beats; /* room for twice as many as were tracked */
    size_t count;
    double period;
    bool machine;  /* one tempo throughout */
    int64_t phase; /* number of the first beat in a track that begins with a bar; -1: not known */
} ruler;

/* A machine keeps one tempo: all beats are fitted to one line. Otherwise each beat is fitted to the
 * line through its neighbours: players drift, but do not jump. */
static void straighten(const double *times, ruler *r) {
    static const double MACHINE = 0.012, NEVER_OFF = 0.045; /* seconds */
    enum { REACH = 4 };
    double square = 0, worst = 0, slope;
    size_t count = r->count;
    for (size_t i = 0; i < count; i++) {
        double off = fabs(times[i] - line_at(times, 0, count, (double)i, &r->period));
        square += off * off;
        worst = momui_max(worst, off);
    }
    r->machine = sqrt(square / (double)count) < MACHINE && worst < NEVER_OFF;
    for (size_t i = 0; i < count; i++) {
        size_t first = i > REACH ? i - REACH : 0, end = i + REACH < count ? i + REACH + 1 : count;
        r->beats[i] = r->machine ? line_at(times, 0, count, (double)i, &slope)
                                 : line_at(times, first, end, (double)i, &slope);
    }
}

/* The tracker places a beat where its sound is strongest, some 10 ms late: move the beats by the
 * median distance to the attacks at them. */
static momu_status move_to_attacks(momui_memory *memory, const float *mono, int64_t frames,
                                   double rate, ruler *r, momu_error *error) {
    static const double NEAR = 0.035;
    momui_attacks attacks;
    MOMUI_TRY(momui_attacks_find(memory, mono, frames, rate, &attacks, error));
    double *off = momui_alloc(memory, r->count, sizeof *off);
    size_t matched = 0, next = 0;
    for (size_t i = 0; off && i < r->count; i++) {
        double at = r->beats[i] * rate;
        while (next + 1 < attacks.count &&
               fabs(attacks.places[next + 1] - at) <= fabs(attacks.places[next] - at))
            next++;
        if (next < attacks.count && fabs(attacks.places[next] - at) < NEAR * rate)
            off[matched++] = (attacks.places[next] - at) / rate;
    }
    if (off && matched >= 12) {
        qsort(off, matched, sizeof *off, compare_doubles);
        for (size_t i = 0; i < r->count; i++)
            r->beats[i] = fmax(0, r->beats[i] + off[matched / 2]);
    }
    momu_status status = off ? MOMU_OK : momui_fail_memory(error, "a track's beats");
    momui_free(off);
    momui_attacks_release(&attacks);
    return status;
}

static double mean_of(const float *x, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)x[i] / (double)count;
    return sum;
}

/* Where the music hits as hard between slow beats, the tracker found every other beat. Slow beats
 * of a sequenced track always are: none of these tracks is slow. */
static momu_status fill_between(momui_memory *memory, const float *mono, int64_t frames,
                                double rate, bool sequenced, ruler *r, momu_error *error) {
    static const double SLOW = 90, AS_HARD = 0.75;
    momui_track_features on, between;
    if (60 / r->period >= SLOW || r->count < 2)
        return MOMU_OK;
    double *middle = r->beats + r->count; /* one fewer */
    for (size_t i = 0; i + 1 < r->count; i++)
        middle[i] = (r->beats[i] + r->beats[i + 1]) / 2;
    MOMUI_TRY(
        momui_track_features_open(memory, mono, frames, rate, r->beats, r->count, &on, error));
    momu_status status = momui_track_features_open(memory, mono, frames, rate, middle, r->count - 1,
                                                   &between, error);
    if (status == MOMU_OK && (sequenced || mean_of(between.attack, r->count - 1) >
                                               AS_HARD * mean_of(on.attack, r->count))) {
        r->count = 2 * r->count - 1;
        qsort(r->beats, r->count, sizeof *r->beats, compare_doubles);
        r->period /= 2;
    }
    if (status == MOMU_OK)
        momui_track_features_close(&between);
    momui_track_features_close(&on);
    return status;
}

/* A sequenced track begins with its first bar, at a whole number of beats a minute: the grid
 * follows once the tracked beats are near it, or half a beat off. */
static momu_status fit_from_start(ruler *r, momu_error *error) {
    static const double NEAR = 0.1; /* of a beat */
    double tempo = round(60 / r->period), period = 60 / tempo;
    double middle = r->beats[r->count / 2] / period, number = round(middle);
    double off = middle - number;
    if (fabs(fabs(off) - 0.5) < NEAR)
        off -= off > 0 ? 0.5 : -0.5;
    if (fabs(60 / r->period - tempo) > 0.06 || fabs(off) > NEAR)
        return momui_fail(error, MOMU_ERROR_LIMIT,
                          "beats were tracked at %.2f BPM, %+.2f of a beat from where a track that "
                          "begins with a bar has them",
                          60 / r->period, off);
    r->period = period;
    r->phase = (int64_t)fmax(0, round(r->beats[0] / period));
    for (size_t i = 0; i < r->count; i++)
        r->beats[i] = (double)(r->phase + (int64_t)i) * period;
    return MOMU_OK;
}

static momu_status fit_beats(momui_memory *memory, const float *mono, int64_t frames, double rate,
                             const double *times, bool sequenced, ruler *r, momu_error *error) {
    straighten(times, r);
    r->phase = -1;
    MOMUI_TRY(fill_between(memory, mono, frames, rate, sequenced, r, error));
    MOMUI_TRY(move_to_attacks(memory, mono, frames, rate, r, error));
    return sequenced ? fit_from_start(r, error) : MOMU_OK;
}

static momu_status fill_grid(momui_memory *memory, const float *mono, int64_t frames, double rate,
                             const ruler *r, double *from, momui_grid *grid, momu_error *error) {
    momui_track_features annotations;
    grid->beats = momui_calloc(memory, r->count, sizeof *grid->beats);
    grid->beat_count = r->count;
    if (!grid->beats)
        return momui_fail_memory(error, "a track's beats");
    MOMUI_TRY(momui_track_features_open(memory, mono, frames, rate, r->beats, r->count,
                                        &annotations, error));
    momui_recorded_find_bars(&annotations, r->phase, grid);
    momu_status status = momui_recorded_find_energy(memory, &annotations, grid, error);
    if (status == MOMU_OK)
        status = momui_recorded_find_sections(memory, &annotations, grid, error);
    momui_track_features_close(&annotations);
    *from = fmax(0, r->beats[0] - LEAD);
    double end = fmin((double)frames / rate, r->beats[r->count - 1] + r->period);
    for (size_t i = 0; i < r->count; i++)
        grid->beats[i].time = fmax(0, r->beats[i] - *from);
    grid->seconds = end - *from;
    grid->tempo = 60 / r->period;
    grid->swing = 0.5;
    grid->genre = 16;
    return status;
}

momu_status momui_recorded_analyse(momui_memory *memory, const float *mono, int64_t frames,
                                   double rate, bool sequenced, double *from, double *confidence,
                                   momui_grid *grid, momu_error *error) {
    momui_beats found = {0};
    double median = 0;
    size_t first = 0, last = 0;
    ruler r = {0};
    *grid = (momui_grid){0};
    MOMUI_TRY(momui_beats_track(memory, mono, frames, rate, &found, error));
    *confidence = found.confidence;
    momu_status status;
    MOMUI_TRY_GOTO(median_interval(memory, &found, &median, error), status, done);
    steady_run(&found, median, &first, &last);
    double seconds = found.count ? found.times[last] - found.times[first] : 0;
    if (found.confidence < LEAST_CONFIDENCE || seconds < SHORTEST)
        MOMUI_TRY_GOTO(momui_fail(error, MOMU_ERROR_LIMIT,
                                  "pulse %.2f (at least %.2f), steady for %.1f s (at least %.0f s)",
                                  found.confidence, LEAST_CONFIDENCE, seconds, SHORTEST),
                       status, done);
    r.count = last - first + 1;
    r.beats = momui_alloc(memory, r.count, 2 * sizeof *r.beats);
    MOMUI_TRY_GOTO(
        r.beats ? fit_beats(memory, mono, frames, rate, found.times + first, sequenced, &r, error)
                : momui_fail_memory(error, "a track's beats"),
        status, done);
    MOMUI_TRY_GOTO(fill_grid(memory, mono, frames, rate, &r, from, grid, error), status, done);
done:
    momui_free(r.beats);
    momui_beats_release(&found);
    if (status != MOMU_OK)
        momui_grid_release(grid);
    return status;
}
