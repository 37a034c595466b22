/* Motion from the caller's arrays. */
#include "api/api.h"

#include "io/npz/npz_layouts.h"
#include "motion/kinematics.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void momu_motion_description_init(momu_motion_description *description, size_t size) {
    momui_init_struct(description, size);
}

static const char *const *usual_names(const momu_motion_description *d) {
    if (d->names || d->kind == MOMU_MOTION_JOINTS)
        return d->names;
    return d->joints == MOMUI_BODY_JOINTS ? momui_body_names
                                          : momui_usual_keypoint_names(d->joints);
}

static momu_status check_arrays(const momu_motion_description *d, momu_error *error) {
    bool joints = d->kind == MOMU_MOTION_JOINTS;
    const char *missing = NULL;
    if (joints)
        missing = !d->names       ? "names"
                  : !d->parents   ? "parents"
                  : !d->offsets   ? "offsets"
                  : !d->rotations ? "rotations"
                  : !d->root      ? "root"
                                  : NULL;
    else
        missing = !d->positions ? "positions" : !usual_names(d) ? "names" : NULL;
    if (missing)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "motion description: %s is NULL", missing);
    return MOMU_OK;
}

static momu_status check_description(const momu_motion_description *d, momu_error *error) {
    if (d->kind < MOMU_MOTION_JOINTS || d->kind > MOMU_MOTION_KEYPOINTS)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "motion description: kind is %d, expected 0 to 2", (int)d->kind);
    if (d->joints < 1 || d->joints > MOMU_MAX_JOINTS)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "motion description: joints is %d, expected 1 to %d", (int)d->joints,
                          (int)MOMU_MAX_JOINTS);
    if (d->frames < 1 || d->frames > MOMU_MAX_MOTION_FRAMES)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "motion description: frames is %lld, expected 1 to %lld",
                          (long long)d->frames, (long long)MOMU_MAX_MOTION_FRAMES);
    MOMUI_TRY(
        momui_check_range("motion description: fps", d->fps, MOMU_MIN_FPS, MOMU_MAX_FPS, error));
    return check_arrays(d, error);
}

static momu_status fill_skeleton(const momu_motion_description *d, momui_skeleton *skeleton,
                                 momu_error *error) {
    const char *const *names = usual_names(d);
    for (int32_t j = 0; j < d->joints; j++) {
        size_t length = names[j] ? strlen(names[j]) : 0;
        if (length == 0 || length > 63)
            return momui_fail(error, MOMU_ERROR_ARGUMENT,
                              "motion description: the name of joint %d has %zu bytes, expected 1 "
                              "to 63",
                              (int)j, length);
        memcpy(skeleton->names[j], names[j], length + 1);
        int32_t parent = -1;
        if (d->kind == MOMU_MOTION_JOINTS) {
            parent = d->parents[j];
            if (j == 0 ? parent != -1 : parent < 0 || parent >= j)
                return momui_fail(error, MOMU_ERROR_ARGUMENT,
                                  "motion description: the parent of joint %d (%s) is %d, expected "
                                  "%s",
                                  (int)j, names[j], (int)parent,
                                  j == 0 ? "-1" : "an earlier joint");
        }
        skeleton->parents[j] = parent;
    }
    return MOMU_OK;
}

static momu_status fill_joints(const momu_motion_description *d, momui_motion *motion,
                               momu_error *error) {
    size_t joints = (size_t)d->joints, frames = (size_t)d->frames;
    MOMUI_TRY(momui_check_finite("offsets", d->offsets, joints * 3, 3, "joint", error));
    MOMUI_TRY(momui_check_finite("rotations", d->rotations, frames * joints * 4, joints * 4,
                                 "frame", error));
    MOMUI_TRY(momui_check_finite("root", d->root, frames * 3, 3, "frame", error));
    memcpy(motion->skeleton.offsets, d->offsets, joints * 3 * sizeof(float));
    memcpy(motion->root, d->root, frames * 3 * sizeof(float));
    for (size_t i = 0; i < frames * joints; i++) {
        const float *q = d->rotations + 4 * i;
        double length = sqrt((double)q[0] * q[0] + (double)q[1] * q[1] + (double)q[2] * q[2] +
                             (double)q[3] * q[3]);
        if (!(length > 1e-6))
            return momui_fail(error, MOMU_ERROR_ARGUMENT,
                              "rotations: joint %zu of frame %zu is zero, expected a quaternion",
                              i % joints, i / joints);
        for (int k = 0; k < 4; k++)
            motion->rotations[4 * i + (size_t)k] = (float)(q[k] / length);
    }
    return momui_motion_update(motion, error);
}

static momu_status fill_points(const momu_motion_description *d, momui_motion *motion,
                               momu_error *error) {
    size_t axes = d->kind == MOMU_MOTION_KEYPOINTS ? 2 : 3;
    size_t points = (size_t)d->frames * (size_t)d->joints;
    memcpy(motion->positions, d->positions, points * axes * sizeof(float));
    if (!d->confidence)
        return momui_motion_check(motion, error);
    motion->confidence = momui_alloc(motion->memory, points, sizeof(float));
    if (!motion->confidence)
        return momui_fail_memory(error, "the motion");
    for (size_t i = 0; i < points; i++) {
        if (!(d->confidence[i] >= 0 && d->confidence[i] <= 1))
            return momui_fail(error, MOMU_ERROR_ARGUMENT,
                              "confidence: joint %zu of frame %zu is %g, expected 0 to 1",
                              i % (size_t)d->joints, i / (size_t)d->joints,
                              (double)d->confidence[i]);
        motion->confidence[i] = d->confidence[i];
        /* What is not looked at must not hold a NaN either. */
        if (d->confidence[i] == 0)
            memset(motion->positions + i * axes, 0, axes * sizeof(float));
    }
    return momui_motion_check(motion, error);
}

static momu_status create(momu_context *context, const momu_motion_description *d,
                          momui_motion **made) {
    momu_error *error = &context->error;
    MOMUI_TRY(check_description(d, error));
    *made =
        momui_motion_new(context->memory, (momui_motion_kind)d->kind, d->joints, d->frames, d->fps);
    if (!*made)
        return momui_fail_memory(error, "the motion");
    MOMUI_TRY(fill_skeleton(d, &(*made)->skeleton, error));
    return d->kind == MOMU_MOTION_JOINTS ? fill_joints(d, *made, error)
                                         : fill_points(d, *made, error);
}

static momu_status motion_create(momu_context *context, const momu_motion_description *description,
                                 momu_motion **motion) {
    momu_error *error = &context->error;
    if (!motion || !description)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "momu_motion_create: no %s",
                          motion ? "description" : "place for the motion");
    momu_motion_description own;
    if (!momui_copy_struct(&own, sizeof own, description, description->struct_size))
        return momui_fail(
            error, MOMU_ERROR_ARGUMENT,
            "motion description: struct_size is %zu; call momu_motion_description_init()",
            description->struct_size);
    momui_motion *made = NULL;
    momu_status status = create(context, &own, &made);
    if (status == MOMU_OK)
        momui_motion_publish(context, made, motion);
    else
        momui_motion_free(made);
    return status;
}

momu_status momu_motion_create(momu_context *context, const momu_motion_description *description,
                               momu_motion **motion) {
    if (motion)
        *motion = NULL;
    MOMUI_TRY(momui_call_open(context));
    return momui_call_close(context, motion_create(context, description, motion));
}
