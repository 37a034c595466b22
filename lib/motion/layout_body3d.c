/* The layout body3d: the canonical body -> height, velocity, turn rate, positions, 6-D rotations
 * and contacts (frames, 206), and back. */
#include "motion/body.h"
#include "motion/contacts.h"
#include "motion/foot_skate.h"
#include "motion/heading.h"
#include "motion/kinematics.h"
#include "motion/layout.h"
#include <string.h>

/* where the parts of a frame begin; docs/features.md, "body3d" */
enum {
    AT_HEIGHT = 0,
    AT_VELOCITY = 1,
    AT_TURN = 3,
    AT_POSITIONS = 4,
    AT_ROTATIONS = 70,
    AT_CONTACTS = 202
};

/* ---- encoding ---- */

/* (x, z) as seen from a frame that is turned by `yaw`. */
static void into_heading(double yaw, double x, double z, double *across, double *ahead) {
    *across = cos(yaw) * x - sin(yaw) * z;
    *ahead = sin(yaw) * x + cos(yaw) * z;
}

static void encode_frame(const momui_motion *body, int64_t t, const double *yaw,
                         const uint8_t *contacts, float *out) {
    const float *places = body->positions + t * MOMUI_BODY_JOINTS * 3;
    const float *rotations = body->rotations + t * MOMUI_BODY_JOINTS * 4;
    double x = (double)places[0], z = (double)places[2], across, ahead;
    out[AT_HEIGHT] = places[1];
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j) {
        into_heading(yaw[t], (double)places[3 * j] - x, (double)places[3 * j + 2] - z, &across,
                     &ahead);
        out[AT_POSITIONS + 3 * j] = (float)across;
        out[AT_POSITIONS + 3 * j + 1] = places[3 * j + 1];
        out[AT_POSITIONS + 3 * j + 2] = (float)ahead;
        momui_quat local = momui_quat_unit(momui_quat_load(rotations + 4 * j));
        if (j == 0)
            local = momui_quat_multiply(momui_quat_about(momui_vec3_of(0, 1, 0), -yaw[t]), local);
        momui_quat_to_6d(local, out + AT_ROTATIONS + 6 * j);
    }
    for (int c = 0; c < MOMUI_CONTACTS; ++c)
        out[AT_CONTACTS + c] = contacts[t * MOMUI_CONTACTS + c];
    if (t + 1 < body->frames) {
        const float *next = places + MOMUI_BODY_JOINTS * 3;
        into_heading(yaw[t], (double)next[0] - x, (double)next[2] - z, &across, &ahead);
        out[AT_VELOCITY] = (float)(across * MOMUI_MOTION_RATE);
        out[AT_VELOCITY + 1] = (float)(ahead * MOMUI_MOTION_RATE);
        out[AT_TURN] = (float)((yaw[t + 1] - yaw[t]) * MOMUI_MOTION_RATE);
    } else if (t > 0) {
        memcpy(out + AT_VELOCITY, out + AT_VELOCITY - MOMUI_BODY3D_FEATURES, 3 * sizeof *out);
    } else {
        memset(out + AT_VELOCITY, 0, 3 * sizeof *out);
    }
}

static momu_status check_body(const momui_motion *body, momu_error *error) {
    if (!momui_motion_is_body(body))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "body3d features are made from the canonical body of 22 joints");
    if (fabs(body->fps - MOMUI_MOTION_RATE) > 1e-6)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "body3d features are made at 62.5 frames a second, not %g", body->fps);
    return momui_motion_check(body, error);
}

momu_status momui_body3d_encode(momui_memory *memory, const momui_motion *body, float **features,
                                momui_body3d_start *start, momu_error *error) {
    double ground, *yaw = NULL;
    uint8_t *contacts = NULL;
    momu_status status = MOMU_OK;
    *features = NULL;
    MOMUI_TRY(check_body(body, error));
    MOMUI_TRY(momui_body_ground(memory, body, &ground, error));
    MOMUI_TRY_GOTO(momui_heading(memory, body, &yaw, error), status, end);
    MOMUI_TRY_GOTO(momui_contacts_detect(memory, body, ground, &contacts, error), status, end);
    *features = momui_alloc(memory, (size_t)body->frames, MOMUI_BODY3D_FEATURES * sizeof(float));
    if (!*features) {
        status = momui_fail_memory(error, "the motion's features");
        goto end;
    }
    for (int64_t t = 0; t < body->frames; ++t)
        encode_frame(body, t, yaw, contacts, *features + t * MOMUI_BODY3D_FEATURES);
    if (start) {
        start->x = body->positions[0];
        start->z = body->positions[2];
        start->yaw = (float)yaw[0];
    }
end:
    momui_free(yaw);
    momui_free(contacts);
    return status;
}

/* ---- decoding ---- */

static momu_status check_features(const float *features, int64_t frames, momu_error *error) {
    if (frames < 1 || frames > MOMUI_MAX_MOTION_FRAMES)
        return momui_fail(error, MOMU_ERROR_LIMIT, "%lld frames of features are not 1 to %d",
                          (long long)frames, (int)MOMUI_MAX_MOTION_FRAMES);
    for (int64_t i = 0; i < frames * MOMUI_BODY3D_FEATURES; ++i)
        if (!isfinite(features[i]))
            return momui_fail(error, MOMU_ERROR_NUMERIC,
                              "frame %lld, feature %d: the value is not a finite number",
                              (long long)(i / MOMUI_BODY3D_FEATURES),
                              (int)(i % MOMUI_BODY3D_FEATURES));
    return MOMU_OK;
}

/* Integrates turn rates and velocities. Rotations that are degenerate, as a network may output
 * them, repeat the frame before. */
static void decode_frames(const float *features, const momui_body3d_start *start,
                          momui_motion *body) {
    double x = start ? (double)start->x : 0.0, z = start ? (double)start->z : 0.0;
    double yaw = start ? (double)start->yaw : 0.0;
    momui_quat last[MOMUI_BODY_JOINTS];
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j)
        last[j] = momui_quat_identity();
    for (int64_t t = 0; t < body->frames; ++t) {
        const float *in = features + t * MOMUI_BODY3D_FEATURES;
        float *rotations = body->rotations + t * MOMUI_BODY_JOINTS * 4;
        for (int j = 0; j < MOMUI_BODY_JOINTS; ++j) {
            momui_quat_from_6d(in + AT_ROTATIONS + 6 * j, &last[j]);
            momui_quat local = last[j];
            if (j == 0)
                local = momui_quat_multiply(momui_quat_about(momui_vec3_of(0, 1, 0), yaw), local);
            momui_quat_store(local, rotations + 4 * j);
        }
        momui_vec3_store(momui_vec3_of(x, (double)in[AT_HEIGHT], z), body->root + 3 * t);
        double across = (double)in[AT_VELOCITY] / MOMUI_MOTION_RATE;
        double ahead = (double)in[AT_VELOCITY + 1] / MOMUI_MOTION_RATE;
        x += cos(yaw) * across + sin(yaw) * ahead;
        z += -sin(yaw) * across + cos(yaw) * ahead;
        yaw += (double)in[AT_TURN] / MOMUI_MOTION_RATE;
    }
    for (int j = 0; j < MOMUI_BODY_JOINTS; ++j)
        momui_quat_continue(body->rotations + 4 * j, body->frames, MOMUI_BODY_JOINTS * 4);
}

static momu_status measure_skate(momui_memory *memory, const momui_motion *body, double *skate,
                                 momu_error *error) {
    double ground, seconds;
    MOMUI_TRY(momui_body_ground(memory, body, &ground, error));
    *skate = momui_foot_skate(body, ground, &seconds);
    return MOMU_OK;
}

static momu_status lock_feet(momui_memory *memory, const float *features, bool foot_lock,
                             momui_motion *body, momui_feet_report *feet, momu_error *error) {
    uint8_t *contacts = momui_alloc(memory, (size_t)body->frames, MOMUI_CONTACTS);
    if (!contacts)
        return momui_fail_memory(error, "the foot contacts");
    for (int64_t t = 0; t < body->frames; ++t)
        for (int c = 0; c < MOMUI_CONTACTS; ++c)
            contacts[t * MOMUI_CONTACTS + c] =
                features[t * MOMUI_BODY3D_FEATURES + AT_CONTACTS + c] > 0.5f;
    momui_feet_report report = {0};
    momu_status status = measure_skate(memory, body, &report.skate_before, error);
    report.skate_after = report.skate_before;
    if (status == MOMU_OK && foot_lock) {
        status = momui_foot_lock(memory, body, contacts, error);
        if (status == MOMU_OK)
            status = measure_skate(memory, body, &report.skate_after, error);
    }
    if (feet)
        *feet = report;
    momui_free(contacts);
    return status;
}

momu_status momui_body3d_decode(momui_memory *memory, const float *features, int64_t frames,
                                const momui_body3d_start *start, bool foot_lock,
                                momui_motion **body, momui_feet_report *feet, momu_error *error) {
    *body = NULL;
    MOMUI_TRY(check_features(features, frames, error));
    momui_motion *made = momui_body_new(memory, frames, MOMUI_MOTION_RATE);
    if (!made)
        return momui_fail_memory(error, "the decoded motion");
    decode_frames(features, start, made);
    momu_status status = momui_motion_update(made, error);
    if (status == MOMU_OK && (foot_lock || feet))
        status = lock_feet(memory, features, foot_lock, made, feet, error);
    if (status == MOMU_OK)
        *body = made;
    else
        momui_motion_free(made);
    return status;
}
