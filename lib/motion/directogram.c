/* The directogram: joints -> a plane (a picture, or the dancer's front) -> movement from frame to
 * frame, summed by direction. docs/features.md, "Rhythm". */
#include "motion/directogram.h"
#include "base/extremes.h"
#include "motion/body.h"
#include "motion/heading.h"
#include "motion/kinematics.h"
#include <math.h>

/* Less movement of all joints together in a frame, as a share of the dancer's extent, is
 * rounding. */
#define STILLNESS 2e-5

/* ---- the plane in which movement is measured ---- */

typedef struct plane {
    int64_t frames;
    int32_t joints;
    float *points;           /* (frames, joints, 2) */
    const float *confidence; /* as the motion's, or NULL */
    double extent;
} plane;

static void measure_extent(plane *p) {
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

static void project_to_front(const momui_motion *body, const double *yaw, float *points) {
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

static momu_status front_plane(momui_memory *memory, const momui_motion *body, plane *p,
                               momu_error *error) {
    double *yaw;
    MOMUI_TRY(momui_motion_check(body, error));
    MOMUI_TRY(momui_heading(memory, body, &yaw, error));
    p->frames = body->frames;
    p->joints = MOMUI_BODY_JOINTS;
    p->points = momui_alloc(memory, (size_t)body->frames * MOMUI_BODY_JOINTS, 2 * sizeof(float));
    if (p->points)
        project_to_front(body, yaw, p->points);
    momui_free(yaw);
    return p->points ? MOMU_OK : momui_fail_memory(error, "the motion's front plane");
}

static momu_status picture_plane(momui_memory *memory, const momui_motion *motion, plane *p,
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
        status = picture_plane(memory, motion, p, error);
    } else if (momui_motion_is_body(motion)) {
        status = front_plane(memory, motion, p, error);
    } else {
        MOMUI_TRY(momui_body_from_motion(memory, motion, &body, NULL, error));
        status = front_plane(memory, body, p, error);
        momui_motion_free(body);
    }
    if (status == MOMU_OK)
        measure_extent(p);
    return status;
}

/* ---- the directogram ---- */

static int bin_of(double x, double y) {
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
            sums[bin_of(x, y)] += length;
    }
    bool still = total <= STILLNESS * p->extent;
    for (int k = 0; k < MOMUI_DIRECTIONS; ++k)
        out[k] = still ? 0.0f : (float)sums[k];
}

momu_status momui_directogram(momui_memory *memory, const momui_motion *motion, float **directogram,
                              momu_error *error) {
    plane p = {0};
    momu_status status;
    *directogram = NULL;
    MOMUI_TRY_GOTO(open_plane(memory, motion, &p, error), status, done);
    *directogram = momui_calloc(memory, (size_t)p.frames, MOMUI_DIRECTIONS * sizeof(float));
    if (!*directogram)
        status = momui_fail_memory(error, "the directogram");
    for (int64_t t = 1; status == MOMU_OK && t < p.frames; ++t) {
        directogram_frame(&p, t, *directogram + t * MOMUI_DIRECTIONS);
        status = momui_check_cancelled(memory, error);
    }
done:
    if (status != MOMU_OK) {
        momui_free(*directogram);
        *directogram = NULL;
    }
    momui_free(p.points);
    return status;
}
