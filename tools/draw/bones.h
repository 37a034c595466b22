/* Which joints of a motion a picture joins by lines. */
#ifndef MOMUI_TOOLS_DRAW_BONES_H
#define MOMUI_TOOLS_DRAW_BONES_H

#include "motion/motion.h"

enum { MOMUI_MOST_BONES = MOMUI_MAX_JOINTS + 64 };

typedef struct momui_bone {
    int32_t from, to; /* joints; the same one twice: a point */
    int32_t side;     /* 0 none, 1 left, 2 right */
} momui_bone;

typedef struct momui_bones {
    momui_bone items[MOMUI_MOST_BONES];
    int32_t count;
    int32_t head; /* the joint where the head is, or -1 */
} momui_bones;

/* Of a skeleton: each joint with its parent. Of positions and keypoints, which have no parents:
 * each joint that has a human name with the nearest one towards the pelvis, and a point for each
 * other joint. */
void momui_find_bones(const momui_motion *motion, momui_bones *bones);

/* A keypoint of confidence 0 is missing in this frame. */
bool momui_point_is_present(const momui_motion *motion, int64_t frame, int32_t joint);

/* How far positions alone must be lifted to stand on the ground, in metres: some are relative to
 * the pelvis. 0 for all other motions. */
double momui_ground_lift(const momui_motion *motion);

/* Fails with a sentence where a picture would be empty: no point is ever present, or positions are
 * no person of 0.2 to 20 m (they are in another unit than metres). */
momu_status momui_check_drawable(const momui_motion *motion, const char *name, momu_error *error);

#endif
