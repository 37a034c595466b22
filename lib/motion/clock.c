/* A motion at other frame rates and times: motion -> channels over time (frames, channels) ->
 * low-pass -> interpolation -> motion. And the mirrored body. */
#include "motion/clock.h"
#include "motion/heading.h"
#include "motion/kinematics.h"
#include <string.h>

/* A motion as channels that may be smoothed and interpolated. JOINTS: 7 a joint (a quaternion
 * continuous in sign, the translation from the parent in its frame; for the root its position).
 * Other kinds: the positions. */
typedef struct motion_channels {
    const momui_motion *motion;
    int32_t channels, joint_channels;
    double *values; /* (frames, channels) */
    bool smoothed;
} motion_channels;

int64_t momui_motion_frames_at(const momui_motion *motion, double fps) {
    /* plus a millionth of a frame, so that 1250 frames at 62.5 are 600 at 30 and not 599 */
    double frames = (double)motion->frames / motion->fps * fps + 1e-6;
    return frames < 9e15 ? (int64_t)frames : INT64_MAX;
}

/* ---- motion to channels ---- */

static void joint_channels_of(const momui_motion *m, int64_t t, momui_quat *globals, double *out) {
    int32_t joints = m->skeleton.joints;
    const float *places = m->positions + t * joints * 3;
    for (int32_t j = 0; j < joints; ++j) {
        momui_quat q = momui_quat_unit(momui_quat_load(m->rotations + (t * joints + j) * 4));
        int32_t parent = m->skeleton.parents[j];
        momui_vec3 at = momui_vec3_load(j == 0 ? m->root + 3 * t : places + 3 * j);
        globals[j] = q;
        if (parent >= 0) {
            at = momui_vec3_subtract(at, momui_vec3_load(places + 3 * parent));
            at = momui_quat_rotate(momui_quat_conjugate(globals[parent]), at);
            globals[j] = momui_quat_multiply(globals[parent], q);
        }
        double *c = out + 7 * j;
        if (t > 0) {
            const double *p = c - 7 * (int64_t)joints;
            q = momui_quat_near(q, momui_quat_of(p[0], p[1], p[2], p[3]));
        }
        c[0] = q.w;
        c[1] = q.x;
        c[2] = q.y;
        c[3] = q.z;
        c[4] = at.x;
        c[5] = at.y;
        c[6] = at.z;
    }
}

/* Interpolates missing keypoints linearly, so that smoothing mixes in no undefined positions. */
static void fill_missing(const momui_motion *m, int32_t joint, motion_channels *c) {
    int32_t joints = m->skeleton.joints, axes = c->joint_channels;
    int64_t last = -1;
    for (int64_t t = 0; t <= m->frames; ++t) {
        bool present = t < m->frames && m->confidence[t * joints + joint] > 0.0f;
        if (!present && t < m->frames)
            continue;
        for (int64_t s = last + 1; s < t && (last >= 0 || present); ++s)
            for (int32_t a = 0; a < axes; ++a) {
                double *column = c->values + joint * axes + a;
                double before = last >= 0 ? column[last * c->channels] : column[t * c->channels];
                double after = present ? column[t * c->channels] : before;
                double part = last >= 0 ? (double)(s - last) / (double)(t - last) : 0.0;
                column[s * c->channels] = before + (after - before) * part;
            }
        for (int64_t s = last + 1; s < t && last < 0 && !present; ++s)
            memset(c->values + s * c->channels + joint * axes, 0, (size_t)axes * sizeof(double));
        last = t;
    }
}

static momu_status open_channels(momui_memory *memory, const momui_motion *m, motion_channels *c,
                                 momu_error *error) {
    MOMUI_TRY(momui_motion_check(m, error));
    int32_t joints = m->skeleton.joints;
    c->motion = m;
    c->joint_channels = m->kind == MOMUI_MOTION_JOINTS      ? 7
                        : m->kind == MOMUI_MOTION_POSITIONS ? 3
                                                            : 2;
    c->channels = c->joint_channels * joints;
    size_t cells;
    momui_quat *globals = momui_alloc(memory, (size_t)joints, sizeof *globals);
    bool fits = momui_multiply((size_t)m->frames, (size_t)c->channels, &cells);
    c->values = fits && globals ? momui_alloc(memory, cells, sizeof *c->values) : NULL;
    if (c->values && m->kind == MOMUI_MOTION_JOINTS)
        for (int64_t t = 0; t < m->frames; ++t)
            joint_channels_of(m, t, globals, c->values + t * c->channels);
    else if (c->values)
        for (size_t i = 0; i < cells; ++i)
            c->values[i] = (double)m->positions[i];
    if (c->values && m->kind != MOMUI_MOTION_JOINTS && m->confidence)
        for (int32_t j = 0; j < joints; ++j)
            fill_missing(m, j, c);
    momui_free(globals);
    return c->values ? MOMU_OK : momui_fail_memory(error, "the motion's channels");
}

/* Removes what the lower rate cannot hold: a Gaussian that halves the new Nyquist frequency,
 * weaker the nearer the rates are. */
static momu_status low_pass(momui_memory *memory, motion_channels *c, double fps,
                            momu_error *error) {
    const momui_motion *m = c->motion;
    if (!(fps < m->fps))
        return MOMU_OK;
    double ratio = fps / m->fps, sigma = 0.37 / ratio * sqrt(1.0 - ratio * ratio);
    size_t cells = (size_t)m->frames * (size_t)c->channels;
    double *smooth = momui_alloc(memory, cells, sizeof *smooth);
    if (!smooth)
        return momui_fail_memory(error, "the motion's smoothed channels");
    momu_status status =
        momui_smooth(memory, c->values, m->frames, c->channels, sigma, smooth, error);
    momui_free(c->values);
    c->values = smooth;
    c->smoothed = true;
    return status;
}

/* ---- channels to motion ---- */

static void interpolate_joints(const motion_channels *c, const double *a, const double *b,
                               double part, momui_quat *globals, int64_t frame, momui_motion *out) {
    int32_t joints = c->motion->skeleton.joints;
    float *places = out->positions + frame * joints * 3;
    for (int32_t j = 0; j < joints; ++j, a += 7, b += 7) {
        momui_quat p = momui_quat_unit(momui_quat_of(a[0], a[1], a[2], a[3]));
        momui_quat q = momui_quat_unit(momui_quat_of(b[0], b[1], b[2], b[3]));
        momui_quat local = momui_quat_slerp(p, q, part);
        momui_vec3 at =
            momui_vec3_mix(momui_vec3_of(a[4], a[5], a[6]), momui_vec3_of(b[4], b[5], b[6]), part);
        int32_t parent = c->motion->skeleton.parents[j];
        globals[j] = local;
        if (parent >= 0) {
            globals[j] = momui_quat_multiply(globals[parent], local);
            at = momui_vec3_add(momui_vec3_load(places + 3 * parent),
                                momui_quat_rotate(globals[parent], at));
        }
        momui_quat_store(local, out->rotations + (frame * joints + j) * 4);
        momui_vec3_store(at, places + 3 * j);
        if (j == 0)
            momui_vec3_store(at, out->root + 3 * frame);
    }
}

static void copy_frame(const momui_motion *m, int64_t from, int64_t to, momui_motion *out) {
    size_t joints = (size_t)m->skeleton.joints, axes = m->kind == MOMUI_MOTION_KEYPOINTS ? 2 : 3;
    size_t i = (size_t)from, o = (size_t)to;
    memcpy(out->positions + o * joints * axes, m->positions + i * joints * axes,
           joints * axes * sizeof(float));
    if (m->confidence)
        memcpy(out->confidence + o * joints, m->confidence + i * joints, joints * sizeof(float));
    if (m->kind != MOMUI_MOTION_JOINTS)
        return;
    memcpy(out->rotations + o * joints * 4, m->rotations + i * joints * 4,
           joints * 4 * sizeof(float));
    memcpy(out->root + 3 * o, m->root + 3 * i, 3 * sizeof(float));
}

static void interpolate_frame(const motion_channels *c, double seconds, momui_quat *globals,
                              int64_t frame, momui_motion *out) {
    const momui_motion *m = c->motion;
    double at = seconds * m->fps, last = (double)(m->frames - 1);
    double nearest = round(at);
    if (fabs(at - nearest) < 1e-6)
        at = nearest;
    at = at > 0.0 ? at : 0.0;
    at = at < last ? at : last;
    int64_t i = (int64_t)at, next = i + 1 < m->frames ? i + 1 : i;
    double part = at - (double)i;
    if (part == 0.0 && !c->smoothed) {
        copy_frame(m, i, frame, out);
        return;
    }
    const double *a = c->values + i * c->channels, *b = c->values + next * c->channels;
    if (m->kind == MOMUI_MOTION_JOINTS)
        interpolate_joints(c, a, b, part, globals, frame, out);
    else
        for (int32_t k = 0; k < c->channels; ++k)
            out->positions[frame * c->channels + k] = (float)(a[k] + part * (b[k] - a[k]));
    for (int32_t j = 0; m->confidence && j < m->skeleton.joints; ++j) {
        int32_t joints = m->skeleton.joints;
        float u = m->confidence[i * joints + j], v = m->confidence[next * joints + j];
        out->confidence[frame * joints + j] = part == 0.0 || u < v ? u : v;
    }
}

static momui_motion *new_like(momui_memory *memory, const momui_motion *m, int64_t frames,
                              double fps) {
    momui_motion *out = momui_motion_new(memory, m->kind, m->skeleton.joints, frames, fps);
    if (!out)
        return NULL;
    momui_skeleton_copy(&m->skeleton, &out->skeleton);
    if (m->confidence) {
        size_t cells = (size_t)frames * (size_t)m->skeleton.joints;
        out->confidence = momui_calloc(memory, cells, sizeof *out->confidence);
        if (!out->confidence) {
            momui_motion_free(out);
            return NULL;
        }
    }
    return out;
}

static momu_status interpolate_all(momui_memory *memory, const motion_channels *c,
                                   const double *times, double start, momui_motion *out,
                                   momu_error *error) {
    size_t joints = (size_t)out->skeleton.joints;
    momui_quat *globals = momui_alloc(memory, joints, sizeof *globals);
    if (!globals)
        return momui_fail_memory(error, "the joints' orientations");
    for (int64_t t = 0; t < out->frames; ++t)
        interpolate_frame(c, times ? times[t] : start + (double)t / out->fps, globals, t, out);
    if (out->kind == MOMUI_MOTION_JOINTS)
        for (size_t j = 0; j < joints; ++j)
            momui_quat_continue(out->rotations + 4 * j, out->frames, (int64_t)joints * 4);
    momui_free(globals);
    return MOMU_OK;
}

static momu_status check_clock(double fps, int64_t frames, momu_error *error) {
    if (!(fps > 0.0) || !isfinite(fps))
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "the frame rate %g is no number above 0",
                          fps);
    if (frames < 0 || frames > MOMUI_MAX_MOTION_FRAMES)
        return momui_fail(error, MOMU_ERROR_LIMIT, "%lld frames are not 0 to %d", (long long)frames,
                          (int)MOMUI_MAX_MOTION_FRAMES);
    return MOMU_OK;
}

momu_status momui_motion_resample(momui_memory *memory, const momui_motion *motion, double fps,
                                  double start, int64_t frames, momui_motion **out,
                                  momu_error *error) {
    motion_channels c = {0};
    *out = NULL;
    MOMUI_TRY(check_clock(fps, frames, error));
    if (!isfinite(start))
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "the start is not a finite number");
    momu_status status = open_channels(memory, motion, &c, error);
    if (status == MOMU_OK)
        status = low_pass(memory, &c, fps, error);
    momui_motion *made = status == MOMU_OK ? new_like(memory, motion, frames, fps) : NULL;
    if (status == MOMU_OK)
        status = made ? interpolate_all(memory, &c, NULL, start, made, error)
                      : momui_fail_memory(error, "the resampled motion");
    momui_free(c.values);
    if (status == MOMU_OK)
        *out = made;
    else
        momui_motion_free(made);
    return status;
}

momu_status momui_motion_warp(momui_memory *memory, const momui_motion *motion,
                              const double *source_times, int64_t frames, double fps,
                              momui_motion **out, momu_error *error) {
    motion_channels c = {0};
    *out = NULL;
    MOMUI_TRY(check_clock(fps, frames, error));
    for (int64_t t = 0; t < frames; ++t)
        if (!isfinite(source_times[t]))
            return momui_fail(error, MOMU_ERROR_NUMERIC,
                              "the source time of frame %lld is not a finite number", (long long)t);
    momu_status status = open_channels(memory, motion, &c, error);
    momui_motion *made = status == MOMU_OK ? new_like(memory, motion, frames, fps) : NULL;
    if (status == MOMU_OK)
        status = made ? interpolate_all(memory, &c, source_times, 0.0, made, error)
                      : momui_fail_memory(error, "the warped motion");
    momui_free(c.values);
    if (status == MOMU_OK)
        *out = made;
    else
        momui_motion_free(made);
    return status;
}

/* ---- mirroring ---- */

static int other_side(int joint) {
    static const int other[MOMUI_BODY_JOINTS] = {0,  2,  1,  3,  5,  4,  6,  8,  7,  9,  11,
                                                 10, 12, 14, 13, 15, 17, 16, 19, 18, 21, 20};
    return other[joint];
}

momu_status momui_motion_mirror(momui_memory *memory, const momui_motion *body, momui_motion **out,
                                momu_error *error) {
    *out = NULL;
    if (!momui_motion_is_body(body))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "only the canonical body of 22 joints can be mirrored");
    momui_motion *made = new_like(memory, body, body->frames, body->fps);
    if (!made)
        return momui_fail_memory(error, "the mirrored motion");
    for (int64_t t = 0; t < body->frames; ++t) {
        for (int j = 0; j < MOMUI_BODY_JOINTS; ++j) {
            int64_t to = t * MOMUI_BODY_JOINTS + j, from = t * MOMUI_BODY_JOINTS + other_side(j);
            const float *q = body->rotations + 4 * from, *p = body->positions + 3 * from;
            float *r = made->rotations + 4 * to, *s = made->positions + 3 * to;
            r[0] = q[0];
            r[1] = q[1];
            r[2] = -q[2];
            r[3] = -q[3];
            s[0] = -p[0];
            s[1] = p[1];
            s[2] = p[2];
            if (body->confidence)
                made->confidence[to] = body->confidence[from];
        }
        const float *root = body->root + 3 * t;
        made->root[3 * t] = -root[0];
        made->root[3 * t + 1] = root[1];
        made->root[3 * t + 2] = root[2];
    }
    *out = made;
    return MOMU_OK;
}
