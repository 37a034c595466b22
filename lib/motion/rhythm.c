#include "motion/rhythm.h"
#include "base/extremes.h"
#include "motion/body.h"
#include "motion/clock.h"
#include "motion/heading.h"
#include "motion/kinematics.h"
#include "motion/layout.h"
#include <stdlib.h>

#define BEAT_SIGMA 0.070    /* seconds, of the smoothing before peaks are picked */
#define BEAT_DISTANCE 0.100 /* seconds at least between beats */
#define BEAT_HEIGHT 0.10    /* of the smoothed curve's 99th percentile */
#define STILL                                                                                      \
    2e-5 /* of the figure's extent: all joints together moving less in a frame is rounding */

/* ---- the plane in which motion is looked at ---- */

typedef struct plane {
    int64_t frames;
    int32_t joints;
    float *points;           /* (frames, joints, 2) */
    const float *confidence; /* as the motion's, or NULL */
    double extent;
} plane;

static void find_extent(plane *p) {
    float low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    for (int64_t i = 0; i < p->frames * p->joints; ++i)
        for (int a = 0; a < 2; ++a) {
            if (p->confidence && !(p->confidence[i] > 0.0f))
                continue;
            low[a] = momui_minf(low[a], p->points[2 * i + a]);
            high[a] = momui_maxf(high[a], p->points[2 * i + a]);
        }
    double width = (double)high[0] - (double)low[0], height = (double)high[1] - (double)low[1];
    p->extent = width > height ? width : height;
    if (!isfinite(p->extent))
        p->extent = 0.0;
}

static void look_at_body(const momui_motion *body, const double *yaw, float *points) {
    for (int64_t t = 0; t < body->frames; ++t) {
        const float *places = body->positions + t * MOMUI_BODY_JOINTS * 3;
        double c = cos(yaw[t]), s = sin(yaw[t]);
        for (int j = 0; j < MOMUI_BODY_JOINTS; ++j) {
            double x = (double)places[3 * j] - (double)places[0];
            double z = (double)places[3 * j + 2] - (double)places[2];
            points[(t * MOMUI_BODY_JOINTS + j) * 2] = (float)(c * x - s * z);
            points[(t * MOMUI_BODY_JOINTS + j) * 2 + 1] = places[3 * j + 1];
        }
    }
}

static momu_status plane_of_body(momui_memory *memory, const momui_motion *body, plane *p,
                                 momu_error *error) {
    double *yaw;
    MOMUI_TRY(momui_motion_check(body, error));
    MOMUI_TRY(momui_heading(memory, body, &yaw, error));
    p->frames = body->frames;
    p->joints = MOMUI_BODY_JOINTS;
    p->points = momui_alloc(memory, (size_t)body->frames * MOMUI_BODY_JOINTS, 2 * sizeof(float));
    if (p->points)
        look_at_body(body, yaw, p->points);
    momui_free(yaw);
    return p->points ? MOMU_OK : momui_fail_memory(error, "the motion's front plane");
}

static momu_status plane_of_keypoints(momui_memory *memory, const momui_motion *motion, plane *p,
                                      momu_error *error) {
    MOMUI_TRY(momui_motion_check(motion, error));
    size_t cells = (size_t)motion->frames * (size_t)motion->skeleton.joints;
    p->frames = motion->frames;
    p->joints = motion->skeleton.joints;
    p->confidence = motion->confidence;
    p->points = momui_alloc(memory, cells, 2 * sizeof(float));
    for (size_t i = 0; p->points && i < 2 * cells; ++i)
        p->points[i] = motion->positions[i];
    return p->points ? MOMU_OK : momui_fail_memory(error, "the keypoints");
}

static momu_status open_plane(momui_memory *memory, const momui_motion *motion, plane *p,
                              momu_error *error) {
    momui_motion *body = NULL;
    momu_status status;
    if (motion->kind == MOMUI_MOTION_KEYPOINTS) {
        status = plane_of_keypoints(memory, motion, p, error);
    } else if (momui_motion_is_body(motion)) {
        status = plane_of_body(memory, motion, p, error);
    } else {
        MOMUI_TRY(momui_body_from_motion(memory, motion, &body, NULL, error));
        status = plane_of_body(memory, body, p, error);
        momui_motion_free(body);
    }
    if (status == MOMU_OK)
        find_extent(p);
    return status;
}

/* ---- the directogram ---- */

static int direction_of(double x, double y) {
    int bin = (int)floor((atan2(y, x) + MOMUI_PI) / (2.0 * MOMUI_PI) * MOMUI_DIRECTIONS);
    return bin < 0 ? 0 : bin >= MOMUI_DIRECTIONS ? 0 : bin; /* pi is -pi */
}

static void directogram_frame(const plane *p, int64_t t, float *out) {
    double sums[MOMUI_DIRECTIONS] = {0.0}, total = 0.0;
    for (int32_t j = 0; j < p->joints; ++j) {
        int64_t now = t * p->joints + j, before = now - p->joints;
        if (p->confidence && !(p->confidence[now] > 0.0f && p->confidence[before] > 0.0f))
            continue;
        double x = (double)p->points[2 * now] - (double)p->points[2 * before];
        double y = (double)p->points[2 * now + 1] - (double)p->points[2 * before + 1];
        double length = hypot(x, y);
        total += length;
        if (length > 0.0)
            sums[direction_of(x, y)] += length;
    }
    bool still = total <= STILL * p->extent;
    for (int k = 0; k < MOMUI_DIRECTIONS; ++k)
        out[k] = still ? 0.0f : (float)sums[k];
}

momu_status momui_directogram(momui_memory *memory, const momui_motion *motion, float **directogram,
                              momu_error *error) {
    plane p = {0};
    *directogram = NULL;
    momu_status status = open_plane(memory, motion, &p, error);
    if (status == MOMU_OK) {
        *directogram = momui_calloc(memory, (size_t)p.frames, MOMUI_DIRECTIONS * sizeof(float));
        if (!*directogram)
            status = momui_fail_memory(error, "the directogram");
    }
    for (int64_t t = 1; status == MOMU_OK && t < p.frames; ++t) {
        directogram_frame(&p, t, *directogram + t * MOMUI_DIRECTIONS);
        status = momui_check_cancelled(memory, error);
    }
    if (status != MOMU_OK) {
        momui_free(*directogram);
        *directogram = NULL;
    }
    momui_free(p.points);
    return status;
}

/* ---- the curves ---- */

static int compare_floats(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* The 99th percentile, between neighbours by a line. */
static momu_status percentile99(momui_memory *memory, const float *values, int64_t count,
                                double *result, momu_error *error) {
    float *sorted = momui_alloc(memory, (size_t)count, sizeof *sorted);
    if (!sorted)
        return momui_fail_memory(error, "a sorted curve");
    for (int64_t i = 0; i < count; ++i)
        sorted[i] = values[i];
    qsort(sorted, (size_t)count, sizeof *sorted, compare_floats);
    double at = 0.99 * (double)(count - 1);
    int64_t low = (int64_t)at, high = low + 1 < count ? low + 1 : low;
    double a = (double)sorted[low], b = (double)sorted[high];
    *result = a + (at - (double)low) * (b - a);
    momui_free(sorted);
    return MOMU_OK;
}

/* sum_k max(0, sign (D(t, k) - D(t-1, k))), over its 99th percentile, at most 1. */
static momu_status curve_of(momui_memory *memory, const float *directogram, int64_t frames,
                            float sign, float **curve, momu_error *error) {
    float *made = momui_calloc(memory, (size_t)frames, sizeof *made);
    if (!made)
        return momui_fail_memory(error, "a rhythm curve");
    float largest = 0.0f;
    for (int64_t t = 1; t < frames; ++t) {
        const float *d = directogram + t * MOMUI_DIRECTIONS;
        for (int k = 0; k < MOMUI_DIRECTIONS; ++k)
            made[t] += fmaxf(0.0f, sign * (d[k] - d[k - MOMUI_DIRECTIONS]));
        largest = momui_maxf(largest, made[t]);
    }
    double top = 0.0;
    momu_status status = percentile99(memory, made, frames, &top, error);
    /* a short flick in a still take can leave the percentile at nothing: then its peak is the scale
     */
    float scale = top > 0.0 ? (float)top : largest;
    for (int64_t t = 0; t < frames; ++t)
        made[t] = scale > 0.0f ? fminf(made[t] / scale, 1.0f) : 0.0f;
    if (status != MOMU_OK) {
        momui_free(made);
        made = NULL;
    }
    *curve = made;
    return status;
}

/* The directogram and those curves that are asked for; all freed where one fails. */
static momu_status measure(momui_memory *memory, const momui_motion *motion, float **directogram,
                           float **acceleration, float **deceleration, momu_error *error) {
    float *made = NULL, *up = NULL, *down = NULL;
    if (fabs(motion->fps - MOMUI_MOTION_RATE) > 1e-6)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "rhythm curves are made at 62.5 frames a second, not %g", motion->fps);
    momu_status status = momui_directogram(memory, motion, &made, error);
    if (status == MOMU_OK && acceleration)
        status = curve_of(memory, made, motion->frames, 1.0f, &up, error);
    if (status == MOMU_OK && deceleration)
        status = curve_of(memory, made, motion->frames, -1.0f, &down, error);
    if (status != MOMU_OK) {
        momui_free(made);
        momui_free(up);
        momui_free(down);
        made = up = down = NULL;
    }
    *directogram = made;
    if (acceleration)
        *acceleration = up;
    if (deceleration)
        *deceleration = down;
    return status;
}

momu_status momui_rhythm_curves(momui_memory *memory, const momui_motion *motion,
                                float **acceleration, float **deceleration, momu_error *error) {
    float *directogram = NULL;
    momu_status status = measure(memory, motion, &directogram, acceleration, deceleration, error);
    momui_free(directogram);
    return status;
}

/* sums (frames) is scratch. Pictures have y down: their bins are those of bodies the other way
 * round. */
static momu_status fill_rows(momui_memory *memory, const float *directogram, int64_t frames,
                             bool picture, const float *acceleration, const float *deceleration,
                             float *sums, float *rows, momu_error *error) {
    static const double MOST = 1.5;
    double top = 0;
    for (int64_t t = 0; t < frames; t++) {
        sums[t] = 0;
        for (int k = 0; k < MOMUI_DIRECTIONS; k++)
            sums[t] += directogram[t * MOMUI_DIRECTIONS + k];
    }
    MOMUI_TRY(percentile99(memory, sums, frames, &top, error));
    for (int64_t t = 0; t < frames; t++) {
        float *row = rows + t * MOMUI_RHYTHM_ROWS;
        for (int k = 0; k < MOMUI_DIRECTIONS; k++) {
            double moved = (double)directogram[t * MOMUI_DIRECTIONS + k];
            row[picture ? MOMUI_DIRECTIONS - 1 - k : k] =
                top > 0 ? (float)fmin(moved / top, MOST) : 0;
        }
        row[MOMUI_DIRECTIONS] = acceleration[t];
        row[MOMUI_DIRECTIONS + 1] = deceleration[t];
    }
    return MOMU_OK;
}

momu_status momui_rhythm_rows(momui_memory *memory, const momui_motion *motion, float **rows,
                              momu_error *error) {
    float *directogram = NULL, *up = NULL, *down = NULL, *made = NULL, *sums = NULL;
    size_t frames = (size_t)motion->frames;
    *rows = NULL;
    momu_status status = measure(memory, motion, &directogram, &up, &down, error);
    if (status == MOMU_OK) {
        made = momui_alloc(memory, frames, MOMUI_RHYTHM_ROWS * sizeof *made);
        sums = momui_alloc(memory, frames, sizeof *sums);
        status = made && sums ? fill_rows(memory, directogram, motion->frames,
                                          motion->kind == MOMUI_MOTION_KEYPOINTS, up, down, sums,
                                          made, error)
                              : momui_fail_memory(error, "the rhythm of a dance");
    }
    momui_free(directogram);
    momui_free(up);
    momui_free(down);
    momui_free(sums);
    if (status == MOMU_OK)
        *rows = made;
    else
        momui_free(made);
    return status;
}

/* ---- beats ---- */

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

static size_t find_maxima(const float *curve, int64_t frames, double least, peak *peaks) {
    size_t count = 0;
    for (int64_t t = 1; t + 1 < frames; ++t) {
        int64_t end = t; /* a flat top counts once, in its middle */
        while (end + 1 < frames && curve[end + 1] == curve[t])
            ++end;
        if (curve[t] > curve[t - 1] && end + 1 < frames && curve[end + 1] < curve[t] &&
            (double)curve[t] > least) {
            peaks[count].frame = (t + end) / 2;
            peaks[count++].height = curve[t];
        }
        t = end;
    }
    return count;
}

/* The highest peaks first; each keeps others away. `taken` (frames) zeroed. Returns beats in order.
 * The curve at t is made from frames t-2, t-1 and t: what it tells happens in the middle of them,
 * at t-1. */
static size_t pick(const peak *peaks, size_t count, int64_t distance, int64_t frames,
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

static momu_status smooth_curve(momui_memory *memory, float *curve, int64_t frames,
                                momu_error *error) {
    double *rough = momui_alloc(memory, (size_t)frames, 2 * sizeof *rough);
    if (!rough)
        return momui_fail_memory(error, "a smoothed rhythm curve");
    double *smooth = rough + frames;
    for (int64_t t = 0; t < frames; ++t)
        rough[t] = (double)curve[t];
    momu_status status =
        momui_smooth(memory, rough, frames, 1, BEAT_SIGMA * MOMUI_MOTION_RATE, smooth, error);
    for (int64_t t = 0; status == MOMU_OK && t < frames; ++t)
        curve[t] = (float)smooth[t];
    momui_free(rough);
    return status;
}

static momu_status beats_of_curve(momui_memory *memory, float *curve, int64_t frames,
                                  double **times, size_t *count, momu_error *error) {
    double top;
    MOMUI_TRY(smooth_curve(memory, curve, frames, error));
    MOMUI_TRY(percentile99(memory, curve, frames, &top, error));
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
    size_t found = find_maxima(curve, frames, BEAT_HEIGHT * top, peaks);
    qsort(peaks, found, sizeof *peaks, higher_first);
    int64_t distance = (int64_t)ceil(BEAT_DISTANCE * MOMUI_MOTION_RATE - 1e-9);
    *count = pick(peaks, found, distance, frames, taken, *times);
    momui_free(peaks);
    momui_free(taken);
    return MOMU_OK;
}

/* At 62.5 frames a second, sampled in the middle of the mel frames; a motion that has the rate is
 * taken as sampled there. */
static momu_status at_clock(momui_memory *memory, const momui_motion *motion, momui_motion **made,
                            momu_error *error) {
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
    float *curve = NULL;
    *times = NULL;
    *count = 0;
    MOMUI_TRY(at_clock(memory, motion, &resampled, error));
    const momui_motion *clocked = resampled ? resampled : motion;
    momu_status status = momui_rhythm_curves(memory, clocked, paper_acceleration ? &curve : NULL,
                                             paper_acceleration ? NULL : &curve, error);
    if (status == MOMU_OK)
        status = beats_of_curve(memory, curve, clocked->frames, times, count, error);
    momui_free(curve);
    momui_motion_free(resampled);
    return status;
}

momu_status momui_rhythm_beats(momui_memory *memory, const float *rows, int64_t frames,
                               double **times, size_t *count, momu_error *error) {
    *times = NULL;
    *count = 0;
    float *curve = momui_alloc(memory, (size_t)frames, sizeof *curve);
    if (!curve)
        return momui_fail_memory(error, "a rhythm curve");
    for (int64_t t = 0; t < frames; ++t)
        curve[t] = rows[t * MOMUI_RHYTHM_ROWS + MOMUI_DIRECTIONS + 1];
    momu_status status = beats_of_curve(memory, curve, frames, times, count, error);
    momui_free(curve);
    return status;
}
