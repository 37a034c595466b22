/* From rotations to positions, and back for a limb of two bones. */
#ifndef MOMUI_MOTION_KINEMATICS_H
#define MOMUI_MOTION_KINEMATICS_H

#include "motion/motion.h"
#include "motion/rotation.h"

/* Copies names, parents and offsets; both have the same number of joints. */
void momui_skeleton_copy(const momui_skeleton *from, momui_skeleton *to);

/* A canonical body at rest, its skeleton filled in. NULL: out of memory. */
momui_motion *momui_body_new(momui_memory *memory, int64_t frames, double fps);

/* Where a joint of a canonical body is. */
static inline momui_vec3 momui_body_joint(const momui_motion *body, int64_t frame, int joint) {
    return momui_vec3_load(body->positions + (frame * MOMUI_BODY_JOINTS + joint) * 3);
}

/* Whether this is the canonical skeleton with its standard proportions. */
bool momui_motion_is_body(const momui_motion *motion);

/* World positions (joints, 3) of one frame, from local rotations (joints, 4) and the root's
 * position (3). `globals` (joints), each joint's world orientation, may be NULL only when joints is
 * at most MOMUI_BODY_JOINTS. */
void momui_forward_kinematics(const momui_skeleton *skeleton, const float *rotations,
                              const float *root, float *positions, momui_quat *globals);

/* Fills in `positions` of every frame of a JOINTS motion from its rotations and root. */
momu_status momui_motion_update(momui_motion *motion, momu_error *error);

/* Two-bone IK: moves the ankle (or wrist) to `target`. Turns the upper bone and bends the joint
 * between, in the plane in which it bends; where it is too straight to have one, `hint` is the
 * axis of the hinge. Positions are in the world; `upper` and `lower` are world rotations to be
 * applied before the orientations of the bones. A target too far away is approached as far as
 * the bones allow. Returns the distance that remains. */
double momui_two_bone_ik(momui_vec3 root, momui_vec3 middle, momui_vec3 end, momui_vec3 target,
                         momui_vec3 hint, momui_quat *upper, momui_quat *lower);

/* Refuses NaN and infinities in the arrays of the motion: NUMERIC with frame and joint.
 * Positions of missing keypoints (confidence 0) are ignored. */
momu_status momui_motion_check(const momui_motion *motion, momu_error *error);

#endif
