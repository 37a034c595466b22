/* Beat times by dynamic programming over the beat curve (Ellis 2007), then moved between the
 * frames. */
#include "dsp/beat_tracking.h"
#include "dsp/beat_curve.h"

#include <math.h>

/* Of steps that are not the period, per squared difference of logarithms: where the tempo drifts,
 * and where it is steady. */
static const double LOOSE = 100, TIGHT = 800;
static const double LEAST_SECONDS = 2.0; /* of sound */
static const double EARLY = 0.002; /* seconds that the peak of the curve is before the onset */

void momui_beats_release(momui_beats *beats) {
    momui_free(beats->times);
    *beats = (momui_beats){0};
}

/* The chain of frames with the greatest strength whose steps are near the period. */
typedef struct chain {
    double *score;
    int64_t *before; /* the beat before, -1 at the first */
    double *penalty; /* of a step of nearest + i frames */
    int64_t nearest, farthest;
} chain;

static void chain_close(chain *c) {
    momui_free(c->score);
    momui_free(c->before);
    momui_free(c->penalty);
}

static momu_status chain_open(momui_memory *memory, int64_t frames, const momui_beat_tempo *tempo,
                              chain *c, momu_error *error) {
    double period = tempo->period;
    double tightness = LOOSE + (TIGHT - LOOSE) * fmin(1, 2 * tempo->steadiness);
    *c = (chain){.nearest = (int64_t)fmax(1, period / 2), .farthest = (int64_t)(2 * period) + 1};
    c->score = momui_alloc(memory, (size_t)frames, sizeof *c->score);
    c->before = momui_alloc(memory, (size_t)frames, sizeof *c->before);
    c->penalty = momui_alloc(memory, (size_t)(c->farthest - c->nearest + 1), sizeof *c->penalty);
    if (!c->score || !c->before || !c->penalty) {
        chain_close(c);
        return momui_fail_memory(error, "the beats");
    }
    for (int64_t step = c->nearest; step <= c->farthest; step++) {
        double octave = log((double)step / period);
        c->penalty[step - c->nearest] = tightness * octave * octave;
    }
    return MOMU_OK;
}

static momu_status chain_fill(momui_memory *memory, chain *c, const float *strength, int64_t frames,
                              momu_error *error) {
    for (int64_t i = 0; i < frames; i++) {
        MOMUI_TRY(momui_check_cancelled(memory, error));
        double best = 0;
        c->before[i] = -1;
        for (int64_t step = c->nearest; step <= c->farthest && step <= i; step++) {
            double value = c->score[i - step] - c->penalty[step - c->nearest];
            if (value > best) {
                best = value;
                c->before[i] = i - step;
            }
        }
        c->score[i] = (double)strength[i] + best;
    }
    return MOMU_OK;
}

/* The best end within the last period and a half. */
static int64_t chain_end(const chain *c, int64_t frames, double period) {
    int64_t best = frames - 1;
    for (int64_t i = frames - 1; i >= 0 && i > frames - 1 - (int64_t)(1.5 * period); i--)
        if (c->score[i] > c->score[best])
            best = i;
    return best;
}

/* The peak between frames: a parabola through three values, at most two frames away. */
static double refine(const float *x, int64_t frames, int64_t i) {
    for (int moves = 0; moves < 2 && i >= 1 && i + 1 < frames; moves++)
        i += x[i + 1] > x[i] ? 1 : x[i - 1] > x[i] ? -1 : 0;
    if (i < 1 || i + 1 >= frames)
        return (double)i;
    double left = (double)x[i - 1], middle = (double)x[i], right = (double)x[i + 1];
    double curve = left - 2 * middle + right;
    if (curve >= 0 || middle < left || middle < right)
        return (double)i;
    return (double)i + 0.5 * (left - right) / curve;
}

/* Slope of the line through (number, time). */
static double fitted_tempo(const double *times, size_t count) {
    double n = (double)count, middle = (n - 1) / 2, mean = 0, above = 0, below = 0;
    if (count < 2)
        return 0;
    for (size_t i = 0; i < count; i++)
        mean += times[i] / n;
    for (size_t i = 0; i < count; i++) {
        above += ((double)i - middle) * (times[i] - mean);
        below += ((double)i - middle) * ((double)i - middle);
    }
    return above > 0 ? 60.0 * below / above : 0;
}

/* Follows the chain back; beats at both ends that are much weaker than the rest are silence. */
static momu_status collect(momui_memory *memory, const chain *c, const float *strength,
                           int64_t frames, int64_t end, momui_beats *beats, momu_error *error) {
    static const double WEAK = 0.1;
    size_t count = 0;
    double sum = 0;
    for (int64_t i = end; i >= 0; i = c->before[i], count++)
        sum += (double)strength[i];
    double least = count > 0 ? WEAK * sum / (double)count : 0;
    beats->times = momui_alloc(memory, count, sizeof *beats->times);
    if (!beats->times)
        return momui_fail_memory(error, "the beats");
    while (end >= 0 && (double)strength[end] <= least)
        end = c->before[end];
    size_t kept = 0, strong = 0; /* from the end; up to the earliest strong one */
    for (int64_t i = end; i >= 0; i = c->before[i]) {
        beats->times[kept++] = refine(strength, frames, i) / MOMUI_BEAT_RATE + EARLY;
        if ((double)strength[i] > least)
            strong = kept;
    }
    beats->count = strong;
    for (size_t i = 0; i < strong / 2; i++) {
        double swapped = beats->times[i];
        beats->times[i] = beats->times[strong - 1 - i];
        beats->times[strong - 1 - i] = swapped;
    }
    if (strong > 0 && beats->times[0] < 0)
        beats->times[0] = 0;
    return MOMU_OK;
}

static momu_status track(momui_memory *memory, const float *curve, int64_t frames,
                         momui_beats *beats, momu_error *error) {
    momui_beat_tempo tempo;
    MOMUI_TRY(momui_beat_tempo_find(memory, curve, frames, &tempo, error));
    double period = tempo.period;
    if (!(period > 0))
        return MOMU_OK;
    chain c = {0};
    float *smooth = momui_alloc(memory, (size_t)frames, sizeof *smooth);
    momu_status status = smooth ? chain_open(memory, frames, &tempo, &c, error)
                                : momui_fail_memory(error, "the beats");
    if (status == MOMU_OK) {
        momui_beat_smooth(curve, frames, fmax(1.0, period / 32), smooth);
        status = chain_fill(memory, &c, smooth, frames, error);
        if (status == MOMU_OK)
            status =
                collect(memory, &c, smooth, frames, chain_end(&c, frames, period), beats, error);
        chain_close(&c);
    }
    momui_free(smooth);
    if (status != MOMU_OK)
        return status;
    beats->tempo = fitted_tempo(beats->times, beats->count);
    beats->confidence = beats->tempo > 0 ? tempo.confidence : 0;
    return MOMU_OK;
}

momu_status momui_beats_track(momui_memory *memory, const float *mono, int64_t samples, double rate,
                              momui_beats *beats, momu_error *error) {
    float *curve = NULL;
    int64_t frames = 0;
    *beats = (momui_beats){.tracker = MOMUI_TRACKER_DYNAMIC};
    MOMUI_TRY(momui_beat_curve(memory, mono, samples, rate, &curve, &frames, error));
    momu_status status = MOMU_OK;
    if ((double)frames >= LEAST_SECONDS * MOMUI_BEAT_RATE)
        status = track(memory, curve, frames, beats, error);
    momui_free(curve);
    if (status != MOMU_OK)
        momui_beats_release(beats);
    return status;
}
