/* deceleration envelope -> Gaussian smoothing -> local maxima -> kinematic beats. */
#include "motion/kinematic_beats.h"
#include "motion/clock.h"
#include "motion/heading.h"
#include "motion/kinematics.h"
#include "motion/layout.h"
#include "motion/rhythm.h"
#include <math.h>
#include <stdlib.h>

#define BEAT_SIGMA 0.070    /* seconds, of the smoothing before peaks are picked */
#define BEAT_DISTANCE 0.100 /* seconds at least between beats */
#define BEAT_HEIGHT 0.10    /* of the smoothed envelope's 99th percentile */

typedef struct peak {
    int64_t frame;
    float height;
} peak;

static int higher_first(const void *a, const void *b) {
    const peak *x = a, *y = b;
    if (x->height != y->height)
        return x->height < y->height ? 1 : -1;
    return (x->frame > y->frame) - (x->frame < y->frame);
}

static size_t find_maxima(const float *envelope, int64_t frames, double least, peak *peaks) {
    size_t count = 0;
    for (int64_t t = 1; t + 1 < frames; ++t) {
        int64_t end = t; /* a flat top counts once, in its middle */
        while (end + 1 < frames && envelope[end + 1] == envelope[t])
            ++end;
        if (envelope[t] > envelope[t - 1] && end + 1 < frames && envelope[end + 1] < envelope[t] &&
            (double)envelope[t] > least) {
            peaks[count].frame = (t + end) / 2;
            peaks[count++].height = envelope[t];
        }
        t = end;
    }
    return count;
}

/* Takes the highest peaks first and drops those nearer than `distance` frames to a higher one.
 * `taken` (frames) is zeroed. Writes the beats in order of time. The envelope at t is made from
 * frames t-2, t-1 and t, so its beat is in their middle, at t-1. */
static size_t pick_peaks(const peak *peaks, size_t count, int64_t distance, int64_t frames,
                         uint8_t *taken, double *times) {
    size_t beats = 0;
    for (size_t i = 0; i < count; ++i) {
        int64_t t = peaks[i].frame, low = t - distance + 1, high = t + distance - 1;
        bool free = true;
        for (int64_t s = low > 0 ? low : 0; s <= high && s < frames && free; ++s)
            free = !taken[s];
        taken[t] = free;
    }
    for (int64_t t = 0; t < frames; ++t)
        if (taken[t])
            times[beats++] = ((double)t - 0.5) / MOMUI_MOTION_RATE;
    return beats;
}

static momu_status smooth_envelope(momui_memory *memory, float *envelope, int64_t frames,
                                   momu_error *error) {
    double *rough = momui_alloc(memory, (size_t)frames, 2 * sizeof *rough);
    if (!rough)
        return momui_fail_memory(error, "a smoothed rhythm envelope");
    double *smooth = rough + frames;
    for (int64_t t = 0; t < frames; ++t)
        rough[t] = (double)envelope[t];
    momu_status status =
        momui_smooth(memory, rough, frames, 1, BEAT_SIGMA * MOMUI_MOTION_RATE, smooth, error);
    for (int64_t t = 0; status == MOMU_OK && t < frames; ++t)
        envelope[t] = (float)smooth[t];
    momui_free(rough);
    return status;
}

static momu_status beats_of_envelope(momui_memory *memory, float *envelope, int64_t frames,
                                     double **times, size_t *count, momu_error *error) {
    double top;
    MOMUI_TRY(smooth_envelope(memory, envelope, frames, error));
    MOMUI_TRY(momui_percentile99(memory, envelope, frames, &top, error));
    peak *peaks = momui_alloc(memory, (size_t)frames, sizeof *peaks);
    uint8_t *taken = momui_calloc(memory, (size_t)frames, sizeof *taken);
    *times = momui_alloc(memory, (size_t)frames, sizeof **times);
    if (!peaks || !taken || !*times) {
        momui_free(peaks);
        momui_free(taken);
        momui_free(*times);
        *times = NULL;
        return momui_fail_memory(error, "the kinematic beats");
    }
    size_t found = find_maxima(envelope, frames, BEAT_HEIGHT * top, peaks);
    qsort(peaks, found, sizeof *peaks, higher_first);
    int64_t distance = (int64_t)ceil(BEAT_DISTANCE * MOMUI_MOTION_RATE - 1e-9);
    *count = pick_peaks(peaks, found, distance, frames, taken, *times);
    momui_free(peaks);
    momui_free(taken);
    return MOMU_OK;
}

/* Resamples to 62.5 frames a second in the middle of the mel frames. *made is NULL for a motion
 * that has that rate already. */
static momu_status resample_to_clock(momui_memory *memory, const momui_motion *motion,
                                     momui_motion **made, momu_error *error) {
    *made = NULL;
    if (fabs(motion->fps - MOMUI_MOTION_RATE) <= 1e-6)
        return MOMU_OK;
    if (!(motion->fps > 0.0))
        return momui_motion_check(motion, error);
    int64_t frames = momui_motion_frames_at(motion, MOMUI_MOTION_RATE);
    return momui_motion_resample(memory, motion, MOMUI_MOTION_RATE, 0.5 / MOMUI_MOTION_RATE,
                                 frames > 0 ? frames : 1, made, error);
}

momu_status momui_kinematic_beats(momui_memory *memory, const momui_motion *motion,
                                  bool paper_acceleration, double **times, size_t *count,
                                  momu_error *error) {
    momui_motion *resampled;
    float *envelope = NULL;
    momu_status status;
    *times = NULL;
    *count = 0;
    MOMUI_TRY(resample_to_clock(memory, motion, &resampled, error));
    const momui_motion *at_clock = resampled ? resampled : motion;
    MOMUI_TRY_GOTO(momui_rhythm_envelopes(memory, at_clock, paper_acceleration ? &envelope : NULL,
                                          paper_acceleration ? NULL : &envelope, error),
                   status, done);
    status = beats_of_envelope(memory, envelope, at_clock->frames, times, count, error);
done:
    momui_free(envelope);
    momui_motion_free(resampled);
    return status;
}

momu_status momui_rhythm_beats(momui_memory *memory, const float *rows, int64_t frames,
                               double **times, size_t *count, momu_error *error) {
    *times = NULL;
    *count = 0;
    float *envelope = momui_alloc(memory, (size_t)frames, sizeof *envelope);
    if (!envelope)
        return momui_fail_memory(error, "a rhythm envelope");
    for (int64_t t = 0; t < frames; ++t)
        envelope[t] = rows[t * MOMUI_RHYTHM_ROWS + MOMUI_DIRECTIONS + 1];
    momu_status status = beats_of_envelope(memory, envelope, frames, times, count, error);
    momui_free(envelope);
    return status;
}
