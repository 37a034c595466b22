/* Which joint of a skeleton from elsewhere is which joint of the body: a table of the names that
 * motion capture, game rigs and pose estimators use, matched without regard to case, prefixes
 * and separators. */
#ifndef MOMUI_MOTION_JOINT_NAMES_H
#define MOMUI_MOTION_JOINT_NAMES_H

#include "motion/motion.h"

/* Roles of joints: the canonical joints, and others that help to orient them. */
enum {
    MOMUI_ROLE_HEAD_END = MOMUI_BODY_JOINTS,
    MOMUI_ROLE_LEFT_TOE_END,
    MOMUI_ROLE_RIGHT_TOE_END,
    MOMUI_ROLE_LEFT_HAND_END,
    MOMUI_ROLE_RIGHT_HAND_END,
    MOMUI_ROLE_NOSE,
    MOMUI_ROLE_LEFT_EYE,
    MOMUI_ROLE_RIGHT_EYE,
    MOMUI_ROLE_LEFT_EAR,
    MOMUI_ROLE_RIGHT_EAR,
    MOMUI_ROLES
};

enum { MOMUI_MAX_SPINE = 16 };

typedef struct momui_joint_map {
    int32_t role[MOMUI_ROLES];      /* index of the source's joint, or -1 */
    int32_t spine[MOMUI_MAX_SPINE]; /* the source's joints between pelvis and neck, from below */
    int32_t spine_count;            /* spine[0], the middle and the last are also roles spine1..3 */
} momui_joint_map;

/* Assigns every role that the names (and, for the spine, the parents) determine. Never fails. */
void momui_map_joints(const momui_skeleton *skeleton, momui_joint_map *map);

/* "left_hip", "head_end", "nose" ... Static; never NULL. */
const char *momui_role_name(int role);

#endif
