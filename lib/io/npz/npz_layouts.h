/* Names for keypoints of a file that has none: their number decides. */
#ifndef MOMUI_IO_NPZ_NPZ_LAYOUTS_H
#define MOMUI_IO_NPZ_NPZ_LAYOUTS_H

#include "motion/motion.h"

/* The usual names of 14 (docs/features.md, "positions2d and directions2d"), 17 (COCO) or 25
 * (OpenPose BODY_25) keypoints; NULL for other numbers. */
const char *const *momui_usual_keypoint_names(int32_t joints);

/* 14, 17 (COCO), 22 (the canonical body) or 25 (OpenPose BODY_25) names; false for other numbers.
 * Keypoints have no parents; the canonical body's are filled in. */
bool momui_layout_names(momui_skeleton *skeleton);

#endif
