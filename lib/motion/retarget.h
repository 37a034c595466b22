/* Retargeting, shared by body.c and its solvers: the joints of a source by role, and the body's
 * orientations. */
#ifndef MOMUI_MOTION_RETARGET_H
#define MOMUI_MOTION_RETARGET_H

#include "motion/joint_names.h"
#include "motion/kinematics.h"

typedef struct momui_retarget {
    const momui_motion *motion;
    momui_joint_map map;
    int64_t frames;
    float *places; /* (frames, MOMUI_ROLES, 3) scaled to the standard leg */
    bool has[MOMUI_ROLES];
    momui_quat align[MOMUI_BODY_JOINTS]; /* rest pose of the body -> rest pose of the source */
    momui_quat *globals;                 /* (source joints) orientations of one frame; NULL: none */
    float *standing;                     /* (frames, 2) 0..1, left and right foot */
    uint8_t *flips; /* (frames) a bit for each bone of the legs that has flipped */
} momui_retarget;

/* Whether the rest pose of the source is a person upright, so that its rotations are usable; if
 * so sets `align`. */
bool momui_retarget_align(momui_retarget *retarget);

/* body.c: UNSUPPORTED names the first required joint that is missing. */
momu_status momui_require_joints(const momui_retarget *retarget, momu_error *error);

/* World orientations (MOMUI_BODY_JOINTS) of frame `frame`, from rotations or from positions alone.
 */
void momui_solve_rotations(const momui_retarget *retarget, int64_t frame, momui_quat *world);
void momui_solve_positions(const momui_retarget *retarget, int64_t frame, momui_quat *world);

/* retarget_repair.c: moves knees that bend backwards, in `places`; measures how much each foot
 * stands. */
void momui_repair_knees(momui_retarget *retarget);
momu_status momui_find_standing(momui_memory *memory, momui_retarget *retarget, momu_error *error);
/* Lowers the toes of standing feet. */
void momui_level_feet(const momui_retarget *retarget, int64_t frame, momui_quat *world);
/* For a source with rotations: detects leg bones that have flipped, and turns them back in a
 * frame. */
void momui_find_flips(momui_retarget *retarget);
void momui_turn_flips(const momui_retarget *retarget, int64_t frame, momui_quat *world);

static inline momui_vec3 momui_retarget_place(const momui_retarget *retarget, int64_t frame,
                                              int role) {
    return momui_vec3_load(retarget->places + ((size_t)frame * MOMUI_ROLES + (size_t)role) * 3);
}

static inline momui_vec3 momui_body_offset(int joint) {
    return momui_vec3_load(momui_body_offsets[joint]);
}

#endif
