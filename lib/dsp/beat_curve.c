/* sound -> 22 050 Hz -> 48 mel magnitudes every 256 samples -> compression -> rises, weighted by
 * groups of bands -> minus the local mean. The onset strength on which the classic beat tracker
 * works. */
#include "dsp/beat_curve.h"
#include "dsp/mel.h"
#include "dsp/resample.h"
#include "dsp/stft.h"

#include <math.h>

enum { N_FFT = 1024, HOP = 256, BANDS = 48, LAG = 2 };
static const momui_mel_config CONFIG = {22050, HOP, N_FFT, BANDS, 30.0, 10000.0};
/* Bands of the bass drum, of the voices, of the cymbals. The mean rise of each group is
 * weighted, so that the few low bands count as much as the many high ones. */
enum { GROUPS = 3 };
static const int GROUP_END[GROUPS] = {4, 24, BANDS};
static const double GROUP_WEIGHT[GROUPS] = {0.45, 0.35, 0.2};

/* (frames, bands) mel magnitudes, not compressed. Returns their mean. */
static double fill_magnitudes(const momui_mel_bank *bank, momui_framer *framer, const float *mono,
                              int64_t samples, int64_t frames, float *magnitude, float *mel) {
    double sum = 0;
    for (int64_t f = 0; f < frames; f++) {
        const float *z = momui_framer_analyse(framer, mono, samples, f * HOP - N_FFT / 2, false);
        for (int k = 0; k <= N_FFT / 2; k++)
            magnitude[k] = sqrtf(z[2 * k] * z[2 * k] + z[2 * k + 1] * z[2 * k + 1]);
        momui_mel_bank_apply(bank, magnitude, mel + f * BANDS);
        for (int b = 0; b < BANDS; b++)
            sum += (double)mel[f * BANDS + b];
    }
    return frames > 0 ? sum / (double)(frames * BANDS) : 0;
}

/* Compression relative to the sound's own mean makes the curve the same at any loudness. */
static void fill_rises(float *mel, double mean, int64_t frames, float *rises) {
    static const double COMPRESSION = 0.5;
    for (int64_t i = 0; i < frames * BANDS; i++)
        mel[i] = log1pf((float)(COMPRESSION * (double)mel[i] / mean));
    for (int64_t f = 0; f < frames; f++) {
        rises[f] = 0;
        for (int g = 0, b = 0; g < GROUPS && f >= LAG; g++) {
            double sum = 0;
            int count = GROUP_END[g] - b;
            for (; b < GROUP_END[g]; b++)
                sum += fmax(0, (double)(mel[f * BANDS + b] - mel[(f - LAG) * BANDS + b]));
            rises[f] += (float)(GROUP_WEIGHT[g] * sum / count);
        }
    }
}

/* Subtracts the mean of the second around, clips at zero, scales to unit deviation; zeros where
 * the input is flat. */
static void sharpen(const float *rises, int64_t frames, float *curve) {
    int64_t half = (int64_t)(0.5 * MOMUI_BEAT_RATE);
    double window = 0, square = 0;
    for (int64_t i = -half; i < frames; i++) {
        if (i + half < frames)
            window += (double)rises[i + half];
        if (i - half - 1 >= 0)
            window -= (double)rises[i - half - 1];
        if (i < 0)
            continue;
        int64_t from = i - half < 0 ? 0 : i - half, to = i + half >= frames ? frames : i + half + 1;
        curve[i] = (float)fmax(0, (double)rises[i] - window / (double)(to - from));
        square += (double)curve[i] * (double)curve[i];
    }
    double deviation = frames > 0 ? sqrt(square / (double)frames) : 0;
    for (int64_t i = 0; i < frames; i++)
        curve[i] = deviation > 1e-6 ? (float)((double)curve[i] / deviation) : 0;
}

static momu_status analyse(momui_memory *memory, const float *mono, int64_t samples, int64_t frames,
                           float *curve, momu_error *error) {
    momui_mel_bank bank;
    momui_framer framer = {0};
    MOMUI_TRY(momui_mel_bank_open(memory, &CONFIG, &bank, error));
    momu_status status = momui_framer_open(memory, N_FFT, &framer, error);
    float *magnitude = momui_alloc(memory, N_FFT / 2 + 1, sizeof *magnitude);
    float *mel = momui_alloc(memory, (size_t)frames, BANDS * sizeof *mel);
    float *rises = momui_calloc(memory, (size_t)frames, sizeof *rises);
    if (status == MOMU_OK && (!magnitude || !mel || !rises))
        status = momui_fail_memory(error, "the beat tracker's curve");
    if (status == MOMU_OK) {
        double mean = fill_magnitudes(&bank, &framer, mono, samples, frames, magnitude, mel);
        if (mean > 1e-9)
            fill_rises(mel, mean, frames, rises);
        sharpen(rises, frames, curve);
    }
    momui_free(magnitude);
    momui_free(mel);
    momui_free(rises);
    momui_framer_close(&framer);
    momui_mel_bank_close(&bank);
    return status;
}

momu_status momui_beat_curve(momui_memory *memory, const float *mono, int64_t samples, double rate,
                             float **curve_out, int64_t *frames_out, momu_error *error) {
    float *at_rate = NULL;
    int64_t count = 0;
    *curve_out = NULL;
    *frames_out = 0;
    MOMUI_TRY(momui_resample(memory, mono, samples, 1, rate, 22050.0, &at_rate, &count, error));
    int64_t frames = count > 0 ? count / HOP + 1 : 0;
    float *curve = momui_calloc(memory, (size_t)frames, sizeof *curve);
    momu_status status = curve ? analyse(memory, at_rate, count, frames, curve, error)
                               : momui_fail_memory(error, "the beat tracker's curve");
    momui_free(at_rate);
    if (status != MOMU_OK) {
        momui_free(curve);
        return status;
    }
    *curve_out = curve;
    *frames_out = frames;
    return MOMU_OK;
}

void momui_beat_smooth(const float *x, int64_t frames, double sigma, float *out) {
    enum { MAX_RADIUS = 64 };
    int radius = (int)fmin(MAX_RADIUS, ceil(3 * sigma));
    double kernel[MAX_RADIUS + 1] = {0}, total = 0;
    for (int k = 0; k <= radius; k++) {
        kernel[k] = exp(-0.5 * k * k / (sigma * sigma));
        total += k ? 2 * kernel[k] : kernel[k];
    }
    for (int64_t i = 0; i < frames; i++) {
        double sum = kernel[0] * (double)x[i];
        for (int k = 1; k <= radius; k++) {
            if (i >= k)
                sum += kernel[k] * (double)x[i - k];
            if (i + k < frames)
                sum += kernel[k] * (double)x[i + k];
        }
        out[i] = (float)(sum / total);
    }
}
