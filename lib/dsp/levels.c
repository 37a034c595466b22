#include "dsp/levels.h"
#include "dsp/stft.h"

#include <math.h>

enum { N_FFT = 1024, HOP = 512 };

/* Geometric over arithmetic mean of a frame's power, without the very lowest bins. */
static double frame_flatness(const float *row, double *power) {
    double logs = 0, sum = 0;
    int used = 0;
    for (int k = 2; k <= N_FFT / 2; k++, used++) {
        double value = (double)row[2 * k] * (double)row[2 * k] +
                       (double)row[2 * k + 1] * (double)row[2 * k + 1] + 1e-12;
        logs += log(value);
        sum += value;
    }
    *power = sum / used;
    return exp(logs / used) / (sum / used);
}

momu_status momui_levels(momui_memory *memory, const float *mono, int64_t samples,
                         momui_level_report *report, momu_error *error) {
    static const double SILENT = 1e-6;
    *report = (momui_level_report){0};
    double square = 0;
    for (int64_t i = 0; i < samples; i++) {
        report->peak = fmax(report->peak, fabs((double)mono[i]));
        square += (double)mono[i] * (double)mono[i];
    }
    report->rms = samples > 0 ? sqrt(square / (double)samples) : 0;
    float *spectrum = NULL;
    int64_t frames = 0, heard = 0;
    MOMUI_TRY(momui_stft(memory, mono, samples, N_FFT, HOP, 0, false, &spectrum, &frames, error));
    for (int64_t f = 0; f < frames; f++) {
        double power, flatness = frame_flatness(spectrum + f * (N_FFT + 2), &power);
        if (power > SILENT) {
            report->flatness += flatness;
            heard++;
        }
    }
    if (heard > 0)
        report->flatness /= (double)heard;
    momui_free(spectrum);
    return MOMU_OK;
}

void momui_limit(float *samples, int64_t count, float ceiling) {
    enum { AHEAD = 80 };
    static const float RECOVERY = 1.0f / 3200.0f; /* of the way back to 1, a sample */
    float gain = 1.0f;
    int64_t quiet_from = 0; /* no peak above the ceiling before this sample is still ahead */
    float wanted = 1.0f;
    for (int64_t i = 0; i < count; i++) {
        int64_t to = i + AHEAD < count ? i + AHEAD : count - 1;
        if (i == 0)
            quiet_from = 0;
        for (; quiet_from <= to; quiet_from++) {
            float level = fabsf(samples[quiet_from]);
            if (level * wanted > ceiling)
                wanted = ceiling / level;
        }
        if (wanted < gain)
            gain += (wanted - gain) * 0.06f;
        else
            gain += (1.0f - gain) * RECOVERY;
        if (gain <= wanted * 1.0001f)
            wanted += (1.0f - wanted) * RECOVERY;
        float value = samples[i] * gain;
        samples[i] = fminf(fmaxf(value, -ceiling), ceiling);
    }
}
