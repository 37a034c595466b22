#include "dsp/griffin_lim.h"
#include "base/random.h"
#include "dsp/stft.h"

#include <math.h>
#include <string.h>

static const double TWO_PI = 6.283185307179586;
static const float MOMENTUM = 0.99f;
enum { NNLS_ROUNDS = 30, PHASE_STREAM = 3 };

/* Multiplicative updates (Lee and Seung): x <- x * F'y / F'F x stays non-negative and never overshoots. The
 * filters are narrow, so each band's span of bins is all that is touched. */
static void unmel_frame(const float *filters, int32_t bands, int32_t bins, const float *mel,
                        const float *weight, float *band, float *correction, float *magnitude) {
    for (int32_t k = 0; k < bins; k++)
        magnitude[k] = 1e-3f;
    for (int round = 0; round < NNLS_ROUNDS; round++) {
        memset(correction, 0, (size_t)bins * sizeof *correction);
        for (int32_t b = 0; b < bands; b++) {
            const float *row = filters + (size_t)b * (size_t)bins;
            float sum = 0;
            for (int32_t k = 0; k < bins; k++)
                sum += row[k] * magnitude[k];
            band[b] = powf(10.0f, mel[b]) / fmaxf(sum, 1e-9f);
            for (int32_t k = 0; k < bins; k++)
                correction[k] += row[k] * band[b];
        }
        for (int32_t k = 0; k < bins; k++)
            magnitude[k] *= weight[k] > 0 ? correction[k] / weight[k] : 0;
    }
}

static momu_status unmel(momui_memory *memory, const momui_mel_config *config, const float *mel,
                         int64_t frames, float *magnitude, momu_error *error) {
    int32_t bins = config->n_fft / 2 + 1;
    float *filters = NULL;
    MOMUI_TRY(momui_mel_filters(memory, config, &filters, error));
    float *scratch = momui_calloc(memory, (size_t)(2 * bins + config->bands), sizeof *scratch);
    momu_status status = scratch ? MOMU_OK : momui_fail_memory(error, "Griffin-Lim");
    if (status == MOMU_OK) {
        float *weight = scratch, *correction = scratch + bins, *band = scratch + 2 * bins;
        for (int32_t b = 0; b < config->bands; b++)
            for (int32_t k = 0; k < bins; k++)
                weight[k] += filters[(size_t)b * (size_t)bins + (size_t)k];
        for (int64_t f = 0; f < frames; f++)
            unmel_frame(filters, config->bands, bins, mel + f * config->bands, weight, band,
                        correction, magnitude + f * bins);
    }
    momui_free(scratch);
    momui_free(filters);
    return status;
}

/* spectrum = magnitude with the phases of `guess`. */
static void impose(const float *magnitude, const float *guess, size_t count, float *spectrum) {
    for (size_t i = 0; i < count; i++) {
        float re = guess[2 * i], im = guess[2 * i + 1];
        float length = sqrtf(re * re + im * im);
        float scale = length > 1e-12f ? magnitude[i] / length : 0;
        spectrum[2 * i] = length > 1e-12f ? re * scale : magnitude[i];
        spectrum[2 * i + 1] = im * scale;
    }
}

static momu_status iterate(momui_memory *memory, const momui_mel_config *config,
                           const float *magnitude, int64_t frames, int iterations, float *spectrum,
                           float *mono, momu_error *error) {
    int32_t pad = (config->n_fft - config->hop) / 2;
    size_t count = (size_t)frames * (size_t)(config->n_fft / 2 + 1);
    float *previous = momui_calloc(memory, 2 * count, sizeof *previous);
    if (!previous)
        return momui_fail_memory(error, "Griffin-Lim");
    momu_status status = MOMU_OK;
    for (int round = 0; round <= iterations && status == MOMU_OK; round++) {
        float *projected = NULL;
        int64_t found = 0;
        status = momui_istft(memory, spectrum, frames, config->n_fft, config->hop, pad, mono, error);
        if (status != MOMU_OK || round == iterations)
            break;
        status = momui_stft(memory, mono, frames * config->hop, config->n_fft, config->hop, pad,
                            true, &projected, &found, error);
        if (status == MOMU_OK) {
            float step = round == 0 ? 0 : MOMENTUM / (1 + MOMENTUM);
            for (size_t i = 0; i < 2 * count; i++) {
                float now = projected[i];
                projected[i] = now - step * previous[i];
                previous[i] = now;
            }
            impose(magnitude, projected, count, spectrum);
        }
        momui_free(projected);
    }
    momui_free(previous);
    return status;
}

momu_status momui_griffin_lim(momui_memory *memory, const momui_mel_config *config,
                              const float *mel, int64_t frames, int iterations, uint64_t seed,
                              float **mono_out, int64_t *samples, momu_error *error) {
    *mono_out = NULL;
    *samples = frames * config->hop;
    size_t bins = (size_t)config->n_fft / 2 + 1, count = 0;
    bool fits = momui_multiply((size_t)frames, bins, &count);
    float *magnitude = fits ? momui_alloc(memory, count, sizeof *magnitude) : NULL;
    float *spectrum = fits ? momui_alloc(memory, count, 2 * sizeof *spectrum) : NULL;
    float *mono = momui_calloc(memory, (size_t)*samples, sizeof *mono);
    momu_status status = magnitude && spectrum && mono
                             ? unmel(memory, config, mel, frames, magnitude, error)
                             : momui_fail_memory(error, "Griffin-Lim");
    if (status == MOMU_OK && frames > 0) {
        momui_random random = {seed, PHASE_STREAM, 0};
        for (size_t i = 0; i < count; i++) {
            double phase = TWO_PI * (double)momui_random_uniform(&random);
            spectrum[2 * i] = magnitude[i] * (float)cos(phase);
            spectrum[2 * i + 1] = magnitude[i] * (float)sin(phase);
        }
        status = iterate(memory, config, magnitude, frames, iterations, spectrum, mono, error);
    }
    momui_free(magnitude);
    momui_free(spectrum);
    if (status == MOMU_OK)
        *mono_out = mono;
    else
        momui_free(mono);
    return status;
}
