#include "train/corpus/music/recorded_annotations.h"

#include "base/extremes.h"
#include "dsp/mel.h"
#include "dsp/resample.h"

#include <math.h>

enum { BANDS = MOMUI_RECORDED_BANDS, KICK_BANDS = 5, MIDDLE = 8, MIDDLE_END = 60, LAG = 2 };
static const double FRAME = 256.0 / 16000.0;

static void fill_beat(const float *mel, int64_t frames, double from, double to, float *tone,
                      float *loud) {
    int64_t a = (int64_t)(from / FRAME), b = (int64_t)(to / FRAME);
    a = a < 0 ? 0 : a >= frames ? frames - 1 : a;
    b = b <= a ? a + 1 : b > frames ? frames : b;
    double power = 1e-12;
    for (int k = 0; k < BANDS; k++) {
        double sum = 0;
        for (int64_t f = a; f < b; f++) {
            sum += (double)mel[f * BANDS + k];
            power += pow(10, 2 * (double)mel[f * BANDS + k]) / (double)(b - a);
        }
        tone[k] = (float)(sum / (double)(b - a));
    }
    *loud = (float)(10 * log10(power));
}

/* The strongest rise within a frame or two of the beat. */
static float rise_at(const float *mel, int64_t frames, double time, int bands) {
    int64_t at = (int64_t)(time / FRAME);
    double best = 0;
    for (int64_t f = at - 1; f <= at + 3; f++) {
        if (f < LAG || f >= frames)
            continue;
        double sum = 0;
        for (int k = 0; k < bands; k++)
            sum += fmax(0, (double)(mel[f * BANDS + k] - mel[(f - LAG) * BANDS + k]));
        best = momui_max(best, sum / bands);
    }
    return (float)best;
}

static void fill(const float *mel, int64_t frames, const double *beats, size_t count,
                 momui_track_features *annotations) {
    double period = count > 1 ? (beats[count - 1] - beats[0]) / (double)(count - 1) : 0.5;
    for (size_t b = 0; b < count; b++) {
        double end = b + 1 < count ? beats[b + 1] : beats[b] + period;
        float *tone = annotations->tone + b * BANDS;
        fill_beat(mel, frames, beats[b], end, tone, &annotations->loud[b]);
        annotations->attack[b] = rise_at(mel, frames, beats[b], BANDS);
        annotations->kick[b] = rise_at(mel, frames, beats[b], KICK_BANDS);
        double change = 0;
        for (int k = MIDDLE; b > 0 && k < MIDDLE_END; k++)
            change += fabs((double)(tone[k] - tone[k - BANDS]));
        annotations->change[b] = (float)change;
    }
}

momu_status momui_track_features_open(momui_memory *memory, const float *mono, int64_t samples,
                                      double rate, const double *beats, size_t count,
                                      momui_track_features *annotations, momu_error *error) {
    float *at_rate = NULL, *mel = NULL;
    int64_t resampled = 0, frames = 0;
    *annotations = (momui_track_features){0};
    momu_status status =
        momui_resample(memory, mono, samples, 1, rate, 16000, &at_rate, &resampled, error);
    if (status == MOMU_OK)
        status = momui_mel(memory, &momui_mel_default, at_rate, resampled, &mel, &frames, error);
    momui_free(at_rate);
    if (status == MOMU_OK) {
        annotations->loud = momui_alloc(memory, count, sizeof(float));
        annotations->attack = momui_alloc(memory, count, sizeof(float));
        annotations->kick = momui_alloc(memory, count, sizeof(float));
        annotations->change = momui_alloc(memory, count, sizeof(float));
        annotations->tone = momui_alloc(memory, count, BANDS * sizeof(float));
        if (!annotations->loud || !annotations->attack || !annotations->kick ||
            !annotations->change || !annotations->tone)
            status = momui_fail_memory(error, "a track's beats");
    }
    if (status == MOMU_OK && frames > 0)
        fill(mel, frames, beats, count, annotations);
    momui_free(mel);
    if (status != MOMU_OK)
        momui_track_features_close(annotations);
    return status;
}

void momui_track_features_close(momui_track_features *annotations) {
    momui_free(annotations->loud);
    momui_free(annotations->attack);
    momui_free(annotations->kick);
    momui_free(annotations->change);
    momui_free(annotations->tone);
    *annotations = (momui_track_features){0};
}
