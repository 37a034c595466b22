#include "dsp/beats.h"
#include "dsp/onset.h"

#include <math.h>

/* Frames a second of the onset curve. */
static const double FRAME_RATE = MOMUI_ONSET_RATE / MOMUI_ONSET_HOP;
static const double SLOWEST = 50, FASTEST = 210; /* beats a minute */
static const double USUAL = 118, SPREAD = 0.9;   /* octaves */
static const double TIGHTNESS = 100;

void momui_beats_release(momui_beats *beats) {
    momui_free(beats->times);
    *beats = (momui_beats){0};
}

/* Onset strength less its mean over a second, nothing below zero, unit deviation. False when flat.
 */
static bool sharpen(const float *envelope, int64_t frames, float *out) {
    int64_t half = (int64_t)(0.5 * FRAME_RATE);
    double square = 0;
    for (int64_t i = 0; i < frames; i++) {
        int64_t from = i - half < 0 ? 0 : i - half,
                to = i + half + 1 > frames ? frames : i + half + 1;
        double sum = 0;
        for (int64_t k = from; k < to; k++)
            sum += (double)envelope[k];
        out[i] = (float)fmax(0, (double)envelope[i] - sum / (double)(to - from));
        square += (double)out[i] * (double)out[i];
    }
    double deviation = sqrt(square / (double)frames);
    for (int64_t i = 0; i < frames && deviation > 1e-6; i++)
        out[i] = (float)((double)out[i] / deviation);
    return deviation > 1e-6;
}

static double correlation(const float *x, int64_t frames, int64_t lag) {
    double sum = 0;
    for (int64_t i = lag; i < frames; i++)
        sum += (double)x[i] * (double)x[i - lag];
    return sum / (double)(frames - lag);
}

/* Correlation at a lag between frames. */
static double correlation_at(const double *table, double lag) {
    int64_t low = (int64_t)lag;
    return table[low] + (lag - (double)low) * (table[low + 1] - table[low]);
}

/* The beat's length in frames. A candidate is as good as its own pulse, its double's and a half of
 * its half's, times the prior: the multiples tell a beat from an offbeat. Returns 0 without a
 * pulse. */
static double find_period(const double *table, int64_t lags, double *confidence) {
    double best = 0, best_score = 0;
    for (double bpm = SLOWEST; bpm <= FASTEST; bpm *= 1.002) {
        double lag = 60.0 * FRAME_RATE / bpm;
        if (4 * lag + 1 >= (double)lags)
            continue;
        double octave = log2(bpm / USUAL) / SPREAD;
        double pulse = correlation_at(table, lag) + 0.5 * correlation_at(table, 2 * lag) +
                       0.25 * correlation_at(table, 4 * lag) +
                       0.25 * correlation_at(table, 3 * lag);
        double score = pulse * exp(-0.5 * octave * octave);
        if (score > best_score) {
            best_score = score;
            best = lag;
        }
    }
    *confidence =
        best > 0 ? fmin(1, fmax(0, correlation_at(table, best) / fmax(table[0], 1e-12))) : 0;
    return best;
}

/* Ellis: the chain of beats with the greatest onset strength, steps near the period. link[i]: the
 * beat before. */
static void chain_beats(const float *strength, int64_t frames, double period, double *score,
                        int64_t *link) {
    int64_t near = (int64_t)(period / 2), far = (int64_t)(2 * period);
    if (near < 1)
        near = 1;
    for (int64_t i = 0; i < frames; i++) {
        double best = 0;
        link[i] = -1;
        for (int64_t k = i - far; k <= i - near; k++) {
            if (k < 0)
                continue;
            double octave = log((double)(i - k) / period);
            double value = score[k] - TIGHTNESS * octave * octave;
            if (value > best) {
                best = value;
                link[i] = k;
            }
        }
        score[i] = (double)strength[i] + best;
    }
}

/* A Gaussian of a 32nd of the period, so that near misses count. */
static void smooth(const float *x, int64_t frames, double period, float *out) {
    double sigma = period / 32;
    int64_t reach = (int64_t)ceil(3 * sigma);
    for (int64_t i = 0; i < frames; i++) {
        double sum = 0;
        for (int64_t k = -reach; k <= reach; k++)
            if (i + k >= 0 && i + k < frames)
                sum += (double)x[i + k] * exp(-0.5 * (double)(k * k) / (sigma * sigma));
        out[i] = (float)sum;
    }
}

/* The peak between frames: a parabola through three values. */
static double refine(const float *x, int64_t frames, int64_t i) {
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

/* Follows the links back from the best end, drops weak beats at both ends, and refines. */
static momu_status collect(momui_memory *memory, const float *strength, const float *plain,
                           int64_t frames, double period, const double *score, const int64_t *link,
                           momui_beats *beats, momu_error *error) {
    int64_t last = frames - 1;
    for (int64_t i = frames - 1; i >= 0 && i > frames - 1 - (int64_t)(1.5 * period); i--)
        if (score[i] > score[last])
            last = i;
    size_t count = 0;
    double sum = 0;
    for (int64_t i = last; i >= 0; i = link[i], count++)
        sum += (double)strength[i];
    beats->times = momui_alloc(memory, count, sizeof *beats->times);
    if (!beats->times)
        return momui_fail_memory(error, "beats");
    double weak = count ? 0.1 * sum / (double)count : 0;
    int64_t at = last;
    while (at >= 0 && (double)strength[at] < weak)
        at = link[at];
    size_t kept = 0;
    for (int64_t i = at; i >= 0; i = link[i])
        kept++;
    beats->count = kept;
    for (int64_t i = at; i >= 0; i = link[i])
        beats->times[--kept] = refine(plain, frames, i) / FRAME_RATE;
    size_t skip = 0;
    for (; skip < beats->count; skip++) {
        int64_t frame = (int64_t)(beats->times[skip] * FRAME_RATE + 0.5);
        if (frame >= 0 && frame < frames && (double)strength[frame] >= weak)
            break;
    }
    for (size_t i = skip; i < beats->count; i++)
        beats->times[i - skip] = fmax(0, beats->times[i]);
    beats->count -= skip;
    return MOMU_OK;
}

static momu_status track(momui_memory *memory, const float *envelope, int64_t frames,
                         momui_beats *beats, momu_error *error) {
    int64_t lags = (int64_t)(4 * 60 * FRAME_RATE / SLOWEST) + 4;
    if (lags > frames / 2)
        lags = frames / 2;
    float *sharp = momui_alloc(memory, (size_t)frames, sizeof *sharp);
    float *smoothed = momui_alloc(memory, (size_t)frames, sizeof *smoothed);
    double *score = momui_alloc(memory, (size_t)frames, sizeof *score);
    int64_t *link = momui_alloc(memory, (size_t)frames, sizeof *link);
    double *table = momui_alloc(memory, (size_t)lags + 1, sizeof *table);
    momu_status status = sharp && smoothed && score && link && table
                             ? MOMU_OK
                             : momui_fail_memory(error, "the beat tracker");
    if (status == MOMU_OK && sharpen(envelope, frames, sharp)) {
        for (int64_t lag = 0; lag <= lags; lag++)
            table[lag] = correlation(sharp, frames, lag);
        double period = find_period(table, lags, &beats->confidence);
        if (period > 0) {
            smooth(sharp, frames, period, smoothed);
            chain_beats(smoothed, frames, period, score, link);
            status = collect(memory, smoothed, sharp, frames, period, score, link, beats, error);
            beats->tempo = fitted_tempo(beats->times, beats->count);
        }
    }
    momui_free(sharp);
    momui_free(smoothed);
    momui_free(score);
    momui_free(link);
    momui_free(table);
    return status;
}

momu_status momui_beats_track(momui_memory *memory, const float *mono, int64_t samples, double rate,
                              momui_beats *beats, momu_error *error) {
    float *envelope = NULL;
    int64_t frames = 0;
    *beats = (momui_beats){0};
    MOMUI_TRY(momui_onset_strength(memory, mono, samples, rate, &envelope, &frames, error));
    momu_status status = MOMU_OK;
    if (frames >= (int64_t)(2 * FRAME_RATE))
        status = track(memory, envelope, frames, beats, error);
    momui_free(envelope);
    if (status != MOMU_OK)
        momui_beats_release(beats);
    return status;
}
