#include "train/evaluate/vggish_mel.h"

#include "dsp/fft.h"
#include "dsp/stft.h"

#include <math.h>
#include <string.h>

enum { FFT = 512, BINS = FFT / 2 + 1, BANDS = MOMUI_VGGISH_BANDS };
static const double RATE = 16000, LOW = 125, HIGH = 7500, OFFSET = 0.01;

static double mel_of(double hertz) {
    return 1127 * log(1 + hertz / 700);
}

/* (BANDS, BINS): triangles that are straight in mels, not in Hz; the bin at 0 Hz counts nowhere. */
static void fill_filters(float *filters) {
    double low = mel_of(LOW), step = (mel_of(HIGH) - low) / (BANDS + 1);
    for (int b = 0; b < BANDS; b++)
        for (int k = 1; k < BINS; k++) {
            double at = (mel_of(RATE / 2 * k / (BINS - 1)) - low) / step - b;
            filters[b * BINS + k] = (float)fmax(0, fmin(at, 2 - at));
        }
}

typedef struct room {
    momui_fft *fft;
    float *filters, *window, *frame, *spectrum;
} room;

static void fill_frame(const room *r, const float *mono, float *out) {
    for (int i = 0; i < MOMUI_VGGISH_WINDOW; i++)
        r->frame[i] = mono[i] * r->window[i];
    momui_fft_forward(r->fft, r->frame, r->spectrum);
    double magnitudes[BINS];
    for (int k = 0; k < BINS; k++)
        magnitudes[k] = hypot((double)r->spectrum[2 * k], (double)r->spectrum[2 * k + 1]);
    for (int b = 0; b < BANDS; b++) {
        double sum = OFFSET;
        for (int k = 1; k < BINS; k++)
            sum += (double)r->filters[b * BINS + k] * magnitudes[k];
        out[b] = (float)log(sum);
    }
}

static momu_status open_room(momui_memory *memory, room *r, momu_error *error) {
    r->filters = momui_calloc(memory, BANDS, BINS * sizeof(float));
    r->window = momui_alloc(memory, MOMUI_VGGISH_WINDOW, sizeof(float));
    r->frame = momui_calloc(memory, FFT, sizeof(float));
    r->spectrum = momui_alloc(memory, BINS, 2 * sizeof(float));
    if (!r->filters || !r->window || !r->frame || !r->spectrum)
        return momui_fail_memory(error, "the front end of VGGish");
    fill_filters(r->filters);
    momui_hann(r->window, MOMUI_VGGISH_WINDOW);
    return momui_fft_create(memory, FFT, &r->fft, error);
}

momu_status momui_vggish_mel(momui_memory *memory, const float *mono, int64_t samples, float **mel,
                             int64_t *frames, momu_error *error) {
    room r = {0};
    *frames =
        samples < MOMUI_VGGISH_WINDOW ? 0 : (samples - MOMUI_VGGISH_WINDOW) / MOMUI_VGGISH_HOP + 1;
    *mel = momui_alloc(memory, *frames ? (size_t)*frames : 1, BANDS * sizeof **mel);
    momu_status status =
        *mel ? open_room(memory, &r, error) : momui_fail_memory(error, "the front end of VGGish");
    for (int64_t t = 0; status == MOMU_OK && t < *frames; t++)
        fill_frame(&r, mono + t * MOMUI_VGGISH_HOP, *mel + t * BANDS);
    momui_fft_destroy(r.fft);
    momui_free(r.spectrum);
    momui_free(r.frame);
    momui_free(r.window);
    momui_free(r.filters);
    if (status != MOMU_OK) {
        momui_free(*mel);
        *mel = NULL;
    }
    return status;
}
