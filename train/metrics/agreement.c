#include "train/metrics/agreement.h"

#include "motion/clock.h"
#include "motion/heading.h"

#include <math.h>

static const double RATE = 60.0, SPEED_SIGMA = 5.0, BEAT_SIGMA = 0.05, TEMPO_TOLERANCE = 0.02;

momui_tempo_match momui_tempo_compare(double tempo, double truth) {
    static const double OCTAVES[] = {0.5, 2.0, 1.0 / 3.0, 3.0};
    if (!(tempo > 0) || !(truth > 0))
        return MOMUI_TEMPO_NONE;
    if (fabs(tempo / truth - 1) <= TEMPO_TOLERANCE)
        return MOMUI_TEMPO_RIGHT;
    for (size_t i = 0; i < sizeof OCTAVES / sizeof *OCTAVES; i++)
        if (fabs(tempo / (truth * OCTAVES[i]) - 1) <= TEMPO_TOLERANCE)
            return MOMUI_TEMPO_OCTAVE;
    return MOMUI_TEMPO_WRONG;
}

momui_phase momui_phase_of(const double *estimate, size_t estimates, const double *reference,
                           size_t references) {
    momui_phase p = {0};
    double cosine = 0, sine = 0;
    size_t at = 0;
    for (size_t i = 0; i < estimates && references >= 2; i++) {
        while (at + 2 < references && reference[at + 1] <= estimate[i])
            at++;
        double length = reference[at + 1] - reference[at];
        double place = (estimate[i] - reference[at]) / length;
        if (!(length > 0) || place < 0 || place >= 1)
            continue;
        cosine += cos(2 * MOMUI_PI * place);
        sine += sin(2 * MOMUI_PI * place);
        p.count++;
    }
    if (p.count > 0) {
        p.concentration = hypot(cosine, sine) / (double)p.count;
        p.place = atan2(sine, cosine) / (2 * MOMUI_PI);
    }
    return p;
}

/* (frames) mean joint speed under a Gaussian; NULL when out of memory. */
static momu_status smooth_speed(momui_memory *memory, const momui_motion *m, double *speed,
                                momu_error *error) {
    int32_t joints = m->skeleton.joints;
    double *raw = momui_calloc(memory, (size_t)m->frames, sizeof *raw);
    if (!raw)
        return momui_fail_memory(error, "a dance's speeds");
    for (int64_t t = 1; t < m->frames; t++) {
        for (int32_t j = 0; j < joints; j++) {
            const float *now = m->positions + (t * joints + j) * 3, *before = now - joints * 3;
            raw[t] += hypot(hypot((double)(now[0] - before[0]), (double)(now[1] - before[1])),
                            (double)(now[2] - before[2]));
        }
        raw[t] /= joints;
    }
    if (m->frames > 1)
        raw[0] = raw[1];
    momu_status status = momui_smooth(memory, raw, m->frames, 1, SPEED_SIGMA, speed, error);
    momui_free(raw);
    return status;
}

static momu_status keep_minima(momui_memory *memory, const double *speed, int64_t frames,
                               double **times, size_t *count, momu_error *error) {
    *times = momui_alloc(memory, (size_t)frames, sizeof **times);
    if (!*times)
        return momui_fail_memory(error, "a dance's slow moments");
    for (int64_t t = 1; t + 1 < frames; t++)
        if (speed[t] < speed[t - 1] && speed[t] < speed[t + 1])
            (*times)[(*count)++] = (double)t / RATE;
    return MOMU_OK;
}

momu_status momui_speed_minima(momui_memory *memory, const momui_motion *motion, double **times,
                               size_t *count, momu_error *error) {
    *times = NULL;
    *count = 0;
    if (motion->kind == MOMUI_MOTION_KEYPOINTS)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED, "BAS is of positions in space");
    momui_motion *m = NULL;
    int64_t frames = momui_motion_frames_at(motion, RATE);
    if (frames < 3)
        return MOMU_OK;
    MOMUI_TRY(momui_motion_resample(memory, motion, RATE, 0, frames, &m, error));
    double *speed = momui_alloc(memory, (size_t)frames, sizeof *speed);
    momu_status status = speed ? smooth_speed(memory, m, speed, error)
                               : momui_fail_memory(error, "a dance's speeds");
    if (status == MOMU_OK)
        status = keep_minima(memory, speed, frames, times, count, error);
    momui_free(speed);
    momui_motion_free(m);
    return status;
}

double momui_beat_alignment(const double *minima, size_t minima_count, const double *music,
                            size_t count) {
    double sum = 0;
    size_t at = 0;
    for (size_t i = 0; i < count && minima_count > 0; i++) {
        while (at + 1 < minima_count &&
               fabs(minima[at + 1] - music[i]) <= fabs(minima[at] - music[i]))
            at++;
        double away = minima[at] - music[i];
        sum += exp(-away * away / (2 * BEAT_SIGMA * BEAT_SIGMA));
    }
    return count > 0 ? sum / (double)count : 0;
}
