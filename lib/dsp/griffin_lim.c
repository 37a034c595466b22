/* mel (frames, bands) -> magnitudes (frames, bins) by multiplicative updates -> phases by the
 * fast Griffin-Lim algorithm -> mono. */
#include "dsp/griffin_lim.h"
#include "base/random.h"
#include "dsp/stft.h"

#include <math.h>
#include <string.h>

static const double TWO_PI = 6.283185307179586;
static const float MOMENTUM = 0.99f;
enum { UNMEL_ROUNDS = 30, PHASE_STREAM = 3, MAX_ITERATIONS = 1000 };

/* Buffers of one run. */
typedef struct griffin_lim {
    int32_t n_fft, hop; /* at the rate of the sound that is made */
    int32_t bands;      /* of the mel; the bank may have fewer */
    momui_mel_bank bank;
    momui_framer framer;
    int64_t frames;
    float *magnitude;            /* (frames, bins) */
    float *spectrum, *projected; /* (frames, bins, 2) */
    float *mono;                 /* (frames * hop) */
    float *row;                  /* (n_fft + 2) */
} griffin_lim;

/* Multiplicative updates (Lee and Seung): x <- x * F'(y / Fx) / F'1 stays non-negative. */
static void unmel_frame(const momui_mel_bank *bank, const float *mel, const float *weight,
                        float *band, float *correction, float *magnitude) {
    static const float MAX_LOG10 = 4.0f; /* no sound within -1..1 comes near it */
    size_t bins = (size_t)bank->bins;
    for (size_t k = 0; k < bins; k++)
        magnitude[k] = 1e-3f;
    for (int round = 0; round < UNMEL_ROUNDS; round++) {
        momui_mel_bank_apply(bank, magnitude, band);
        for (int32_t b = 0; b < bank->bands; b++)
            band[b] = powf(10.0f, fminf(mel[b], MAX_LOG10)) / fmaxf(band[b], 1e-9f);
        momui_mel_bank_spread(bank, band, correction);
        for (size_t k = 0; k < bins; k++)
            magnitude[k] *= weight[k] > 0 ? correction[k] / weight[k] : 0;
    }
}

static momu_status unmel(momui_memory *memory, griffin_lim *w, const float *mel,
                         momu_error *error) {
    int32_t bands = w->bank.bands, bins = w->bank.bins;
    for (int64_t i = 0; i < w->frames * w->bands; i++)
        if (!isfinite(mel[i]))
            return momui_fail(error, MOMU_ERROR_NUMERIC,
                              "the mel spectrogram's frame %lld is not finite in band %lld",
                              (long long)(i / w->bands), (long long)(i % w->bands));
    float *weight = momui_alloc(memory, (size_t)bins, sizeof *weight);
    float *correction = momui_alloc(memory, (size_t)bins, sizeof *correction);
    float *band = momui_alloc(memory, (size_t)bands, sizeof *band);
    momu_status status =
        weight && correction && band ? MOMU_OK : momui_fail_memory(error, "Griffin-Lim");
    if (status == MOMU_OK) {
        for (int32_t b = 0; b < bands; b++)
            band[b] = 1;
        momui_mel_bank_spread(&w->bank, band, weight);
        for (int64_t f = 0; f < w->frames; f++)
            unmel_frame(&w->bank, mel + f * w->bands, weight, band, correction,
                        w->magnitude + f * bins);
    }
    momui_free(weight);
    momui_free(correction);
    momui_free(band);
    return status;
}

static void random_phases(griffin_lim *w, uint64_t seed) {
    momui_random random = {seed, PHASE_STREAM, 0};
    for (int64_t i = 0; i < w->frames * w->bank.bins; i++) {
        double phase = TWO_PI * (double)momui_random_uniform(&random);
        w->spectrum[2 * i] = w->magnitude[i] * (float)cos(phase);
        w->spectrum[2 * i + 1] = w->magnitude[i] * (float)sin(phase);
    }
}

static void synthesise(griffin_lim *w) {
    int32_t hop = w->hop, pad = (w->n_fft - hop) / 2;
    int64_t samples = w->frames * hop;
    memset(w->mono, 0, (size_t)samples * sizeof *w->mono);
    for (int64_t f = 0; f < w->frames; f++)
        momui_framer_overlap_add(&w->framer, w->spectrum + f * 2 * w->bank.bins, w->mono, samples,
                                 f * hop - pad);
    momui_framer_normalise(&w->framer, w->mono, samples, w->frames, hop, pad);
}

/* spectrum = magnitude with the phases of `guess`. */
static void set_magnitudes(const float *magnitude, const float *guess, int32_t bins,
                           float *spectrum) {
    for (int32_t k = 0; k < bins; k++) {
        float re = guess[2 * k], im = guess[2 * k + 1], length = sqrtf(re * re + im * im);
        bool has_phase = length > 1e-12f;
        spectrum[2 * k] = has_phase ? re / length * magnitude[k] : magnitude[k];
        spectrum[2 * k + 1] = has_phase ? im / length * magnitude[k] : 0;
    }
}

/* Takes the phases from the spectrum t of the sound, accelerated by the last one: t - momentum /
 * (1 + momentum) t_last has the phases of t + momentum (t - t_last). */
static void update_phases(griffin_lim *w, float push) {
    int32_t hop = w->hop, pad = (w->n_fft - hop) / 2, bins = w->bank.bins;
    for (int64_t f = 0; f < w->frames; f++) {
        const float *now =
            momui_framer_analyse(&w->framer, w->mono, w->frames * hop, f * hop - pad, true);
        float *last = w->projected + f * 2 * bins;
        for (int32_t i = 0; i < 2 * bins; i++) {
            w->row[i] = now[i] - push * last[i];
            last[i] = now[i];
        }
        set_magnitudes(w->magnitude + f * bins, w->row, bins, w->spectrum + f * 2 * bins);
    }
}

/* The mel bank at 1 / factor of the sample rate: its windows last as long, so that the bins are
 * the same, but their sums have 1 / factor as many terms. */
static void reduce_bank(momui_mel_bank *bank, int32_t factor) {
    int32_t bins = (bank->bins - 1) / factor + 1, bands = 0;
    while (bands < bank->bands && bank->end[bands] <= bins)
        bands++;
    for (int32_t b = 0; b < bands; b++) {
        const float *from = bank->filters + (size_t)b * (size_t)bank->bins;
        float *to = bank->filters + (size_t)b * (size_t)bins;
        for (int32_t k = 0; k < bins; k++)
            to[k] = (float)factor * from[k];
    }
    bank->bins = bins;
    bank->bands = bands;
}

static momu_status griffin_lim_open(momui_memory *memory, const momui_mel_config *config,
                                    int32_t factor, int64_t frames, griffin_lim *w,
                                    momu_error *error) {
    *w = (griffin_lim){.n_fft = config->n_fft / factor,
                       .hop = config->hop / factor,
                       .bands = config->bands,
                       .frames = frames};
    MOMUI_TRY(momui_mel_bank_open(memory, config, &w->bank, error));
    if (factor > 1)
        reduce_bank(&w->bank, factor);
    MOMUI_TRY(momui_framer_open(memory, w->n_fft, &w->framer, error));
    size_t row = (size_t)w->bank.bins, count = (size_t)frames;
    w->magnitude = momui_alloc(memory, count, row * sizeof(float));
    w->spectrum = momui_alloc(memory, count, row * 2 * sizeof(float));
    w->projected = momui_calloc(memory, count, row * 2 * sizeof(float));
    w->mono = momui_calloc(memory, count, (size_t)w->hop * sizeof(float));
    w->row = momui_alloc(memory, row, 2 * sizeof(float));
    if (w->magnitude && w->spectrum && w->projected && w->mono && w->row)
        return MOMU_OK;
    return momui_fail_memory(error, "Griffin-Lim");
}

/* Frees all; returns the sound where `keep_sound`, else NULL. */
static float *griffin_lim_close(griffin_lim *w, bool keep_sound) {
    float *mono = keep_sound ? w->mono : NULL;
    if (!keep_sound)
        momui_free(w->mono);
    momui_free(w->magnitude);
    momui_free(w->spectrum);
    momui_free(w->projected);
    momui_free(w->row);
    momui_framer_close(&w->framer);
    momui_mel_bank_close(&w->bank);
    return mono;
}

momu_status momui_griffin_lim(momui_memory *memory, const momui_mel_config *config,
                              const float *mel, int64_t frames, int iterations, uint64_t seed,
                              float **mono, int64_t *samples, momu_error *error) {
    return momui_griffin_lim_low(memory, config, 1, mel, frames, iterations, seed, mono, samples,
                                 error);
}

momu_status momui_griffin_lim_low(momui_memory *memory, const momui_mel_config *config,
                                  int32_t factor, const float *mel, int64_t frames, int iterations,
                                  uint64_t seed, float **mono_out, int64_t *samples,
                                  momu_error *error) {
    *mono_out = NULL;
    *samples = 0;
    if (factor < 1 || config->n_fft % (2 * factor) != 0 || config->hop % factor != 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "Griffin-Lim was asked for 1/%d of the rate with windows of %d every %d",
                          factor, config->n_fft, config->hop);
    if (frames < 0 || iterations < 0 || iterations > MAX_ITERATIONS)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "Griffin-Lim was asked for %lld frames and %d iterations (0 to %d)",
                          (long long)frames, iterations, (int)MAX_ITERATIONS);
    griffin_lim w;
    momu_status status = griffin_lim_open(memory, config, factor, frames, &w, error);
    if (status == MOMU_OK)
        status = unmel(memory, &w, mel, error);
    if (status == MOMU_OK) {
        random_phases(&w, seed);
        synthesise(&w);
        for (int round = 0; round < iterations; round++) {
            update_phases(&w, round == 0 ? 0 : MOMENTUM / (1 + MOMENTUM));
            synthesise(&w);
        }
    }
    *mono_out = griffin_lim_close(&w, status == MOMU_OK);
    *samples = status == MOMU_OK ? frames * w.hop : 0;
    return status;
}
