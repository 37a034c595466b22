#include "dsp/stft.h"
#include "dsp/fft.h"

#include <math.h>
#include <string.h>

static const double PI = 3.14159265358979323846;

void momui_hann(float *window, int32_t size) {
    for (int32_t i = 0; i < size; i++)
        window[i] = (float)(0.5 - 0.5 * cos(2.0 * PI * (double)i / (double)size));
}

int64_t momui_stft_frames(int64_t samples, int32_t n_fft, int32_t hop, int32_t pad) {
    int64_t padded = samples + 2 * (int64_t)pad;
    return padded < n_fft ? 0 : (padded - n_fft) / hop + 1;
}

/* Sample i of the reflected signal, however short it is. */
static float reflected(const float *mono, int64_t samples, int64_t i) {
    if (samples == 1)
        return mono[0];
    int64_t period = 2 * (samples - 1);
    i %= period;
    if (i < 0)
        i += period;
    return mono[i < samples ? i : period - i];
}

/* What the transforms need: the plan, the window and one frame. */
typedef struct workspace {
    momui_fft *fft;
    float *window, *frame;
} workspace;

static momu_status workspace_open(momui_memory *memory, int32_t n_fft, workspace *w,
                                  momu_error *error) {
    *w = (workspace){.window = momui_alloc(memory, (size_t)n_fft, sizeof(float)),
                     .frame = momui_alloc(memory, (size_t)n_fft, sizeof(float))};
    momu_status status = w->window && w->frame ? momui_fft_create(memory, n_fft, &w->fft, error)
                                               : momui_fail_memory(error, "a transform's window");
    if (w->window)
        momui_hann(w->window, n_fft);
    return status;
}

static void workspace_close(workspace *w) {
    momui_fft_destroy(w->fft);
    momui_free(w->window);
    momui_free(w->frame);
}

static void cut_frame(const float *mono, int64_t samples, int64_t start, int32_t n_fft,
                      bool reflect, const float *window, float *frame) {
    for (int32_t i = 0; i < n_fft; i++) {
        int64_t at = start + i;
        bool inside = at >= 0 && at < samples;
        float value = inside ? mono[at] : reflect && samples > 0 ? reflected(mono, samples, at) : 0;
        frame[i] = value * window[i];
    }
}

momu_status momui_stft(momui_memory *memory, const float *mono, int64_t samples, int32_t n_fft,
                       int32_t hop, int32_t pad, bool reflect, float **spectrum_out,
                       int64_t *frames_out, momu_error *error) {
    int64_t frames = momui_stft_frames(samples, n_fft, hop, pad);
    size_t row = (size_t)n_fft + 2, count = 0;
    *spectrum_out = NULL;
    *frames_out = frames;
    float *spectrum = momui_multiply((size_t)frames, row, &count)
                          ? momui_alloc(memory, count, sizeof *spectrum)
                          : NULL;
    /* The plan wants aligned output: each frame is made in one aligned row and copied. */
    float *bins = momui_alloc(memory, row, sizeof *bins);
    workspace w = {0};
    momu_status status = spectrum && bins ? workspace_open(memory, n_fft, &w, error)
                                          : momui_fail_memory(error, "a spectrum");
    for (int64_t f = 0; status == MOMU_OK && f < frames; f++) {
        cut_frame(mono, samples, f * hop - pad, n_fft, reflect, w.window, w.frame);
        momui_fft_forward(w.fft, w.frame, bins);
        memcpy(spectrum + (size_t)f * row, bins, row * sizeof *bins);
    }
    workspace_close(&w);
    momui_free(bins);
    if (status == MOMU_OK)
        *spectrum_out = spectrum;
    else
        momui_free(spectrum);
    return status;
}

/* Divides by the sum of squared windows that overlap at each sample. */
static void normalise(float *mono, int64_t length, int64_t frames, int32_t n_fft, int32_t hop,
                      int32_t pad, const float *window) {
    for (int64_t i = 0; i < length; i++) {
        int64_t at = i + pad;
        int64_t first = at < n_fft ? 0 : (at - n_fft) / hop + 1;
        float sum = 0;
        for (int64_t f = first; f < frames && f * hop <= at; f++)
            sum += window[at - f * hop] * window[at - f * hop];
        mono[i] = sum > 1e-8f ? mono[i] / sum : 0;
    }
}

momu_status momui_istft(momui_memory *memory, float *spectrum, int64_t frames, int32_t n_fft,
                        int32_t hop, int32_t pad, float *mono, momu_error *error) {
    int64_t length = (frames - 1) * hop + n_fft - 2 * (int64_t)pad;
    size_t row = (size_t)n_fft + 2;
    float *bins = momui_alloc(memory, row, sizeof *bins);
    workspace w = {0};
    momu_status status =
        bins ? workspace_open(memory, n_fft, &w, error) : momui_fail_memory(error, "a spectrum");
    if (status == MOMU_OK) {
        memset(mono, 0, (size_t)length * sizeof *mono);
        for (int64_t f = 0; f < frames; f++) {
            memcpy(bins, spectrum + (size_t)f * row, row * sizeof *bins);
            momui_fft_inverse(w.fft, bins, w.frame);
            int64_t start = f * hop - pad;
            for (int32_t i = 0; i < n_fft; i++)
                if (start + i >= 0 && start + i < length)
                    mono[start + i] += w.frame[i] * w.window[i];
        }
        normalise(mono, length, frames, n_fft, hop, pad, w.window);
    }
    workspace_close(&w);
    momui_free(bins);
    return status;
}

momu_status momui_vocos_synthesis(momui_memory *memory, const float *head, int64_t frames,
                                  int32_t n_fft, int32_t hop, float **mono_out, int64_t *samples,
                                  momu_error *error) {
    static const float LOUDEST = 100.0f;
    size_t bins = (size_t)n_fft / 2 + 1, row = (size_t)n_fft + 2;
    *mono_out = NULL;
    *samples = frames * hop;
    float *spectrum = momui_alloc(memory, (size_t)frames, row * sizeof *spectrum);
    float *mono = momui_alloc(memory, (size_t)(frames * hop), sizeof *mono);
    momu_status status = spectrum && mono ? MOMU_OK : momui_fail_memory(error, "the vocoder");
    for (int64_t f = 0; status == MOMU_OK && f < frames; f++) {
        for (size_t k = 0; k < bins; k++) {
            float magnitude = fminf(expf(head[(size_t)f * row + k]), LOUDEST);
            float phase = head[(size_t)f * row + bins + k];
            spectrum[(size_t)f * row + 2 * k] = magnitude * cosf(phase);
            spectrum[(size_t)f * row + 2 * k + 1] = magnitude * sinf(phase);
        }
    }
    if (status == MOMU_OK)
        status = momui_istft(memory, spectrum, frames, n_fft, hop, (n_fft - hop) / 2, mono, error);
    momui_free(spectrum);
    if (status == MOMU_OK)
        *mono_out = mono;
    else
        momui_free(mono);
    return status;
}
