/* Peak, RMS and spectral flatness of a sound, and a look-ahead limiter. */
#include "dsp/levels.h"
#include "base/extremes.h"
#include "dsp/stft.h"

#include <math.h>
#include <string.h>

enum { N_FFT = 1024, HOP = 512 };

/* Geometric over arithmetic mean of a frame's power, without the very lowest bins. */
static double frame_flatness(const float *row, double *power) {
    double logs = 0, sum = 0;
    int used = 0;
    for (int k = 2; k <= N_FFT / 2; k++, used++) {
        double value = (double)row[2 * k] * (double)row[2 * k] +
                       (double)row[2 * k + 1] * (double)row[2 * k + 1] + 1e-12;
        logs += log(value);
        sum += value;
    }
    *power = sum / used;
    return exp(logs / used) / (sum / used);
}

static double mean_flatness(momui_framer *framer, const float *mono, int64_t samples) {
    static const double SILENT = 1e-6;
    int64_t loud = 0;
    double sum = 0;
    for (int64_t start = 0; start + N_FFT <= samples; start += HOP) {
        float frame[N_FFT];
        for (int i = 0; i < N_FFT; i++)
            frame[i] = isfinite(mono[start + i]) ? mono[start + i] : 0;
        double power;
        double flatness =
            frame_flatness(momui_framer_analyse(framer, frame, N_FFT, 0, false), &power);
        if (power > SILENT && isfinite(flatness)) {
            sum += flatness;
            loud++;
        }
    }
    return loud > 0 ? sum / (double)loud : 0;
}

momu_status momui_levels(momui_memory *memory, const float *mono, int64_t samples,
                         momui_level_report *report, momu_error *error) {
    *report = (momui_level_report){0};
    double square = 0;
    for (int64_t i = 0; i < samples; i++) {
        if (!isfinite(mono[i])) {
            report->not_finite++;
            continue;
        }
        report->peak = momui_max(report->peak, fabs((double)mono[i]));
        square += (double)mono[i] * (double)mono[i];
    }
    report->rms = samples > 0 ? sqrt(square / (double)samples) : 0;
    momui_framer framer;
    MOMUI_TRY(momui_framer_open(memory, N_FFT, &framer, error));
    report->flatness = mean_flatness(&framer, mono, samples);
    momui_framer_close(&framer);
    return MOMU_OK;
}

/* The limiter's reduction (1 - gain) follows the largest need among the samples ahead, falls
 * slowly, and is then averaged over AHEAD samples: by the time a peak is there, all AHEAD values
 * are at least what it needs, so the average is, too. */
enum { AHEAD = 128 };

typedef struct limiter {
    double needs[AHEAD];   /* of the samples ahead, by number modulo AHEAD */
    double history[AHEAD]; /* of the held reduction */
    double held;
    int waiting, active; /* how many of the needs, of the history are not zero */
} limiter;

static double needed(float sample, float ceiling) {
    double level = fabs((double)sample);
    return level > (double)ceiling ? 1.0 - (double)ceiling / level : 0;
}

/* The gain of sample i, when needs[] holds those of i .. i + AHEAD - 1. */
static double step(limiter *state, int64_t i) {
    static const double RELEASE = 1.0 / 1600.0;
    double need = 0;
    for (int k = 0; k < AHEAD && state->waiting > 0; k++)
        need = momui_max(need, state->needs[k]);
    state->held -= state->held * RELEASE;
    if (state->held < 1e-4)
        state->held = 0;
    state->held = momui_max(state->held, need);
    double *slot = &state->history[i % AHEAD];
    state->active += (state->held > 0) - (*slot > 0);
    *slot = state->held;
    double sum = 0;
    for (int k = 0; k < AHEAD && state->active > 0; k++)
        sum += state->history[k];
    return 1.0 - sum / AHEAD;
}

void momui_limit(float *samples, int64_t count, float ceiling) {
    limiter state;
    memset(&state, 0, sizeof state);
    /* Starts AHEAD - 1 samples early, so that a peak at the very beginning is prepared for, too. */
    for (int64_t i = 1 - AHEAD; i < count; i++) {
        int64_t coming = i + AHEAD - 1;
        if (coming < count && !isfinite(samples[coming]))
            samples[coming] = 0;
        double need = coming < count ? needed(samples[coming], ceiling) : 0;
        state.waiting += (need > 0) - (state.needs[coming % AHEAD] > 0);
        state.needs[coming % AHEAD] = need;
        double gain = step(&state, i + AHEAD);
        if (i >= 0 && gain < 1.0)
            samples[i] = fminf(fmaxf((float)((double)samples[i] * gain), -ceiling), ceiling);
    }
}
