/* The ranges of a human's joints. */
#ifndef MOMUI_TRAIN_METRICS_RANGES_H
#define MOMUI_TRAIN_METRICS_RANGES_H

#include "motion/motion.h"
#include "motion/rotation.h"

/* A joint's turn away from the rest pose (arms sideways, palms down; legs straight), in degrees
 * about the parent's axes: the swing's rotation vector, and along the bone's own axis the twist. */
typedef struct momui_joint_turn {
    double about[3];
} momui_joint_turn;

momui_joint_turn momui_joint_turn_of(int joint, momui_quat local);

/* Degrees by which the turn is beyond the joint's range: 0 within. The right side is measured as
 * the mirror image of the left; the pelvis and the wrists' twist are free. */
double momui_joint_excess(int joint, momui_quat local);

#endif
