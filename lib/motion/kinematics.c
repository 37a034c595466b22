#include "motion/kinematics.h"

void momui_forward_kinematics(const momui_skeleton *skeleton, const float *rotations,
                              const float *root, float *positions, momui_quat *globals) {
    momui_quat own[MOMUI_BODY_JOINTS];
    momui_quat *global = globals ? globals : own;
    for (int32_t j = 0; j < skeleton->joints; ++j) {
        int32_t parent = skeleton->parents[j];
        momui_quat local = momui_quat_unit(momui_quat_load(rotations + 4 * j));
        if (parent < 0) {
            global[j] = local;
            momui_vec3 at = momui_vec3_load(j == 0 ? root : skeleton->offsets + 3 * j);
            momui_vec3_store(at, positions + 3 * j);
            continue;
        }
        global[j] = momui_quat_multiply(global[parent], local);
        momui_vec3 offset = momui_vec3_load(skeleton->offsets + 3 * j);
        momui_vec3 at = momui_vec3_add(momui_vec3_load(positions + 3 * parent),
                                       momui_quat_rotate(global[parent], offset));
        momui_vec3_store(at, positions + 3 * j);
    }
}

momu_status momui_motion_update(momui_motion *motion, momu_error *error) {
    size_t joints = (size_t)motion->skeleton.joints;
    momui_quat *globals = momui_alloc(motion->memory, joints, sizeof *globals);
    if (!globals)
        return momui_fail_memory(error, "the joints' orientations");
    for (size_t t = 0; t < (size_t)motion->frames; ++t)
        momui_forward_kinematics(&motion->skeleton, motion->rotations + t * joints * 4,
                                 motion->root + t * 3, motion->positions + t * joints * 3, globals);
    momui_free(globals);
    return MOMU_OK;
}

static double clamp_cosine(double x) {
    return x < -1.0 ? -1.0 : x > 1.0 ? 1.0 : x;
}

double momui_two_bone_ik(momui_vec3 root, momui_vec3 middle, momui_vec3 end, momui_vec3 target,
                         momui_vec3 hint, momui_quat *upper, momui_quat *lower) {
    momui_vec3 none = {0, 0, 0};
    momui_vec3 bone_a = momui_vec3_subtract(middle, root),
               bone_b = momui_vec3_subtract(end, middle);
    double a = momui_vec3_length(bone_a), b = momui_vec3_length(bone_b);
    *upper = *lower = momui_quat_identity();
    if (a < 1e-6 || b < 1e-6)
        return momui_vec3_length(momui_vec3_subtract(target, end));
    momui_vec3 wish = momui_vec3_subtract(target, root);
    double wished = momui_vec3_length(wish);
    double reach = fmin(fmax(wished, fabs(a - b) + 1e-6), a + b - 1e-6);

    double cosine = (reach * reach - a * a - b * b) / (2.0 * a * b);
    double then = acos(clamp_cosine(cosine));

    /* the hinge: from the bend where there is one; for a straight limb from the hint */
    momui_vec3 unit_a = momui_vec3_scale(bone_a, 1.0 / a);
    momui_vec3 bend = momui_vec3_cross(unit_a, momui_vec3_scale(bone_b, 1.0 / b));
    double slack = asin(fmin(1.0, momui_vec3_length(bend)));
    double trust = 1.0 - (1.0 - momui_smoothstep(0.02, 0.15, slack)) *
                             momui_smoothstep(0.0, 0.1, fabs(then - slack));
    momui_vec3 axis = momui_vec3_unit(momui_vec3_reject(hint, unit_a), none);
    axis = momui_vec3_mix(axis, momui_vec3_unit(bend, axis), trust);
    axis = momui_vec3_unit(axis, momui_vec3_of(1, 0, 0));

    /* the interior angle at the joint between, now: signed about the axis */
    momui_vec3 across = momui_vec3_cross(bone_a, bone_b);
    double now = atan2(momui_vec3_dot(across, axis), momui_vec3_dot(bone_a, bone_b));
    momui_quat bent = momui_quat_about(axis, then - now);
    momui_vec3 along = momui_vec3_scale(bone_a, b / a); /* where a straight limb would go on */
    momui_vec3 exact = momui_quat_rotate(momui_quat_about(axis, then), along);
    bent = momui_quat_multiply(momui_quat_between(momui_quat_rotate(bent, bone_b), exact), bent);
    momui_vec3 new_end = momui_vec3_add(bone_a, momui_quat_rotate(bent, bone_b));

    /* then the whole limb is turned so that its end points at the target */
    momui_quat aim = wished > 1e-6 ? momui_quat_between(new_end, wish) : momui_quat_identity();
    *upper = aim;
    *lower = momui_quat_multiply(aim, bent);
    momui_vec3 reached = momui_vec3_add(root, momui_quat_rotate(aim, new_end));
    return momui_vec3_length(momui_vec3_subtract(target, reached));
}

static momu_status fail_number(const momui_motion *motion, int64_t frame, int32_t joint,
                               const char *what, momu_error *error) {
    return momui_fail(error, MOMU_ERROR_NUMERIC,
                      "frame %lld, joint \"%s\": %s is not a finite number", (long long)frame,
                      motion->skeleton.names[joint], what);
}

static bool all_finite(const float *values, int count) {
    for (int i = 0; i < count; ++i)
        if (!isfinite(values[i]) || fabsf(values[i]) > 1e9f)
            return false;
    return true;
}

momu_status momui_motion_check(const momui_motion *motion, momu_error *error) {
    int32_t joints = motion->skeleton.joints;
    int axes = motion->kind == MOMUI_MOTION_KEYPOINTS ? 2 : 3;
    if (!(motion->fps > 0.0) || !isfinite(motion->fps))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "the motion's frame rate is %g, which is no number above 0", motion->fps);
    if (motion->frames < 1)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "the motion has no frames");
    for (int64_t t = 0; t < motion->frames; ++t) {
        if (motion->root && !all_finite(motion->root + 3 * t, 3))
            return fail_number(motion, t, 0, "the root's position", error);
        for (int32_t j = 0; j < joints; ++j) {
            int64_t cell = t * joints + j;
            if (motion->rotations && !all_finite(motion->rotations + 4 * cell, 4))
                return fail_number(motion, t, j, "the rotation", error);
            if (motion->confidence && !(motion->confidence[cell] > 0.0f))
                continue;
            if (!all_finite(motion->positions + axes * cell, axes))
                return fail_number(motion, t, j, "the position", error);
        }
    }
    return MOMU_OK;
}
