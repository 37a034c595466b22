#include "dsp/onset.h"
#include "dsp/mel.h"
#include "dsp/resample.h"
#include "dsp/stft.h"

#include <math.h>

/* (frames, bands) mel power in dB, at most 80 dB below the loudest. */
static momu_status mel_decibels(momui_memory *memory, const float *mono, int64_t samples,
                                float **out, int64_t *frames, momu_error *error) {
    static const momui_mel_config CONFIG = {22050, MOMUI_ONSET_HOP, MOMUI_ONSET_FFT,
                                            MOMUI_ONSET_BANDS, 0.0, 11025.0};
    enum { BINS = MOMUI_ONSET_FFT / 2 + 1 };
    float *filters = NULL, *spectrum = NULL, *power = NULL, *mel = NULL;
    momu_status status = momui_mel_filters(memory, &CONFIG, &filters, error);
    if (status == MOMU_OK)
        status = momui_stft(memory, mono, samples, MOMUI_ONSET_FFT, MOMUI_ONSET_HOP,
                            MOMUI_ONSET_FFT / 2, false, &spectrum, frames, error);
    if (status == MOMU_OK) {
        power = momui_alloc(memory, BINS, sizeof *power);
        mel = momui_alloc(memory, (size_t)*frames, MOMUI_ONSET_BANDS * sizeof *mel);
        if (!power || !mel)
            status = momui_fail_memory(error, "onset strengths");
    }
    float loudest = -1e30f;
    for (int64_t f = 0; status == MOMU_OK && f < *frames; f++) {
        const float *row = spectrum + (size_t)f * 2 * BINS;
        for (int k = 0; k < BINS; k++)
            power[k] = row[2 * k] * row[2 * k] + row[2 * k + 1] * row[2 * k + 1];
        for (int b = 0; b < MOMUI_ONSET_BANDS; b++) {
            const float *filter = filters + (size_t)b * BINS;
            float sum = 0;
            for (int k = 0; k < BINS; k++)
                sum += filter[k] * power[k];
            float decibels = 10.0f * log10f(fmaxf(sum, 1e-10f));
            loudest = fmaxf(loudest, decibels);
            mel[f * MOMUI_ONSET_BANDS + b] = decibels;
        }
    }
    for (int64_t i = 0; status == MOMU_OK && i < *frames * MOMUI_ONSET_BANDS; i++)
        mel[i] = fmaxf(mel[i], loudest - 80.0f);
    momui_free(filters);
    momui_free(spectrum);
    momui_free(power);
    if (status == MOMU_OK)
        *out = mel;
    else
        momui_free(mel);
    return status;
}

momu_status momui_onset_strength(momui_memory *memory, const float *mono, int64_t samples,
                                 double rate, float **envelope_out, int64_t *frames_out,
                                 momu_error *error) {
    /* The rise is centred on the frame that it leads into, and the first frames know nothing. */
    enum { LAG = 1, SHIFT = LAG + MOMUI_ONSET_FFT / (2 * MOMUI_ONSET_HOP) };
    float *at_rate = NULL, *mel = NULL, *envelope = NULL;
    int64_t count = 0, frames = 0;
    *envelope_out = NULL;
    *frames_out = 0;
    MOMUI_TRY(
        momui_resample(memory, mono, samples, 1, rate, MOMUI_ONSET_RATE, &at_rate, &count, error));
    momu_status status = MOMU_OK;
    for (int64_t i = 0; status == MOMU_OK && i < count; i++)
        if (!isfinite(at_rate[i]))
            status = momui_fail(error, MOMU_ERROR_NUMERIC, "the sound holds a number that is not "
                                                           "finite near %.2f s",
                                (double)i / MOMUI_ONSET_RATE);
    if (status == MOMU_OK && count > 0)
        status = mel_decibels(memory, at_rate, count, &mel, &frames, error);
    if (status == MOMU_OK) {
        envelope = momui_calloc(memory, (size_t)frames, sizeof *envelope);
        if (!envelope)
            status = momui_fail_memory(error, "onset strengths");
    }
    for (int64_t f = LAG; status == MOMU_OK && f - LAG + SHIFT < frames; f++) {
        double sum = 0;
        for (int b = 0; b < MOMUI_ONSET_BANDS; b++)
            sum += (double)fmaxf(0, mel[f * MOMUI_ONSET_BANDS + b] -
                                        mel[(f - LAG) * MOMUI_ONSET_BANDS + b]);
        envelope[f - LAG + SHIFT] = (float)(sum / MOMUI_ONSET_BANDS);
    }
    momui_free(at_rate);
    momui_free(mel);
    *envelope_out = envelope;
    *frames_out = status == MOMU_OK ? frames : 0;
    return status;
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

momu_status momui_onset_detect(momui_memory *memory, const float *mono, int64_t samples,
                               double rate, double **times, size_t *count, momu_error *error) {
    static const momui_peaks LORIS = {3, 3, 3, 3, 1, 0.2};
    float *envelope = NULL;
    int64_t frames = 0, *peaks = NULL;
    *times = NULL;
    *count = 0;
    MOMUI_TRY(momui_onset_strength(memory, mono, samples, rate, &envelope, &frames, error));
    float low = 0, high = 0;
    for (int64_t i = 0; i < frames; i++) {
        low = i == 0 ? envelope[i] : fminf(low, envelope[i]);
        high = i == 0 ? envelope[i] : fmaxf(high, envelope[i]);
    }
    /* Silence has no onsets; librosa says so too. */
    if (!(high > 0))
        frames = 0;
    for (int64_t i = 0; i < frames; i++)
        envelope[i] = (envelope[i] - low) / (high - low + 1.17549435e-38f);
    momu_status status = momui_pick_peaks(memory, envelope, frames, &LORIS, &peaks, count, error);
    if (status == MOMU_OK) {
        *times = momui_alloc(memory, *count, sizeof **times);
        if (!*times)
            status = momui_fail_memory(error, "onsets");
    }
    for (size_t i = 0; status == MOMU_OK && i < *count; i++)
        (*times)[i] = (double)peaks[i] * MOMUI_ONSET_HOP / MOMUI_ONSET_RATE;
    momui_free(envelope);
    momui_free(peaks);
    return status;
}
