/* One leg: from hip and foot to rotations. Internal to the solver. */
#ifndef MOMUI_TRAIN_CORPUS_MOVES_SOLVE_LEG_H
#define MOMUI_TRAIN_CORPUS_MOVES_SOLVE_LEG_H

#include "train/corpus/moves/segment.h"

#define MOMUI_LEG_REACH 0.995 /* of the leg: farther, a knee snaps */

/* The joints' world rotations, and how the leg came out. */
typedef struct momui_leg {
    momui_quat hip, knee, ankle;
    momui_vec3 bend; /* unit: where the knee points, at right angles to the line hip to ankle */
} momui_leg;

double momui_leg_length(void);
momui_vec3 momui_leg_hip(momui_vec3 pelvis, momui_quat turn, int side);
/* The ankle of a foot whose heel is up by `rise` (radians, about its ball). */
momui_vec3 momui_leg_ankle(const momui_foot *foot, int side, double rise);
/* The least rise of the heel with which a foot on its ball is in reach, or as nearly as a rise can
 * do, and its ankle not bent too far. */
double momui_leg_rise(momui_vec3 hip, const momui_foot *foot, momui_vec3 knee, int side);
/* How far the pelvis must come down for the foot to be in reach. */
double momui_leg_drop(momui_vec3 hip, const momui_foot *foot, int side, double rise);
/* `bend` is that of the frame before; used where `knee` lies along the leg. */
void momui_leg_solve(momui_vec3 hip, const momui_foot *foot, momui_vec3 knee, momui_vec3 bend,
                     int side, double rise, momui_leg *leg);

#endif
