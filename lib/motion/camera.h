/* Camera augmentation: dances as keypoints of a random camera, to train the keypoint encoder
 * (docs/losses.md, keypoint encoder). */
#ifndef MOMUI_MOTION_CAMERA_H
#define MOMUI_MOTION_CAMERA_H

#include "base/random.h"
#include "motion/layout.h"

/* The input of that network for a frame: the fourteen keypoints as in positions2d, and 1 for
 * each that was detected, 0 where it was interpolated. */
enum { MOMUI_PROJECTED_FEATURES = 3 * MOMUI_KEYPOINT_JOINTS };

/* features (frames, 206) as measured -> rows (frames, 42): by a camera, with jitter and with joints
 * that are lost, all drawn from `random`. UNSUPPORTED where the picture's torso has no length. */
momu_status momui_camera_augment(momui_arena *arena, const float *features, int64_t frames,
                                 momui_random *random, float *rows, momu_error *error);

/* points (frames, 14, 2) normalised, visible (frames, 14) or NULL -> rows (frames, 42) */
void momui_keypoint_rows(const float *points, const uint8_t *visible, int64_t frames, float *rows);

#endif
