/* Motion in memory: what a momu_motion handle is, and the canonical body. */
#ifndef MOMUI_MOTION_MOTION_H
#define MOMUI_MOTION_MOTION_H

#include "base/memory.h"

#define MOMUI_PI 3.14159265358979323846

/* Limits for what files may claim. */
enum { MOMUI_MAX_JOINTS = 512, MOMUI_MAX_MOTION_FRAMES = 1 << 22 };

/* Names, parents and rest offsets. Parents come before their children; the root's parent is -1. */
typedef struct momui_skeleton {
    int32_t joints;
    char (*names)[64]; /* (joints) UTF-8, terminated */
    int32_t *parents;  /* (joints) */
    float *offsets;    /* (joints, 3) metres, from the parent, in the rest pose */
} momui_skeleton;

typedef enum momui_motion_kind {
    MOMUI_MOTION_JOINTS,    /* rotations on a skeleton, world positions beside them */
    MOMUI_MOTION_POSITIONS, /* (frames, joints, 3) world positions alone: keypoints in space */
    MOMUI_MOTION_KEYPOINTS  /* (frames, joints, 2) picture coordinates: x right, y DOWN, any unit */
} momui_motion_kind;

/* Metres, Y up, +Z front, right-handed (+X is the dancer's left), seconds. Rotations are unit
 * quaternions w x y z, parent to local, with the skeleton's rest pose as zero. `translations` is
 * each joint's local translation (equal to the rest offset but for the root and for files with
 * position channels elsewhere). */
struct momu_motion {
    momui_memory *memory;
    momui_motion_kind kind;
    momui_skeleton skeleton;
    int64_t frames;
    double fps;
    float *positions;  /* (frames, joints, 3), or (frames, joints, 2) for KEYPOINTS; never NULL */
    float *rotations;  /* (frames, joints, 4), JOINTS only */
    float *root;       /* (frames, 3) world position of joint 0, JOINTS only */
    float *confidence; /* (frames, joints) 0..1, or NULL: 0 means the keypoint is missing */
};
typedef struct momu_motion momui_motion;

/* A motion with its arrays allocated and zeroed (rotations identity) and its skeleton's arrays to
 * be filled. NULL on overflow or out of memory. */
momui_motion *momui_motion_new(momui_memory *memory, momui_motion_kind kind, int32_t joints,
                               int64_t frames, double fps);
void momui_motion_free(momui_motion *motion);

static inline double momui_motion_seconds(const momui_motion *motion) {
    return (double)motion->frames / motion->fps;
}

/* Index of the joint with this exact name, or -1. */
int32_t momui_skeleton_find(const momui_skeleton *skeleton, const char *name);

/* ---- the canonical body: 22 joints, the order of docs/features.md ---- */

enum { MOMUI_BODY_JOINTS = 22, MOMUI_BODY3D_FEATURES = 206 };
enum {
    MOMUI_PELVIS,
    MOMUI_LEFT_HIP,
    MOMUI_RIGHT_HIP,
    MOMUI_SPINE1,
    MOMUI_LEFT_KNEE,
    MOMUI_RIGHT_KNEE,
    MOMUI_SPINE2,
    MOMUI_LEFT_ANKLE,
    MOMUI_RIGHT_ANKLE,
    MOMUI_SPINE3,
    MOMUI_LEFT_FOOT,
    MOMUI_RIGHT_FOOT,
    MOMUI_NECK,
    MOMUI_LEFT_COLLAR,
    MOMUI_RIGHT_COLLAR,
    MOMUI_HEAD,
    MOMUI_LEFT_SHOULDER,
    MOMUI_RIGHT_SHOULDER,
    MOMUI_LEFT_ELBOW,
    MOMUI_RIGHT_ELBOW,
    MOMUI_LEFT_WRIST,
    MOMUI_RIGHT_WRIST
};
extern const char *const momui_body_names[MOMUI_BODY_JOINTS];
extern const int32_t momui_body_parents[MOMUI_BODY_JOINTS];
extern const float momui_body_offsets[MOMUI_BODY_JOINTS][3]; /* the standard proportions */

#endif
