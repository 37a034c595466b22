/* Feature layouts: motion to the input of the motion networks and back. docs/features.md. */
#ifndef MOMUI_MOTION_LAYOUT_H
#define MOMUI_MOTION_LAYOUT_H

#include "motion/motion.h"

#define MOMUI_MOTION_RATE 62.5 /* frames a second of every feature layout */

/* ---- body3d: 206 values a frame ---- */

/* Where a clip begins: the ground below the pelvis, and the heading. */
typedef struct momui_body3d_start {
    float x, z, yaw;
} momui_body3d_start;

/* momui_foot_skate before and after the foot lock, cm/s. */
typedef struct momui_feet_report {
    double skate_before, skate_after;
} momui_feet_report;

/* `body` is canonical and at 62.5 fps. `features` (frames, 206). `start` may be NULL. */
momu_status momui_body3d_encode(momui_memory *memory, const momui_motion *body, float **features,
                                momui_body3d_start *start, momu_error *error);

/* Decodes: rotations, pelvis height, velocity and turn rate make the body; the positions in the
 * features are ignored. `start` NULL: x = z = 0, heading 0. `feet` may be NULL. NUMERIC names
 * frame and value where the features are not finite. */
momu_status momui_body3d_decode(momui_memory *memory, const float *features, int64_t frames,
                                const momui_body3d_start *start, bool foot_lock,
                                momui_motion **body, momui_feet_report *feet, momu_error *error);

/* ---- keypoints in a picture ---- */

enum { MOMUI_KEYPOINT_JOINTS = 14, MOMUI_KEYPOINT_FEATURES = 28 };
extern const char *const momui_keypoint_names[MOMUI_KEYPOINT_JOINTS];

/* Projects `body` (canonical) to those fourteen, from where it mostly faces, without
 * perspective: x right in the picture (towards the dancer's left), y down, metres. */
momu_status momui_body_project(momui_memory *memory, const momui_motion *body,
                               momui_motion **keypoints, momu_error *error);

/* What normalisation removed: the mean of mid-hip in the picture, x and y, and the torso's
 * length. */
typedef struct momui_keypoints_start {
    float x, y, torso;
} momui_keypoints_start;

/* `motion` is KEYPOINTS whose names map to the fourteen (those of COCO-17, BODY_25 and this
 * library do). Keypoints missing in some frames are interpolated linearly; one missing in every
 * frame is UNSUPPORTED and named. `features` (frames, 28). `start` may be NULL. */
momu_status momui_positions2d_encode(momui_memory *memory, const momui_motion *motion,
                                     float **features, momui_keypoints_start *start,
                                     momu_error *error);
momu_status momui_directions2d_encode(momui_memory *memory, const momui_motion *motion,
                                      float **features, momui_keypoints_start *start,
                                      momu_error *error);

/* Normalises points (frames, 14, 2), y up, in place: minus the mean of mid-hip, divided by the
 * median torso. `torsos` (frames) is scratch. */
momu_status momui_keypoints_normalise(float *points, int64_t frames, float *torsos,
                                      momui_keypoints_start *start, momu_error *error);
/* (frames, 14): 1 where momui_positions2d_encode() takes a detected keypoint, 0 where it
 * interpolates one. */
void momui_project_keypoints(const momui_motion *motion, uint8_t *detected);

/* Decodes to KEYPOINTS of fourteen joints at 62.5 fps. `start` NULL: around 0, with a torso of
 * length 1. `bones` (13), mean bone lengths in torsos in the order of directions2d; NULL:
 * momui_standard_bones. positions2d shortens a bone of more than 1.3 times its mean to the mean;
 * directions2d takes these lengths. */
extern const float momui_standard_bones[MOMUI_KEYPOINT_JOINTS - 1];
momu_status momui_positions2d_decode(momui_memory *memory, const float *features, int64_t frames,
                                     const momui_keypoints_start *start, const float *bones,
                                     momui_motion **motion, momu_error *error);
momu_status momui_directions2d_decode(momui_memory *memory, const float *features, int64_t frames,
                                      const momui_keypoints_start *start, const float *bones,
                                      momui_motion **motion, momu_error *error);

/* (13) mean bone lengths of positions2d features, in torsos: `bones` above. */
void momui_positions2d_bones(const float *features, int64_t frames, float bones[13]);

#endif
