#include "dsp/mel.h"
#include "dsp/stft.h"

#include <math.h>
#include <string.h>

const momui_mel_config momui_mel_default = {16000, 256, 1024, 80, 0.0, 8000.0};

momu_status momui_mel_check(const momui_mel_config *c, momu_error *error) {
    bool window = c->n_fft >= 2 && c->n_fft <= MOMUI_FFT_LARGEST && c->n_fft % 2 == 0 &&
                  c->hop >= 1 && c->hop <= c->n_fft && (c->n_fft - c->hop) % 2 == 0;
    bool bands = c->bands >= 1 && c->bands <= c->n_fft / 2 && c->sample_rate >= 1 && c->low >= 0 &&
                 c->low < c->high && c->high <= 0.5 * c->sample_rate;
    if (window && bands)
        return MOMU_OK;
    return momui_fail(error, MOMU_ERROR_ARGUMENT,
                      "a mel spectrogram of %d bands from %g to %g Hz, windows of %d every %d at "
                      "%d Hz, cannot be made",
                      c->bands, c->low, c->high, c->n_fft, c->hop, c->sample_rate);
}

/* Slaney's scale: linear below 1 kHz, logarithmic above. */
static double hz_to_mel(double hz) {
    return hz < 1000.0 ? hz * 3.0 / 200.0 : 15.0 + log(hz / 1000.0) * 27.0 / log(6.4);
}

static double mel_to_hz(double mel) {
    return mel < 15.0 ? mel * 200.0 / 3.0 : 1000.0 * exp(log(6.4) / 27.0 * (mel - 15.0));
}

double momui_mel_band_hz(const momui_mel_config *config, int32_t band) {
    double low = hz_to_mel(config->low);
    double step = (hz_to_mel(config->high) - low) / (double)(config->bands + 1);
    return mel_to_hz(low + step * (band + 1));
}

/* Band b of the bank: a triangle over three neighbouring places of the scale, with an area of 1. */
static void draw_triangle(const momui_mel_config *config, momui_mel_bank *bank, int32_t b) {
    double low = hz_to_mel(config->low);
    double step = (hz_to_mel(config->high) - low) / (double)(config->bands + 1);
    double left = mel_to_hz(low + step * b), centre = mel_to_hz(low + step * (b + 1));
    double right = mel_to_hz(low + step * (b + 2)), height = 2.0 / (right - left);
    float *filter = bank->filters + (size_t)b * (size_t)bank->bins;
    for (int32_t k = 0; k < bank->bins; k++) {
        double hz = (double)k * config->sample_rate / config->n_fft;
        double weight = fmin((hz - left) / (centre - left), (right - hz) / (right - centre));
        if (weight <= 0)
            continue;
        filter[k] = (float)(weight * height);
        if (bank->end[b] == 0)
            bank->first[b] = k;
        bank->end[b] = k + 1;
    }
}

momu_status momui_mel_bank_open(momui_memory *memory, const momui_mel_config *config,
                                momui_mel_bank *bank, momu_error *error) {
    *bank = (momui_mel_bank){.bands = config->bands, .bins = config->n_fft / 2 + 1};
    MOMUI_TRY(momui_mel_check(config, error));
    size_t bands = (size_t)config->bands;
    bank->filters = momui_calloc(memory, bands, (size_t)bank->bins * sizeof(float));
    bank->first = momui_calloc(memory, bands, sizeof(int32_t));
    bank->end = momui_calloc(memory, bands, sizeof(int32_t));
    if (!bank->filters || !bank->first || !bank->end) {
        momui_mel_bank_close(bank);
        return momui_fail_memory(error, "the mel filters");
    }
    for (int32_t b = 0; b < config->bands; b++)
        draw_triangle(config, bank, b);
    return MOMU_OK;
}

void momui_mel_bank_close(momui_mel_bank *bank) {
    momui_free(bank->filters);
    momui_free(bank->first);
    momui_free(bank->end);
    *bank = (momui_mel_bank){0};
}

void momui_mel_bank_apply(const momui_mel_bank *bank, const float *values, float *out) {
    for (int32_t b = 0; b < bank->bands; b++) {
        const float *filter = bank->filters + (size_t)b * (size_t)bank->bins;
        float sum = 0;
        for (int32_t k = bank->first[b]; k < bank->end[b]; k++)
            sum += filter[k] * values[k];
        out[b] = sum;
    }
}

void momui_mel_bank_spread(const momui_mel_bank *bank, const float *values, float *out) {
    memset(out, 0, (size_t)bank->bins * sizeof *out);
    for (int32_t b = 0; b < bank->bands; b++) {
        const float *filter = bank->filters + (size_t)b * (size_t)bank->bins;
        for (int32_t k = bank->first[b]; k < bank->end[b]; k++)
            out[k] += filter[k] * values[b];
    }
}

int64_t momui_mel_frames(const momui_mel_config *config, int64_t samples) {
    return samples / config->hop;
}

static momu_status clamp_samples(const float *mono, int64_t samples, float *clamped,
                                 momu_error *error) {
    for (int64_t i = 0; i < samples; i++) {
        if (!isfinite(mono[i]))
            return momui_fail(error, MOMU_ERROR_NUMERIC, "sample %lld of the sound is not finite",
                              (long long)i);
        clamped[i] = fminf(fmaxf(mono[i], -1.0f), 1.0f);
    }
    return MOMU_OK;
}

static void fill_rows(const momui_mel_config *config, const momui_mel_bank *bank,
                      momui_framer *framer, const float *mono, int64_t samples, int64_t frames,
                      float *magnitude, float *mel) {
    int32_t pad = (config->n_fft - config->hop) / 2;
    for (int64_t f = 0; f < frames; f++, mel += config->bands) {
        const float *z = momui_framer_analyse(framer, mono, samples, f * config->hop - pad, true);
        for (int32_t k = 0; k < bank->bins; k++)
            magnitude[k] = sqrtf(z[2 * k] * z[2 * k] + z[2 * k + 1] * z[2 * k + 1] + 1e-9f);
        momui_mel_bank_apply(bank, magnitude, mel);
        for (int32_t b = 0; b < config->bands; b++)
            mel[b] = log10f(fmaxf(mel[b], 1e-5f));
    }
}

momu_status momui_mel(momui_memory *memory, const momui_mel_config *config, const float *mono,
                      int64_t samples, float **mel_out, int64_t *frames_out, momu_error *error) {
    *mel_out = NULL;
    *frames_out = 0;
    momui_mel_bank bank;
    MOMUI_TRY(momui_mel_bank_open(memory, config, &bank, error));
    momui_framer framer;
    int64_t frames = momui_mel_frames(config, samples);
    float *mel = NULL, *clamped = momui_alloc(memory, (size_t)samples, sizeof *clamped);
    float *magnitude = momui_alloc(memory, (size_t)bank.bins, sizeof *magnitude);
    momu_status status = momui_framer_open(memory, config->n_fft, &framer, error);
    if (status == MOMU_OK) {
        mel = momui_alloc(memory, (size_t)frames, (size_t)config->bands * sizeof *mel);
        status = mel && clamped && magnitude ? clamp_samples(mono, samples, clamped, error)
                                             : momui_fail_memory(error, "a mel spectrogram");
    }
    if (status == MOMU_OK)
        fill_rows(config, &bank, &framer, clamped, samples, frames, magnitude, mel);
    momui_framer_close(&framer);
    momui_mel_bank_close(&bank);
    momui_free(clamped);
    momui_free(magnitude);
    if (status != MOMU_OK) {
        momui_free(mel);
        return status;
    }
    *mel_out = mel;
    *frames_out = frames;
    return MOMU_OK;
}
