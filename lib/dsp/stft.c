#include "dsp/stft.h"

#include <math.h>
#include <string.h>

static const double TWO_PI = 6.283185307179586;

void momui_hann(float *window, int32_t size) {
    for (int32_t i = 0; i < size; i++)
        window[i] = (float)(0.5 - 0.5 * cos(TWO_PI * (double)i / (double)size));
}

momu_status momui_framer_open(momui_memory *memory, int32_t n_fft, momui_framer *framer,
                              momu_error *error) {
    *framer = (momui_framer){.n_fft = n_fft};
    MOMUI_TRY(momui_fft_create(memory, n_fft, &framer->fft, error));
    framer->window = momui_alloc(memory, (size_t)n_fft, sizeof(float));
    framer->frame = momui_alloc(memory, (size_t)n_fft, sizeof(float));
    framer->bins = momui_alloc(memory, (size_t)n_fft + 2, sizeof(float));
    if (!framer->window || !framer->frame || !framer->bins) {
        momui_framer_close(framer);
        return momui_fail_memory(error, "a transform's window");
    }
    momui_hann(framer->window, n_fft);
    return MOMU_OK;
}

void momui_framer_close(momui_framer *framer) {
    momui_fft_destroy(framer->fft);
    momui_free(framer->window);
    momui_free(framer->frame);
    momui_free(framer->bins);
    *framer = (momui_framer){0};
}

/* Sample i of the endlessly reflected signal, however short it is. */
static float reflected(const float *mono, int64_t samples, int64_t i) {
    if (samples == 1)
        return mono[0];
    int64_t period = 2 * (samples - 1);
    i %= period;
    if (i < 0)
        i += period;
    return mono[i < samples ? i : period - i];
}

const float *momui_framer_analyse(momui_framer *framer, const float *mono, int64_t samples,
                                  int64_t start, bool reflect) {
    for (int32_t i = 0; i < framer->n_fft; i++) {
        int64_t at = start + i;
        bool inside = at >= 0 && at < samples;
        float value = inside ? mono[at] : reflect && samples > 0 ? reflected(mono, samples, at) : 0;
        framer->frame[i] = value * framer->window[i];
    }
    momui_fft_forward(framer->fft, framer->frame, framer->bins);
    return framer->bins;
}

void momui_framer_overlap_add(momui_framer *framer, const float *spectrum, float *mono,
                              int64_t samples, int64_t start) {
    /* The inverse overwrites its input, and wants it aligned. */
    memcpy(framer->bins, spectrum, ((size_t)framer->n_fft + 2) * sizeof *spectrum);
    momui_fft_inverse(framer->fft, framer->bins, framer->frame);
    int64_t from = start < 0 ? -start : 0;
    int64_t to = start + framer->n_fft > samples ? samples - start : framer->n_fft;
    for (int64_t i = from; i < to; i++)
        mono[start + i] += framer->frame[i] * framer->window[i];
}

void momui_framer_normalise(const momui_framer *framer, float *mono, int64_t samples,
                            int64_t frames, int32_t hop, int32_t pad) {
    for (int64_t i = 0; i < samples; i++) {
        int64_t at = i + pad;
        int64_t first = at < framer->n_fft ? 0 : (at - framer->n_fft) / hop + 1;
        float sum = 0;
        for (int64_t f = first; f < frames && f * hop <= at; f++)
            sum += framer->window[at - f * hop] * framer->window[at - f * hop];
        mono[i] = sum > 1e-8f ? mono[i] / sum : 0;
    }
}

static momu_status check_framing(int64_t length, int32_t n_fft, int32_t hop, int32_t pad,
                                 momu_error *error) {
    if (length >= 0 && hop >= 1 && hop <= n_fft && pad >= 0 && pad <= n_fft)
        return MOMU_OK;
    return momui_fail(error, MOMU_ERROR_ARGUMENT,
                      "a spectrum of length %lld with windows of %d every %d, padded by %d, was "
                      "asked for; the hop is 1 to the window, the padding 0 to the window",
                      (long long)length, n_fft, hop, pad);
}

int64_t momui_stft_frames(int64_t samples, int32_t n_fft, int32_t hop, int32_t pad) {
    int64_t padded = samples + 2 * (int64_t)pad;
    return padded < n_fft ? 0 : (padded - n_fft) / hop + 1;
}

momu_status momui_stft(momui_memory *memory, const float *mono, int64_t samples, int32_t n_fft,
                       int32_t hop, int32_t pad, bool reflect, float **spectrum_out,
                       int64_t *frames_out, momu_error *error) {
    *spectrum_out = NULL;
    *frames_out = 0;
    MOMUI_TRY(check_framing(samples, n_fft, hop, pad, error));
    momui_framer framer;
    MOMUI_TRY(momui_framer_open(memory, n_fft, &framer, error));
    int64_t frames = momui_stft_frames(samples, n_fft, hop, pad);
    size_t row = (size_t)n_fft + 2;
    float *spectrum = momui_alloc(memory, (size_t)frames, row * sizeof *spectrum);
    for (int64_t f = 0; spectrum && f < frames; f++)
        memcpy(spectrum + (size_t)f * row,
               momui_framer_analyse(&framer, mono, samples, f * hop - pad, reflect),
               row * sizeof *spectrum);
    momui_framer_close(&framer);
    if (!spectrum)
        return momui_fail_memory(error, "a spectrum");
    *spectrum_out = spectrum;
    *frames_out = frames;
    return MOMU_OK;
}

momu_status momui_istft(momui_memory *memory, const float *spectrum, int64_t frames, int32_t n_fft,
                        int32_t hop, int32_t pad, float *mono, momu_error *error) {
    MOMUI_TRY(check_framing(frames, n_fft, hop, pad, error));
    int64_t length = (frames - 1) * hop + n_fft - 2 * (int64_t)pad;
    if (frames == 0 || length <= 0)
        return MOMU_OK;
    momui_framer framer;
    MOMUI_TRY(momui_framer_open(memory, n_fft, &framer, error));
    memset(mono, 0, (size_t)length * sizeof *mono);
    for (int64_t f = 0; f < frames; f++)
        momui_framer_overlap_add(&framer, spectrum + (size_t)f * ((size_t)n_fft + 2), mono, length,
                                 f * hop - pad);
    momui_framer_normalise(&framer, mono, length, frames, hop, pad);
    momui_framer_close(&framer);
    return MOMU_OK;
}

/* One frame of the head -> its spectrum. False where a number is not finite. */
static bool polar(const float *head, size_t bins, float *spectrum) {
    static const float MAX_MAGNITUDE = 100.0f;
    bool finite = true;
    for (size_t k = 0; k < bins; k++) {
        float magnitude = fminf(expf(head[k]), MAX_MAGNITUDE), phase = head[bins + k];
        finite = finite && isfinite(head[k]) && isfinite(phase);
        spectrum[2 * k] = magnitude * cosf(phase);
        spectrum[2 * k + 1] = magnitude * sinf(phase);
    }
    return finite;
}

static momu_status synthesise(momui_framer *framer, const float *head, int64_t frames, int32_t hop,
                              float *row, float *mono, momu_error *error) {
    int32_t pad = (framer->n_fft - hop) / 2;
    size_t bins = (size_t)framer->n_fft / 2 + 1;
    for (int64_t f = 0; f < frames; f++) {
        if (!polar(head + (size_t)f * 2 * bins, bins, row))
            return momui_fail(error, MOMU_ERROR_NUMERIC,
                              "the vocoder's frame %lld holds a number that is not finite",
                              (long long)f);
        momui_framer_overlap_add(framer, row, mono, frames * hop, f * hop - pad);
    }
    momui_framer_normalise(framer, mono, frames * hop, frames, hop, pad);
    return MOMU_OK;
}

momu_status momui_vocos_synthesis(momui_memory *memory, const float *head, int64_t frames,
                                  int32_t n_fft, int32_t hop, float **mono_out, int64_t *samples,
                                  momu_error *error) {
    *mono_out = NULL;
    *samples = 0;
    MOMUI_TRY(check_framing(frames, n_fft, hop, 0, error));
    momui_framer framer;
    MOMUI_TRY(momui_framer_open(memory, n_fft, &framer, error));
    float *row = momui_alloc(memory, (size_t)n_fft + 2, sizeof *row);
    float *mono = momui_calloc(memory, (size_t)frames, (size_t)hop * sizeof *mono);
    momu_status status = row && mono ? synthesise(&framer, head, frames, hop, row, mono, error)
                                     : momui_fail_memory(error, "the vocoder's sound");
    momui_framer_close(&framer);
    momui_free(row);
    if (status != MOMU_OK) {
        momui_free(mono);
        return status;
    }
    *mono_out = mono;
    *samples = frames * hop;
    return MOMU_OK;
}
