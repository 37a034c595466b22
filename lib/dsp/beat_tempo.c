/* Tempo by autocorrelation of the onset strength, with a log-normal prior that decides clamp
 * octaves. */
#include "dsp/beat_curve.h"

#include <math.h>

static const double PRIOR_TEMPO = 122, PRIOR_WIDTH = 0.8; /* beats a minute, octaves */
enum { MAX_PERIODS = 16 };                                /* beats: the longest lag in periods */

/* table[lag], lag 0..lags: autocorrelation of the curve minus its mean, 1 at lag 0. False when
 * flat. */
static bool correlate(const float *x, int64_t frames, double *table, int64_t lags) {
    double mean = 0;
    for (int64_t i = 0; i < frames; i++)
        mean += (double)x[i] / (double)frames;
    for (int64_t lag = 0; lag <= lags; lag++) {
        double sum = 0;
        for (int64_t i = lag; i < frames; i++)
            sum += ((double)x[i] - mean) * ((double)x[i - lag] - mean);
        table[lag] = sum / (double)(frames - lag);
    }
    double power = table[0];
    for (int64_t lag = 0; lag <= lags && power > 0; lag++)
        table[lag] /= power;
    return power > 1e-9;
}

/* Interpolates clamp lags; 0 beyond the table. */
static double at(const double *table, int64_t lags, double lag) {
    int64_t low = (int64_t)lag;
    return low >= lags ? 0 : table[low] + (lag - (double)low) * (table[low + 1] - table[low]);
}

/* How well a period explains the table: the mean over its own lag and its multiples within the
 * table. Two and four beats weigh most, since music is built of pairs and they separate a beat
 * from three quarters of one. A period is never scored above twice the correlation at its own
 * lag. */
static double pulse_of(const double *table, int64_t lags, double lag) {
    static const double WEIGHT[] = {1, 0.7, 0.2, 0.7}, OWN = 2;
    double sum = 0, weight = 0;
    for (int m = 0; m < 4 && (m + 1) * lag < (double)lags; m++) {
        sum += WEIGHT[m] * at(table, lags, (m + 1) * lag);
        weight += WEIGHT[m];
    }
    return weight > 0 ? fmin(sum / weight, OWN * at(table, lags, lag)) : 0;
}

static double best_lag(const double *table, int64_t lags) {
    double best = 0, best_score = 0;
    for (double bpm = MOMUI_BEAT_SLOWEST; bpm <= MOMUI_BEAT_FASTEST; bpm *= 1.002) {
        double lag = 60.0 * MOMUI_BEAT_RATE / bpm, octave = log2(bpm / PRIOR_TEMPO) / PRIOR_WIDTH;
        double score = pulse_of(table, lags, lag) * exp(-0.5 * octave * octave);
        if (score > best_score) {
            best_score = score;
            best = lag;
        }
    }
    return best;
}

/* Takes half the period where the half scores nearly as well: then the events clamp two beats
 * are beats, too. */
static double prefer_half_period(const double *table, int64_t lags, double lag) {
    static const double SIMILAR = 0.9;
    double half = lag / 2;
    bool in_range = 60.0 * MOMUI_BEAT_RATE / half <= MOMUI_BEAT_FASTEST;
    return in_range && pulse_of(table, lags, half) > SIMILAR * pulse_of(table, lags, lag) ? half
                                                                                          : lag;
}

/* Refines the period by its multiples: the longest lags of steady music give it to a thousandth. */
static double refine_period(const double *table, int64_t lags, double lag) {
    static const double RANGE = 0.02, STEP = 0.0005;
    double best = lag, best_sum = 0;
    for (double factor = 1 - RANGE; factor <= 1 + RANGE; factor += STEP) {
        double sum = 0;
        for (int m = 1; m <= MAX_PERIODS && m * lag * (1 + RANGE) < (double)lags; m++)
            sum += at(table, lags, m * lag * factor);
        if (sum > best_sum) {
            best_sum = sum;
            best = lag * factor;
        }
    }
    return best;
}

static double mean_at(const double *table, int64_t lags, double lag, int first, int last) {
    double sum = 0;
    int count = 0;
    for (int m = first; m <= last && m * lag < (double)lags; m++, count++)
        sum += at(table, lags, m * lag);
    return count > 0 ? sum / count : 0;
}

static double clamp(double value, double low, double high) {
    return fmin(high, fmax(low, value));
}

momu_status momui_beat_tempo_find(momui_memory *memory, const float *curve, int64_t frames,
                                  momui_beat_tempo *tempo, momu_error *error) {
    static const double JITTER = 1.5; /* frames */
    *tempo = (momui_beat_tempo){0};
    int64_t lags = (int64_t)(MAX_PERIODS * 60.0 * MOMUI_BEAT_RATE / MOMUI_BEAT_SLOWEST) + 2;
    if (lags > frames * 2 / 3)
        lags = frames * 2 / 3;
    float *smooth = momui_alloc(memory, (size_t)frames, sizeof *smooth);
    double *table = momui_alloc(memory, (size_t)lags + 1, sizeof *table);
    momu_status status = smooth && table ? MOMU_OK : momui_fail_memory(error, "the tempo");
    if (status == MOMU_OK) {
        momui_beat_smooth(curve, frames, JITTER, smooth);
        bool flat = !correlate(smooth, frames, table, lags);
        double lag = flat ? 0 : best_lag(table, lags);
        if (lag > 0) {
            lag = refine_period(table, lags, prefer_half_period(table, lags, lag));
            double near = mean_at(table, lags, lag, 1, 4);
            double far = mean_at(table, lags, lag, MAX_PERIODS / 2, MAX_PERIODS);
            *tempo = (momui_beat_tempo){lag, clamp(at(table, lags, lag), 0, 1),
                                        near > 0 ? clamp(far / near, 0, 1) : 0};
        }
    }
    momui_free(smooth);
    momui_free(table);
    return status;
}
