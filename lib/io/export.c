#include "io/export.h"
#include "io/bvh/bvh.h"
#include "motion/body.h"
#include "motion/heading.h"
#include "motion/joint_names.h"
#include "motion/kinematics.h"

#include <stdio.h>
#include <string.h>

const char *momui_target_name(int32_t target) {
    static const char *const NAMES[MOMUI_TARGETS] = {"none", "blender", "unreal",   "unity",
                                                     "maya", "smpl",    "keypoints"};
    return target >= 0 && target < MOMUI_TARGETS ? NAMES[target] : NULL;
}

const char *momui_root_mode_name(int32_t mode) {
    static const char *const NAMES[MOMUI_ROOT_MODES] = {"world", "in-place", "extracted"};
    return mode >= 0 && mode < MOMUI_ROOT_MODES ? NAMES[mode] : NULL;
}

/* ---- names ---- */

/* Rigify's words with Blender's sides; Unreal's mannequin; Unity's HumanBodyBones; HumanIK. */
static const char *const joint_names[][MOMUI_BODY_JOINTS] = {
    [MOMUI_TARGET_BLENDER] = {"pelvis", "thigh.L",     "thigh.R",     "spine1",     "shin.L",
                              "shin.R", "spine2",      "foot.L",      "foot.R",     "spine3",
                              "toe.L",  "toe.R",       "neck",        "shoulder.L", "shoulder.R",
                              "head",   "upper_arm.L", "upper_arm.R", "forearm.L",  "forearm.R",
                              "hand.L", "hand.R"},
    [MOMUI_TARGET_UNREAL] = {"pelvis", "thigh_l",    "thigh_r",    "spine_01",   "calf_l",
                             "calf_r", "spine_02",   "foot_l",     "foot_r",     "spine_03",
                             "ball_l", "ball_r",     "neck_01",    "clavicle_l", "clavicle_r",
                             "head",   "upperarm_l", "upperarm_r", "lowerarm_l", "lowerarm_r",
                             "hand_l", "hand_r"},
    [MOMUI_TARGET_UNITY] = {"Hips",         "LeftUpperLeg",  "RightUpperLeg", "Spine",
                            "LeftLowerLeg", "RightLowerLeg", "Chest",         "LeftFoot",
                            "RightFoot",    "UpperChest",    "LeftToes",      "RightToes",
                            "Neck",         "LeftShoulder",  "RightShoulder", "Head",
                            "LeftUpperArm", "RightUpperArm", "LeftLowerArm",  "RightLowerArm",
                            "LeftHand",     "RightHand"},
    [MOMUI_TARGET_MAYA] = {"Hips",      "LeftUpLeg",    "RightUpLeg",    "Spine",
                           "LeftLeg",   "RightLeg",     "Spine1",        "LeftFoot",
                           "RightFoot", "Spine2",       "LeftToeBase",   "RightToeBase",
                           "Neck",      "LeftShoulder", "RightShoulder", "Head",
                           "LeftArm",   "RightArm",     "LeftForeArm",   "RightForeArm",
                           "LeftHand",  "RightHand"},
};

const char *momui_target_joint(momui_target target, int joint) {
    bool named = (size_t)target < sizeof joint_names / sizeof *joint_names && joint >= 0 &&
                 joint < MOMUI_BODY_JOINTS;
    return named ? joint_names[target][joint] : NULL;
}

static bool is_taken(const momui_skeleton *skeleton, const char *name, int32_t by) {
    int32_t found = momui_skeleton_find(skeleton, name);
    return found >= 0 && found != by;
}

/* Joints that are none of the body's keep their names, unless another has taken it; the ends of BVH
 * are named after their parents. */
static void rename_joints(const momui_skeleton *from, const momui_joint_map *map,
                          momui_target target, momui_skeleton *skeleton) {
    for (int role = 0; role < MOMUI_BODY_JOINTS; ++role) {
        const char *name = momui_target_joint(target, role);
        int32_t joint = map->role[role];
        if (!name || joint < 0)
            continue;
        int32_t other = momui_skeleton_find(skeleton, name);
        if (is_taken(skeleton, name, joint))
            snprintf(skeleton->names[other], sizeof skeleton->names[other], "joint%d", (int)other);
        snprintf(skeleton->names[joint], sizeof skeleton->names[joint], "%s", name);
    }
    for (int32_t j = 1; j < skeleton->joints; ++j) {
        char end[64];
        momui_bvh_end_name(from->names[from->parents[j]], end);
        if (strcmp(from->names[j], end) == 0)
            momui_bvh_end_name(skeleton->names[from->parents[j]], skeleton->names[j]);
    }
}

/* ---- the root ---- */

static momui_motion *copy_motion(momui_memory *memory, const momui_motion *motion) {
    momui_motion *out = momui_motion_new(memory, motion->kind, motion->skeleton.joints,
                                         motion->frames, motion->fps);
    if (!out)
        return NULL;
    size_t joints = (size_t)motion->skeleton.joints, frames = (size_t)motion->frames;
    momui_skeleton_copy(&motion->skeleton, &out->skeleton);
    memcpy(out->positions, motion->positions, frames * joints * 3 * sizeof *out->positions);
    memcpy(out->rotations, motion->rotations, frames * joints * 4 * sizeof *out->rotations);
    memcpy(out->root, motion->root, frames * 3 * sizeof *out->root);
    return out;
}

/* The first joint stays above where it began; its height and its turns are kept. */
static void hold_in_place(momui_motion *motion) {
    size_t joints = (size_t)motion->skeleton.joints;
    for (int64_t t = motion->frames - 1; t >= 0; --t)
        for (int axis = 0; axis < 3; axis += 2) {
            float away = motion->root[3 * t + axis] - motion->root[axis];
            motion->root[3 * t + axis] = motion->root[axis];
            for (size_t j = 0; j < joints; ++j)
                motion->positions[((size_t)t * joints + j) * 3 + (size_t)axis] -= away;
        }
}

static void extracted_skeleton(const momui_skeleton *from, momui_skeleton *to) {
    size_t joints = (size_t)from->joints;
    memcpy(to->names + 1, from->names, joints * sizeof *to->names);
    snprintf(to->names[0], sizeof to->names[0], "root");
    memcpy(to->offsets + 3, from->offsets, joints * 3 * sizeof *to->offsets);
    for (size_t j = 0; j < joints; ++j)
        to->parents[j + 1] = from->parents[j] + 1;
}

/* How high joint 0 is when the lowest joint of the rest pose touches the ground. */
static float rest_height(const momui_skeleton *skeleton) {
    float lowest = 0, heights[MOMUI_MAX_JOINTS];
    for (int32_t j = 0; j < skeleton->joints; ++j) {
        heights[j] = j == 0 ? 0 : heights[skeleton->parents[j]] + skeleton->offsets[3 * j + 1];
        lowest = heights[j] < lowest ? heights[j] : lowest;
    }
    return -lowest;
}

static void extract_frame(const momui_motion *motion, int64_t t, double yaw, momui_motion *out) {
    size_t joints = (size_t)motion->skeleton.joints;
    const float *from = motion->rotations + (size_t)t * joints * 4;
    float *to = out->rotations + (size_t)t * (joints + 1) * 4;
    momui_quat turn = momui_quat_about(momui_vec3_of(0, 1, 0), yaw);
    momui_quat_store(turn, to);
    memcpy(to + 4, from, joints * 4 * sizeof *to);
    momui_quat_store(momui_quat_multiply(momui_quat_conjugate(turn), momui_quat_load(from)),
                     to + 4);
    float *place = out->positions + (size_t)t * (joints + 1) * 3;
    memcpy(place + 3, motion->positions + (size_t)t * joints * 3, joints * 3 * sizeof *place);
    place[0] = out->root[3 * t] = motion->root[3 * t];
    place[1] = out->root[3 * t + 1] = 0;
    place[2] = out->root[3 * t + 2] = motion->root[3 * t + 2];
}

static momu_status extract_root(momui_memory *memory, const momui_motion *motion,
                                momui_motion **out, momu_error *error) {
    if (motion->skeleton.joints == MOMUI_MAX_JOINTS)
        return momui_fail(error, MOMU_ERROR_LIMIT,
                          "a joint for the extracted root would be the %dth; at most %d are "
                          "possible",
                          MOMUI_MAX_JOINTS + 1, MOMUI_MAX_JOINTS);
    momui_motion *body = NULL, *made = NULL;
    double *yaw = NULL;
    momu_status status = MOMU_OK;
    MOMUI_TRY_GOTO(momui_body_from_motion(memory, motion, &body, NULL, error), status, done);
    MOMUI_TRY_GOTO(momui_heading(memory, body, &yaw, error), status, done);
    made = momui_motion_new(memory, MOMUI_MOTION_JOINTS, motion->skeleton.joints + 1,
                            motion->frames, motion->fps);
    if (!made) {
        status = momui_fail_memory(error, "the extracted root");
        goto done;
    }
    extracted_skeleton(&motion->skeleton, &made->skeleton);
    made->skeleton.offsets[3] = made->skeleton.offsets[5] = 0;
    made->skeleton.offsets[4] = rest_height(&motion->skeleton);
    for (int64_t t = 0; t < motion->frames; ++t)
        extract_frame(motion, t, yaw[t], made);
    for (int joint = 0; joint < 2; ++joint)
        momui_quat_continue(made->rotations + 4 * joint, made->frames,
                            4 * (int64_t)made->skeleton.joints);
    *out = made;
done:
    momui_motion_free(body);
    momui_free(yaw);
    return status;
}

momu_status momui_export_prepare(momui_memory *memory, const momui_motion *motion,
                                 const momui_export *options, momui_motion **out,
                                 momu_error *error) {
    *out = NULL;
    if (motion->kind != MOMUI_MOTION_JOINTS)
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "only motion on a skeleton can be prepared for other programs; this "
                          "motion is positions alone");
    momui_motion *made = copy_motion(memory, motion);
    if (!made)
        return momui_fail_memory(error, "a motion");
    momui_joint_map map;
    momui_map_joints(&motion->skeleton, &map);
    rename_joints(&motion->skeleton, &map, options->target, &made->skeleton);
    if (options->root == MOMUI_ROOT_IN_PLACE)
        hold_in_place(made);
    if (options->root == MOMUI_ROOT_EXTRACTED) {
        momui_motion *still = made;
        made = NULL;
        momu_status status = extract_root(memory, still, &made, error);
        momui_motion_free(still);
        MOMUI_TRY(status);
    }
    *out = made;
    return MOMU_OK;
}
