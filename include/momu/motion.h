/* momu/motion.h - motion: read, made from arrays, written, and its beats.
 *
 * Space is metres, Y up, the dancer facing +Z, right-handed (+X is the dancer's left); time is
 * seconds. Quaternions are unit, in the order w x y z, from the parent's space to the joint's.
 * Pictures (keypoints) have x to the right and y DOWN, in any unit.
 *
 * A momu_motion never changes once made, so any number of threads may read one at the same time. It
 * may outlive the context that made it (not that context's allocator hooks).
 */
#ifndef MOMU_MOTION_H
#define MOMU_MOTION_H

#include <momu/audio.h>
#include <momu/common.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A motion. */
typedef struct momu_motion momu_motion;

/* Limits of what is accepted. */
#define MOMU_MAX_JOINTS 512
#define MOMU_MAX_MOTION_FRAMES (INT64_C(1) << 22)
#define MOMU_MIN_FPS 1.0
#define MOMU_MAX_FPS 1000.0

/* Stored as int32_t. */
typedef enum momu_motion_kind {
    MOMU_MOTION_JOINTS = 0,    /* rotations on a skeleton; positions follow from them */
    MOMU_MOTION_POSITIONS = 1, /* joint positions in space */
    MOMU_MOTION_KEYPOINTS = 2  /* joint positions in a picture */
} momu_motion_kind;

/* The arrays a motion is made from. Set all to zero (momu_motion_description_init) and fill in what
 * its kind has. */
typedef struct momu_motion_description {
    size_t struct_size; /* set by momu_motion_description_init() */
    int32_t kind;       /* momu_motion_kind */
    int32_t joints;     /* 1..MOMU_MAX_JOINTS */
    int64_t frames;     /* 1..MOMU_MAX_MOTION_FRAMES */
    double fps;         /* 1..1000 */

    /* (joints) at most 63 bytes each, UTF-8: what the library knows the joints by. NULL is allowed
     * for 14, 17 (COCO) and 25 (OpenPose BODY_25) keypoints, whose order is then the usual one. */
    const char *const *names;

    /* JOINTS. Joint 0 is the root, its parent -1; other parents are smaller than their child. */
    const int32_t *parents; /* (joints) */
    const float *offsets;   /* (joints, 3) from the parent in the rest pose, metres */
    const float *rotations; /* (frames, joints, 4) parent to joint; the rest pose is the identity */
    const float *root;      /* (frames, 3) where joint 0 is, metres */

    /* POSITIONS and KEYPOINTS. Where the confidence is 0 the position is not looked at. */
    const float *positions;  /* (frames, joints, 3), or (frames, joints, 2) for KEYPOINTS */
    const float *confidence; /* (frames, joints) 0..1; NULL means all 1 */
} momu_motion_description;

/* Sets all to zero but struct_size. `size` is sizeof(momu_motion_description) as the caller's
 * compiler knows it. Thread-safe. */
MOMU_API void momu_motion_description_init(momu_motion_description *description, size_t size);

/* Copies the arrays into a motion. Quaternions are normalised. Errors: ARGUMENT (names the field),
 * NUMERIC (names the frame and the joint), MEMORY. On failure *motion is NULL. Release with
 * momu_motion_destroy(). One thread a context. */
MOMU_API momu_status momu_motion_create(momu_context *context,
                                        const momu_motion_description *description,
                                        momu_motion **motion);

/* Reads a motion file: BVH, GLB (one animation of a skinned figure), NPZ or NPY, told apart by
 * their content (docs/formats.md). `take` names the animation of a file that holds several; NULL
 * means the first. Errors: ARGUMENT (no such take), NOT_FOUND, IO, FORMAT (with line or offset),
 * UNSUPPORTED, LIMIT, NUMERIC, MEMORY. On failure *motion is NULL. Release with
 * momu_motion_destroy(). One thread a context. */
MOMU_API momu_status momu_motion_read(momu_context *context, const char *path, const char *take,
                                      momu_motion **motion);

/* The names of a file's takes. Plain data that belongs to the caller. */
typedef struct momu_takes {
    const char *const *names;
    size_t count;
} momu_takes;

/* Lists the takes of a motion file; a format without takes has one. Errors as momu_motion_read().
 * One thread a context. Release with momu_takes_destroy(). */
MOMU_API momu_status momu_motion_takes(momu_context *context, const char *path, momu_takes **takes);
MOMU_API void momu_takes_destroy(momu_takes *takes);

/* Whom a file is for: the joints get the names by which that program knows a human figure, and BVH,
 * which says nothing of units and axes, gets those it takes them for. GLB is metres with Y up for
 * all. docs/formats.md has the tables. Stored as int32_t. */
typedef enum momu_target {
    MOMU_TARGET_NONE = 0,    /* own names; BVH in centimetres, Y up */
    MOMU_TARGET_BLENDER = 1, /* thigh.L, shin.L ...; BVH in metres, Y up (the importer's default) */
    MOMU_TARGET_UNREAL = 2,  /* thigh_l, calf_l ...; BVH in centimetres, Z up */
    MOMU_TARGET_UNITY = 3,   /* LeftUpperLeg, LeftLowerLeg ...; BVH in metres, Y up */
    MOMU_TARGET_MAYA = 4,    /* LeftUpLeg, LeftLeg ... (HumanIK); BVH in centimetres, Y up */
    MOMU_TARGET_SMPL = 5,    /* .npz alone: poses, trans, betas (zeros) as AMASS has them, Z up */
    MOMU_TARGET_KEYPOINTS = 6 /* .npz alone: 14 keypoints, as a camera in front sees the dancer */
} momu_target;

/* Where a dancer's travel over the ground is kept. Stored as int32_t. */
typedef enum momu_root_motion {
    MOMU_ROOT_WORLD = 0,    /* in the first joint, as it is */
    MOMU_ROOT_IN_PLACE = 1, /* nowhere: the first joint stays above where it began */
    MOMU_ROOT_EXTRACTED = 2 /* in a joint "root" on the ground, which is put before all others and
                             * turns with the heading: what engines call root motion */
} momu_root_motion;

/* How a motion is written. */
typedef struct momu_motion_write_options {
    size_t struct_size; /* set by momu_motion_write_options_init() */
    double fps;         /* frames a second in the file; 0 means the motion's own. 1..1000 */
    int32_t target;     /* momu_target */
    int32_t root;       /* momu_root_motion */
} momu_motion_write_options;

/* Fills in the defaults. `size` is sizeof(momu_motion_write_options) as the caller's compiler knows
 * it. Thread-safe. */
MOMU_API void momu_motion_write_options_init(momu_motion_write_options *options, size_t size);

/* Writes .bvh or .glb (JOINTS; GLB with a skin and a plain figure, so that every program shows it)
 * or .npz, chosen by the name's ending. The file appears whole or not at all. `options` may be
 * NULL. Errors: ARGUMENT, UNSUPPORTED (the ending, or a kind or target that the format cannot
 * hold), LIMIT (a GLB of more than 4 GiB), IO, MEMORY. One thread a context. */
MOMU_API momu_status momu_motion_write(momu_context *context, const momu_motion *motion,
                                       const char *path, const momu_motion_write_options *options);

/* `motion` on another figure: `figure` is any motion (one frame is enough) of the skeleton that
 * shall dance, in whose names and bones the result comes; its rest pose must be a person upright.
 * Bones keep their lengths; the travel is scaled by the legs, and feet that stand still go on
 * standing still. Joints that no dancer has (fingers, twists) stay at rest. Errors: ARGUMENT,
 * UNSUPPORTED (names the joint that is missing on either side), MEMORY. On failure *retargeted is
 * NULL. Release with momu_motion_destroy(). One thread a context. */
MOMU_API momu_status momu_motion_retarget(momu_context *context, const momu_motion *motion,
                                          const momu_motion *figure, momu_motion **retargeted);

/* Accessors. `motion` NULL, or an index out of range, gives 0, -1 (parent) or NULL. Pointers belong
 * to the motion. Thread-safe. */
MOMU_API int32_t momu_motion_get_kind(const momu_motion *motion); /* momu_motion_kind */
MOMU_API int64_t momu_motion_frames(const momu_motion *motion);
MOMU_API double momu_motion_fps(const momu_motion *motion);
MOMU_API double momu_motion_seconds(const momu_motion *motion); /* frames / fps */
MOMU_API int32_t momu_motion_joints(const momu_motion *motion);
MOMU_API const char *momu_motion_joint_name(const momu_motion *motion, int32_t joint);
MOMU_API int32_t momu_motion_joint_parent(const momu_motion *motion, int32_t joint);
MOMU_API const float *momu_motion_offsets(const momu_motion *motion); /* (joints, 3) or NULL */
MOMU_API const float *
momu_motion_positions(const momu_motion *motion); /* (frames, joints, 3 or 2) */
MOMU_API const float *
momu_motion_rotations(const momu_motion *motion);                  /* (frames, joints, 4) or NULL */
MOMU_API const float *momu_motion_root(const momu_motion *motion); /* (frames, 3) or NULL */
MOMU_API const float *
momu_motion_confidence(const momu_motion *motion); /* (frames, joints) or NULL */

/* NULL is allowed. */
MOMU_API void momu_motion_destroy(momu_motion *motion);

/* The beats of a dance. By the model's beat tracker, if it has a trained one, the dance lasts from 5
 * seconds to what the model can generate for, and the tracker is confident enough: the beats of the
 * music that the dance would go to, which momu_motion_to_music() conditions a song on. Else, and
 * where `model` is NULL, the kinematic beats: the moments at which the dance brakes (You et al. 2024,
 * section 3.1; docs/features.md, "Rhythm"); their tempo is the most regular pulse through them,
 * between 60 and 200. The body must have the joints that generation needs, or be keypoints. Errors:
 * ARGUMENT, UNSUPPORTED (names the missing joint), CANCELLED, MEMORY. One thread a context. Release
 * with momu_beats_destroy(). */
MOMU_API momu_status momu_motion_beats(momu_context *context, const momu_model *model,
                                       const momu_motion *motion, momu_beats **beats);

#ifdef __cplusplus
}
#endif
#endif
