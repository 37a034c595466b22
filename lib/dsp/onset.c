#include "dsp/onset.h"
#include "base/extremes.h"
#include "dsp/mel.h"
#include "dsp/resample.h"
#include "dsp/stft.h"

#include <math.h>

enum { BINS = MOMUI_ONSET_FFT / 2 + 1, BANDS = MOMUI_ONSET_BANDS };

/* One frame: mel power in dB (bands). */
static void decibels(const momui_mel_bank *bank, const float *spectrum, float *power, float *mel) {
    for (int k = 0; k < BINS; k++)
        power[k] = spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
    momui_mel_bank_apply(bank, power, mel);
    for (int b = 0; b < BANDS; b++)
        mel[b] = 10.0f * log10f(fmaxf(mel[b], 1e-10f));
}

/* Sound at 22 050 Hz -> mel (frames, bands) in dB, at most 80 dB below the loudest. */
static momu_status mel_decibels(momui_memory *memory, const float *mono, int64_t samples,
                                int64_t frames, float *mel, momu_error *error) {
    static const momui_mel_config CONFIG = {22050, MOMUI_ONSET_HOP, MOMUI_ONSET_FFT, BANDS,
                                            0.0,   11025.0};
    static const float RANGE = 80.0f;
    momui_mel_bank bank;
    momui_framer framer = {0};
    MOMUI_TRY(momui_mel_bank_open(memory, &CONFIG, &bank, error));
    momu_status status = momui_framer_open(memory, MOMUI_ONSET_FFT, &framer, error);
    float *power = momui_alloc(memory, BINS, sizeof *power);
    if (status == MOMU_OK && !power)
        status = momui_fail_memory(error, "onset strengths");
    float loudest = -INFINITY;
    for (int64_t f = 0; status == MOMU_OK && f < frames; f++) {
        int64_t start = f * MOMUI_ONSET_HOP - MOMUI_ONSET_FFT / 2;
        decibels(&bank, momui_framer_analyse(&framer, mono, samples, start, false), power,
                 mel + f * BANDS);
        for (int b = 0; b < BANDS; b++)
            loudest = momui_maxf(loudest, mel[f * BANDS + b]);
    }
    for (int64_t i = 0; status == MOMU_OK && i < frames * BANDS; i++)
        mel[i] = fmaxf(mel[i], loudest - RANGE);
    momui_free(power);
    momui_framer_close(&framer);
    momui_mel_bank_close(&bank);
    return status;
}

/* The mean rise over the bands. It is placed at the rise, not where the window's edge
 * first meets it, and the first frames know nothing. */
static void fill_rises(const float *mel, int64_t frames, float *envelope) {
    enum { LAG = 1, SHIFT = LAG + MOMUI_ONSET_FFT / (2 * MOMUI_ONSET_HOP) };
    for (int64_t f = LAG; f - LAG + SHIFT < frames; f++) {
        const float *now = mel + f * BANDS, *before = now - LAG * BANDS;
        double sum = 0;
        for (int b = 0; b < BANDS; b++)
            sum += (double)fmaxf(0, now[b] - before[b]);
        envelope[f - LAG + SHIFT] = (float)(sum / BANDS);
    }
}

momu_status momui_onset_strength(momui_memory *memory, const float *mono, int64_t samples,
                                 double rate, float **envelope_out, int64_t *frames_out,
                                 momu_error *error) {
    float *at_rate = NULL;
    int64_t count = 0;
    *envelope_out = NULL;
    *frames_out = 0;
    MOMUI_TRY(
        momui_resample(memory, mono, samples, 1, rate, MOMUI_ONSET_RATE, &at_rate, &count, error));
    int64_t frames = count > 0 ? count / MOMUI_ONSET_HOP + 1 : 0;
    float *envelope = momui_calloc(memory, (size_t)frames, sizeof *envelope);
    float *mel = momui_alloc(memory, (size_t)frames, BANDS * sizeof *mel);
    momu_status status = envelope && mel ? mel_decibels(memory, at_rate, count, frames, mel, error)
                                         : momui_fail_memory(error, "onset strengths");
    if (status == MOMU_OK)
        fill_rises(mel, frames, envelope);
    momui_free(at_rate);
    momui_free(mel);
    if (status != MOMU_OK) {
        momui_free(envelope);
        return status;
    }
    *envelope_out = envelope;
    *frames_out = frames;
    return MOMU_OK;
}

static int64_t clamp(int64_t value, int64_t high) {
    return value < 0 ? 0 : value > high ? high : value;
}

static bool is_peak(const float *x, int64_t frames, int64_t n, const momui_peaks *rule) {
    int64_t from = clamp(n - rule->before_max, frames), to = clamp(n + rule->after_max, frames);
    for (int64_t i = from; i < to; i++)
        if (x[i] > x[n])
            return false;
    from = clamp(n - rule->before_mean, frames);
    to = clamp(n + rule->after_mean, frames);
    double sum = 0;
    for (int64_t i = from; i < to; i++)
        sum += (double)x[i];
    return (double)x[n] >= sum / (double)(to - from) + rule->delta;
}

momu_status momui_pick_peaks(momui_memory *memory, const float *envelope, int64_t frames,
                             const momui_peaks *rule, int64_t **peaks_out, size_t *count,
                             momu_error *error) {
    *count = 0;
    *peaks_out = momui_alloc(memory, (size_t)frames, sizeof **peaks_out);
    if (!*peaks_out)
        return momui_fail_memory(error, "onsets");
    for (int64_t n = 0; n < frames;) {
        if (is_peak(envelope, frames, n, rule)) {
            (*peaks_out)[(*count)++] = n;
            n += rule->wait;
        }
        n++;
    }
    return MOMU_OK;
}

/* To 0..1. False when there is nothing: librosa finds no onsets in silence either. */
static bool normalise(float *envelope, int64_t frames) {
    static const float TINY = 1.17549435e-38f;
    float low = INFINITY, high = 0;
    for (int64_t i = 0; i < frames; i++) {
        low = momui_minf(low, envelope[i]);
        high = momui_maxf(high, envelope[i]);
    }
    for (int64_t i = 0; i < frames && high > low; i++)
        envelope[i] = (envelope[i] - low) / (high - low + TINY);
    return frames > 0 && high > low;
}

momu_status momui_onset_detect(momui_memory *memory, const float *mono, int64_t samples,
                               double rate, double **times, size_t *count, momu_error *error) {
    static const momui_peaks LORIS = {3, 3, 3, 3, 1, 0.2};
    float *envelope = NULL;
    int64_t frames = 0, *peaks = NULL;
    size_t found = 0;
    *times = NULL;
    *count = 0;
    MOMUI_TRY(momui_onset_strength(memory, mono, samples, rate, &envelope, &frames, error));
    if (!normalise(envelope, frames))
        frames = 0;
    momu_status status = momui_pick_peaks(memory, envelope, frames, &LORIS, &peaks, &found, error);
    momui_free(envelope);
    MOMUI_TRY(status);
    *times = momui_alloc(memory, found, sizeof **times);
    for (size_t i = 0; *times && i < found; i++)
        (*times)[i] = (double)peaks[i] * MOMUI_ONSET_HOP / MOMUI_ONSET_RATE;
    momui_free(peaks);
    if (!*times)
        return momui_fail_memory(error, "onsets");
    *count = found;
    return MOMU_OK;
}
