/**
 * @file momu/motion.h
 * Motion: read, made from arrays, written, retargeted, and its beats.
 *
 * Space is metres, Y up, the dancer facing +Z, right-handed (+X is the dancer's left); time is
 * seconds. Quaternions are unit, in the order w x y z, local to the parent: a joint's orientation
 * in the world is its parent's times its own, and a child stands at its parent's position plus the
 * parent's orientation applied to the child's offset.
 * Keypoints in a picture have x to the right and y DOWN, in any unit. Threads, lifetime and errors:
 * see common.h.
 */
#ifndef MOMU_MOTION_H
#define MOMU_MOTION_H

#include <momu/audio.h>
#include <momu/common.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A motion: joints over time. */
typedef struct momu_motion momu_motion;

/* Limits of what is accepted. */
#define MOMU_MAX_JOINTS 512                       /**< joints, from 1 */
#define MOMU_MAX_MOTION_FRAMES (INT64_C(1) << 22) /**< frames, from 1 */
#define MOMU_MIN_FPS 1.0                          /**< frames a second */
#define MOMU_MAX_FPS 1000.0                       /**< frames a second */

/** What a motion is made of. */
MOMU_ENUM(momu_motion_kind){
    MOMU_MOTION_JOINTS = 0,    /**< rotations on a skeleton, and the positions beside them */
    MOMU_MOTION_POSITIONS = 1, /**< joint positions in space */
    MOMU_MOTION_KEYPOINTS = 2  /**< joint positions in a picture */
};

/** The joints of the canonical body, on which momu_music_to_motion() makes its dances, as indices
 * (docs/features.md, "Canonical body"). */
MOMU_ENUM(momu_joint){
    MOMU_JOINT_PELVIS = 0,      MOMU_JOINT_LEFT_HIP = 1,       MOMU_JOINT_RIGHT_HIP = 2,
    MOMU_JOINT_SPINE1 = 3,      MOMU_JOINT_LEFT_KNEE = 4,      MOMU_JOINT_RIGHT_KNEE = 5,
    MOMU_JOINT_SPINE2 = 6,      MOMU_JOINT_LEFT_ANKLE = 7,     MOMU_JOINT_RIGHT_ANKLE = 8,
    MOMU_JOINT_SPINE3 = 9,      MOMU_JOINT_LEFT_FOOT = 10,     MOMU_JOINT_RIGHT_FOOT = 11,
    MOMU_JOINT_NECK = 12,       MOMU_JOINT_LEFT_COLLAR = 13,   MOMU_JOINT_RIGHT_COLLAR = 14,
    MOMU_JOINT_HEAD = 15,       MOMU_JOINT_LEFT_SHOULDER = 16, MOMU_JOINT_RIGHT_SHOULDER = 17,
    MOMU_JOINT_LEFT_ELBOW = 18, MOMU_JOINT_RIGHT_ELBOW = 19,   MOMU_JOINT_LEFT_WRIST = 20,
    MOMU_JOINT_RIGHT_WRIST = 21};

/** How many joints the canonical body has. */
#define MOMU_JOINT_COUNT 22

/** The arrays a motion is made from. Set all to zero (momu_motion_description_init()) and fill in
 * what its kind has. */
typedef struct momu_motion_description {
    size_t struct_size;    /**< set by momu_motion_description_init() */
    momu_motion_kind kind; /**< which arrays are read */
    int32_t joints;        /**< 1..MOMU_MAX_JOINTS */
    int64_t frames;        /**< 1..MOMU_MAX_MOTION_FRAMES */
    double fps;            /**< frames a second, 1..1000 */

    /** (joints) at most 63 bytes each, UTF-8: what the library recognises the joints by. Required
     * for JOINTS. NULL is allowed for 14, 17 (COCO), 22 (canonical body) and 25 (OpenPose BODY_25) POSITIONS or
     * KEYPOINTS, whose order is then the usual one. */
    const char *const *names;

    /* JOINTS. Joint 0 is the root, its parent -1; other parents are smaller than their child. */
    const int32_t *parents; /**< (joints) */
    const float *offsets;   /**< (joints, 3) from the parent in the rest pose, metres */
    const float *rotations; /**< (frames, joints, 4) local, as above; the rest pose: identity */
    const float *root;      /**< (frames, 3) where joint 0 is, metres */

    /* POSITIONS and KEYPOINTS. A position of confidence 0 is not read. */
    const float *positions;  /**< (frames, joints, 3), or (frames, joints, 2) for KEYPOINTS */
    const float *confidence; /**< (frames, joints) 0..1. NULL: all 1 */
} momu_motion_description;

/** Sets all fields to zero but struct_size. `size` is sizeof(momu_motion_description). */
MOMU_API void momu_motion_description_init(momu_motion_description *description, size_t size);

/** Copies the arrays into a motion. Quaternions are normalised. Release with momu_motion_destroy().
 * Errors: ARGUMENT (names the field, or a quaternion of zeros), NUMERIC (names the frame and the joint), MEMORY. */
MOMU_NODISCARD MOMU_API momu_status momu_motion_create(momu_context *context,
                                                       const momu_motion_description *description,
                                                       momu_motion **motion);

/** Reads a motion file: BVH, GLB (one animation of a skinned character), NPZ, NPY or DeepMimic
 * text, told apart by their content (docs/formats.md). `take` names the animation of a file that holds several; NULL
 * means the first. Release with momu_motion_destroy(). Errors: ARGUMENT (no such take), NOT_FOUND,
 * IO, FORMAT (names the line or the offset), UNSUPPORTED, LIMIT, NUMERIC, MEMORY. */
MOMU_NODISCARD MOMU_API momu_status momu_motion_read(momu_context *context, const char *path,
                                                     const char *take, momu_motion **motion);

/** The same from a file's bytes in memory, which may be freed afterwards. */
MOMU_NODISCARD MOMU_API momu_status momu_motion_read_memory(momu_context *context, const void *data,
                                                            size_t size, const char *take,
                                                            momu_motion **motion);

/** The same from a stream, which is read to its end and then closed, on failure too. */
MOMU_NODISCARD MOMU_API momu_status momu_motion_read_stream(momu_context *context,
                                                            const momu_stream *stream,
                                                            const char *take, momu_motion **motion);

/** The names of a file's takes. */
typedef struct momu_takes {
    const char *const *names; /**< (count) */
    size_t count;             /**< 1 for a format without takes */
} momu_takes;

/** Lists the takes of a motion file. Release with momu_takes_destroy(). Errors as
 * momu_motion_read(). */
MOMU_NODISCARD MOMU_API momu_status momu_motion_takes(momu_context *context, const char *path,
                                                      momu_takes **takes);

/** The same for a file's bytes in memory. */
MOMU_NODISCARD MOMU_API momu_status momu_motion_takes_memory(momu_context *context,
                                                             const void *data, size_t size,
                                                             momu_takes **takes);

/** Releases a list of takes. NULL is allowed. */
MOMU_API void momu_takes_destroy(momu_takes *takes);

/** The program that a file is written for: its joints get the names by which that program
 * recognises a human, and BVH, which states neither units nor axes, gets those that the program
 * assumes. GLB is metres with Y up for all. docs/formats.md has the tables. */
MOMU_ENUM(momu_target){
    MOMU_TARGET_NONE = 0, /**< own names; BVH in centimetres, Y up */
    MOMU_TARGET_BLENDER =
        1, /**< thigh.L, shin.L ...; BVH in metres, Y up (its importer's default) */
    MOMU_TARGET_UNREAL = 2,   /**< thigh_l, calf_l ...; BVH in centimetres, Z up */
    MOMU_TARGET_UNITY = 3,    /**< LeftUpperLeg, LeftLowerLeg ...; BVH in metres, Y up */
    MOMU_TARGET_MAYA = 4,     /**< LeftUpLeg, LeftLeg ... (HumanIK); BVH in centimetres, Y up */
    MOMU_TARGET_SMPL = 5,     /**< NPZ alone: poses, trans, betas (zeros) as AMASS has them, Z up */
    MOMU_TARGET_KEYPOINTS = 6 /**< NPZ alone: 14 keypoints, as a camera in front sees the dancer */
};

/** Where a dancer's travel over the ground is kept. */
MOMU_ENUM(momu_root_motion){
    MOMU_ROOT_WORLD = 0,    /**< in the first joint, as it is */
    MOMU_ROOT_IN_PLACE = 1, /**< nowhere: the first joint stays above where it began */
    MOMU_ROOT_EXTRACTED = 2 /**< in a joint "root" on the ground, put before all others, that turns
                             * with the heading: root motion, as engines call it */
};

/** How a motion is written. */
typedef struct momu_motion_write_options {
    size_t struct_size;    /**< set by momu_motion_write_options_init() */
    double fps;            /**< frames a second in the file, 1..1000. 0: the motion's own */
    momu_target target;    /**< the program that the file is for */
    momu_root_motion root; /**< where travel is kept */
} momu_motion_write_options;

/** Sets all fields to zero but struct_size. `size` is sizeof(momu_motion_write_options). */
MOMU_API void momu_motion_write_options_init(momu_motion_write_options *options, size_t size);

/** Writes .bvh or .glb (JOINTS; GLB with a skin and a plain mesh, so that every program shows it)
 * or .npz, chosen by the extension. The file appears whole or not at all. `options` may be NULL.
 * Errors: ARGUMENT, UNSUPPORTED (the extension, or a kind or target that the format cannot hold),
 * LIMIT (a GLB of more than 4 GiB), IO, MEMORY. */
MOMU_NODISCARD MOMU_API momu_status momu_motion_write(momu_context *context,
                                                      const momu_motion *motion, const char *path,
                                                      const momu_motion_write_options *options);

/** Writes a file of `format` ("bvh", "glb", "npz") into memory: the same bytes. Release with
 * momu_buffer_destroy(). Errors: ARGUMENT, UNSUPPORTED, LIMIT, MEMORY. */
MOMU_NODISCARD MOMU_API momu_status
momu_motion_write_memory(momu_context *context, const momu_motion *motion, const char *format,
                         const momu_motion_write_options *options, momu_buffer **buffer);

/** `motion` on another character's skeleton. `character` is any motion (one frame is enough) on the
 * skeleton that shall dance; the result has its joint names and bones; its rest pose must be a
 * person upright. Bones keep their lengths; the travel is scaled by the legs, and feet that stand
 * still go on standing still. Joints that a dancer does not have (fingers, twists) stay at rest.
 * Release with momu_motion_destroy(). Errors: ARGUMENT, UNSUPPORTED (names the joint that is
 * missing on either side), MEMORY. */
MOMU_NODISCARD MOMU_API momu_status momu_motion_retarget(momu_context *context,
                                                         const momu_motion *motion,
                                                         const momu_motion *character,
                                                         momu_motion **retargeted);

/* What a motion has. `motion` NULL, or a joint out of range, gives 0, NULL or, for a parent, -1.
 * Pointers belong to the motion. */
MOMU_API momu_motion_kind
momu_motion_get_kind(const momu_motion *motion);                    /**< which arrays it has */
MOMU_API int64_t momu_motion_get_frames(const momu_motion *motion); /**< instants */
MOMU_API double momu_motion_get_fps(const momu_motion *motion);     /**< frames a second */
MOMU_API double momu_motion_get_seconds(const momu_motion *motion); /**< frames / fps */
MOMU_API int32_t momu_motion_get_joints(const momu_motion *motion); /**< how many */
/** The name of one joint, 0..joints - 1. */
MOMU_API const char *momu_motion_get_joint_name(const momu_motion *motion, int32_t joint);
/** The parent of one joint; -1 for the root, and where there is no skeleton. */
MOMU_API int32_t momu_motion_get_joint_parent(const momu_motion *motion, int32_t joint);
/** (joints, 3) from the parent in the rest pose; NULL unless the kind is JOINTS. */
MOMU_API const float *momu_motion_get_offsets(const momu_motion *motion);
/** (frames, joints, 3), or (frames, joints, 2) for KEYPOINTS. */
MOMU_API const float *momu_motion_get_positions(const momu_motion *motion);
/** (frames, joints, 4); NULL unless the kind is JOINTS. */
MOMU_API const float *momu_motion_get_rotations(const momu_motion *motion);
/** (frames, 3) where joint 0 is; NULL unless the kind is JOINTS. */
MOMU_API const float *momu_motion_get_root(const momu_motion *motion);
/** (frames, joints) 0..1; NULL where all are 1. */
MOMU_API const float *momu_motion_get_confidence(const momu_motion *motion);

/** Releases a motion. NULL is allowed. */
MOMU_API void momu_motion_destroy(momu_motion *motion);

/** Tracks the beats of a dance. By the model's beat tracker, if it has a trained one, the dance
 * lasts from 5 seconds to what the model can generate for, and the tracker is confident enough: the
 * beats of the music that the dance would go to, which momu_motion_to_music() conditions music on.
 * Else, and where `model` is NULL, the kinematic beats: the moments at which the dance brakes (You
 * et al. 2024, section 3.1; docs/features.md, "Rhythm"); their tempo is the most regular pulse
 * through them, between 60 and 200. The body must have the joints that generation needs, or be
 * keypoints. Release with momu_beats_destroy(). Errors: ARGUMENT, UNSUPPORTED (names the missing
 * joint), CANCELLED, MEMORY. */
MOMU_NODISCARD MOMU_API momu_status momu_motion_beats(momu_context *context,
                                                      const momu_model *model,
                                                      const momu_motion *motion,
                                                      momu_beats **beats);

#ifdef __cplusplus
}
#endif
#endif
