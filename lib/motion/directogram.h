/* The directogram of a motion: docs/features.md, "Rhythm". */
#ifndef MOMUI_MOTION_DIRECTOGRAM_H
#define MOMUI_MOTION_DIRECTOGRAM_H

#include "motion/motion.h"

enum { MOMUI_DIRECTIONS = 8 }; /* bins, the first from -pi up */

/* (frames, 8): how far the joints moved in each direction since the frame before, in the picture or
 * in the front plane of the heading frame. Frame 0 is zero. `motion` is canonical, keypoints, or
 * anything that momui_body_from_motion() takes. */
momu_status momui_directogram(momui_memory *memory, const momui_motion *motion, float **directogram,
                              momu_error *error);

#endif
