#include "dsp/mel.h"
#include "dsp/stft.h"

#include <math.h>

const momui_mel_config momui_mel_default = {16000, 256, 1024, 80, 0.0, 8000.0};

/* Slaney's scale: linear below 1 kHz, logarithmic above. */
static double hz_to_mel(double hz) {
    return hz < 1000.0 ? hz * 3.0 / 200.0 : 15.0 + log(hz / 1000.0) * 27.0 / log(6.4);
}

static double mel_to_hz(double mel) {
    return mel < 15.0 ? mel * 200.0 / 3.0 : 1000.0 * exp(log(6.4) / 27.0 * (mel - 15.0));
}

momu_status momui_mel_filters(momui_memory *memory, const momui_mel_config *config, float **filters,
                              momu_error *error) {
    int32_t bins = config->n_fft / 2 + 1;
    float *out = momui_calloc(memory, (size_t)config->bands, (size_t)bins * sizeof *out);
    if (!out)
        return momui_fail_memory(error, "the mel filters");
    double first = hz_to_mel(config->low);
    double step = (hz_to_mel(config->high) - first) / (double)(config->bands + 1);
    for (int32_t b = 0; b < config->bands; b++) {
        double left = mel_to_hz(first + step * b), centre = mel_to_hz(first + step * (b + 1));
        double right = mel_to_hz(first + step * (b + 2)), area = 2.0 / (right - left);
        for (int32_t k = 0; k < bins; k++) {
            double hz = (double)k * config->sample_rate / config->n_fft;
            double weight = fmin((hz - left) / (centre - left), (right - hz) / (right - centre));
            if (weight > 0)
                out[(size_t)b * (size_t)bins + (size_t)k] = (float)(weight * area);
        }
    }
    *filters = out;
    return MOMU_OK;
}

int64_t momui_mel_frames(const momui_mel_config *config, int64_t samples) {
    return samples / config->hop;
}

/* One band of one frame: only the bins where the triangle is not zero. */
static float band_energy(const float *filter, const float *magnitude, int32_t bins) {
    float sum = 0;
    for (int32_t k = 0; k < bins; k++)
        sum += filter[k] * magnitude[k];
    return log10f(fmaxf(sum, 1e-5f));
}

static void mel_rows(const momui_mel_config *config, const float *filters, const float *spectrum,
                     int64_t frames, float *magnitude, float *mel) {
    int32_t bins = config->n_fft / 2 + 1;
    for (int64_t f = 0; f < frames; f++) {
        const float *row = spectrum + (size_t)f * (size_t)(2 * bins);
        for (int32_t k = 0; k < bins; k++)
            magnitude[k] =
                sqrtf(row[2 * k] * row[2 * k] + row[2 * k + 1] * row[2 * k + 1] + 1e-9f);
        for (int32_t b = 0; b < config->bands; b++)
            mel[f * config->bands + b] =
                band_energy(filters + (size_t)b * (size_t)bins, magnitude, bins);
    }
}

momu_status momui_mel(momui_memory *memory, const momui_mel_config *config, const float *mono,
                      int64_t samples, float **mel_out, int64_t *frames_out, momu_error *error) {
    int64_t frames = momui_mel_frames(config, samples), found = 0;
    *mel_out = NULL;
    *frames_out = frames;
    float *filters = NULL, *spectrum = NULL;
    float *clamped = momui_alloc(memory, (size_t)samples, sizeof *clamped);
    float *magnitude = momui_alloc(memory, (size_t)config->n_fft, sizeof *magnitude);
    float *mel = momui_alloc(memory, (size_t)frames, (size_t)config->bands * sizeof *mel);
    momu_status status = clamped && magnitude && mel
                             ? momui_mel_filters(memory, config, &filters, error)
                             : momui_fail_memory(error, "a mel spectrogram");
    for (int64_t i = 0; status == MOMU_OK && i < samples; i++)
        clamped[i] = fminf(fmaxf(mono[i], -1.0f), 1.0f);
    if (status == MOMU_OK && frames > 0)
        status = momui_stft(memory, clamped, samples, config->n_fft, config->hop,
                            (config->n_fft - config->hop) / 2, true, &spectrum, &found, error);
    if (status == MOMU_OK)
        mel_rows(config, filters, spectrum, frames < found ? frames : found, magnitude, mel);
    momui_free(clamped);
    momui_free(magnitude);
    momui_free(filters);
    momui_free(spectrum);
    if (status == MOMU_OK)
        *mel_out = mel;
    else
        momui_free(mel);
    return status;
}
