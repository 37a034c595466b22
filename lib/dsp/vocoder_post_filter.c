/* mono -> frames -> below 1 kHz the spectrum of Griffin-Lim -> levels of the mel bands -> mono */
#include "dsp/vocoder_post_filter.h"
#include "dsp/griffin_lim.h"
#include "dsp/stft.h"

#include <math.h>
#include <string.h>

static const double CENTRE = 1000, WIDTH = 400; /* Hz: centre and width of the cross_fade-fade */
static const float MIN_GAIN = 0.1f, MAX_GAIN = 2.0f;
static const float FLOOR = 1e-5f; /* of the mel */
static const float MIN_COVERAGE =
    1e-6f; /* sum of the filters at a bin; below it no band covers the bin */

typedef struct post_filter {
    const momui_mel_config *config;
    momui_mel_bank bank;
    momui_framer framer, low_framer;
    int32_t factor; /* sample rate divided by that of `low` */
    int64_t low_samples;
    float *low;            /* (low_samples) the sound that Griffin-Lim makes */
    float *made;           /* (frames * hop) */
    float *row;            /* (bins, 2) */
    float *values, *total; /* (bins) magnitudes or gains; sum of the bands' filters */
    float *gain;           /* (bands) */
} post_filter;

/* The lowest sample rate that holds the cross_fade-fade, of those that divide the window and the
 * hop. */
static int32_t factor_of(const momui_mel_config *config) {
    int32_t factor = 1;
    while (config->n_fft % (4 * factor) == 0 && config->hop % (4 * factor) == 0 &&
           config->sample_rate / (4.0 * factor) > CENTRE + WIDTH)
        factor *= 2;
    return factor;
}

static void post_filter_close(post_filter *m) {
    momui_mel_bank_close(&m->bank);
    momui_framer_close(&m->framer);
    momui_framer_close(&m->low_framer);
    momui_free(m->low);
    momui_free(m->made);
    momui_free(m->row);
    momui_free(m->values);
    momui_free(m->total);
    momui_free(m->gain);
}

static momu_status post_filter_open(momui_memory *memory, const momui_mel_config *config,
                                    int64_t frames, post_filter *m, momu_error *error) {
    *m = (post_filter){.config = config, .factor = factor_of(config)};
    MOMUI_TRY(momui_mel_bank_open(memory, config, &m->bank, error));
    MOMUI_TRY(momui_framer_open(memory, config->n_fft, &m->framer, error));
    MOMUI_TRY(momui_framer_open(memory, config->n_fft / m->factor, &m->low_framer, error));
    size_t bins = (size_t)m->bank.bins;
    m->made = momui_calloc(memory, (size_t)frames, (size_t)config->hop * sizeof(float));
    m->row = momui_alloc(memory, bins, 2 * sizeof(float));
    m->values = momui_alloc(memory, bins, sizeof(float));
    m->total = momui_alloc(memory, bins, sizeof(float));
    m->gain = momui_alloc(memory, (size_t)m->bank.bands, sizeof(float));
    if (!m->made || !m->row || !m->values || !m->total || !m->gain)
        return momui_fail_memory(error, "the vocoder post-filter");
    for (int32_t b = 0; b < m->bank.bands; b++)
        m->gain[b] = 1;
    momui_mel_bank_spread(&m->bank, m->gain, m->total);
    return MOMU_OK;
}

/* Writes frame f of the sound, below the cross_fade-fade that of Griffin-Lim, to `row`. */
static void cross_fade(post_filter *m, const float *mono, int64_t frames, int64_t f) {
    int32_t hop = m->config->hop, pad = (m->config->n_fft - hop) / 2, factor = m->factor;
    const float *high = momui_framer_analyse(&m->framer, mono, frames * hop, f * hop - pad, true);
    memcpy(m->row, high, (size_t)m->bank.bins * 2 * sizeof *m->row);
    const float *low = momui_framer_analyse(&m->low_framer, m->low, m->low_samples,
                                            (f * hop - pad) / factor, true);
    double step = (double)m->config->sample_rate / m->config->n_fft;
    for (int32_t k = 0; k < (m->bank.bins - 1) / factor; k++) {
        float share = (float)fmin(fmax((k * step - CENTRE) / WIDTH + 0.5, 0), 1);
        if (m->total[k] <= MIN_COVERAGE)
            share = 1; /* the mel has no information on this bin */
        for (int i = 2 * k; i < 2 * k + 2; i++)
            m->row[i] = share * m->row[i] + (1 - share) * (float)factor * low[i];
    }
}

/* Scales the bands of `row` to the levels of the mel's frame. */
static void match_levels(post_filter *m, const float *mel) {
    int32_t bins = m->bank.bins;
    for (int32_t k = 0; k < bins; k++)
        m->values[k] =
            sqrtf(m->row[2 * k] * m->row[2 * k] + m->row[2 * k + 1] * m->row[2 * k + 1] + 1e-9f);
    momui_mel_bank_apply(&m->bank, m->values, m->gain);
    for (int32_t b = 0; b < m->bank.bands; b++)
        m->gain[b] = fminf(fmaxf(powf(10, mel[b]) / fmaxf(m->gain[b], FLOOR), MIN_GAIN), MAX_GAIN);
    momui_mel_bank_spread(&m->bank, m->gain, m->values);
    for (int32_t k = 0; k < bins; k++) {
        float gain = m->total[k] > MIN_COVERAGE ? m->values[k] / m->total[k] : 1;
        m->row[2 * k] *= gain;
        m->row[2 * k + 1] *= gain;
    }
}

momu_status momui_vocoder_post_filter(momui_memory *memory, const momui_mel_config *config,
                                      const float *mel, int64_t frames, int iterations,
                                      uint64_t seed, float *mono, momu_error *error) {
    post_filter m;
    int32_t hop = config->hop, pad = (config->n_fft - hop) / 2;
    momu_status status = post_filter_open(memory, config, frames, &m, error);
    if (status == MOMU_OK)
        status = momui_griffin_lim_low(memory, config, m.factor, mel, frames, iterations, seed,
                                       &m.low, &m.low_samples, error);
    if (status == MOMU_OK) {
        for (int64_t f = 0; f < frames; f++) {
            cross_fade(&m, mono, frames, f);
            match_levels(&m, mel + f * config->bands);
            momui_framer_overlap_add(&m.framer, m.row, m.made, frames * hop, f * hop - pad);
        }
        momui_framer_normalise(&m.framer, m.made, frames * hop, frames, hop, pad);
        memcpy(mono, m.made, (size_t)(frames * hop) * sizeof *mono);
    }
    post_filter_close(&m);
    return status;
}
