/* Foot skate: how fast standing feet slide. */
#ifndef MOMUI_MOTION_FOOT_SKATE_H
#define MOMUI_MOTION_FOOT_SKATE_H

#include "motion/motion.h"

/* Foot skate, the one definition of it (docs/features.md): the mean horizontal speed (cm/s) of the
 * feet flat on the ground (ball lower than 5 cm and ankle lower than 12 cm above `ground`, in both
 * frames of a step), each taken at the slower of ankle and ball; 0 when no foot is. `seconds`: for
 * how long feet were on the ground, both feet counted, as a weight for means. */
double momui_foot_skate(const momui_motion *body, double ground, double *seconds);

#endif
