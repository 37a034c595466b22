/* A motion made ready for the program that will open it: names, axes, units, and where its travel
 * over the ground is kept. docs/formats.md, "For other programs". */
#ifndef MOMUI_IO_EXPORT_H
#define MOMUI_IO_EXPORT_H

#include "motion/motion.h"

/* As momu_target and momu_root_motion. */
typedef enum momui_target {
    MOMUI_TARGET_NONE,
    MOMUI_TARGET_BLENDER,
    MOMUI_TARGET_UNREAL,
    MOMUI_TARGET_UNITY,
    MOMUI_TARGET_MAYA,
    MOMUI_TARGET_SMPL,
    MOMUI_TARGET_KEYPOINTS,
    MOMUI_TARGETS
} momui_target;

typedef enum momui_root_mode {
    MOMUI_ROOT_WORLD,
    MOMUI_ROOT_IN_PLACE,
    MOMUI_ROOT_EXTRACTED,
    MOMUI_ROOT_MODES
} momui_root_mode;

typedef struct momui_export {
    momui_target target;
    momui_root_mode root;
} momui_export;

/* "blender", "world" ...; NULL out of range. Static. */
const char *momui_target_name(int32_t target);
const char *momui_root_mode_name(int32_t mode);

/* What the target calls a joint of the canonical body, or NULL where it has no names of its own. */
const char *momui_target_joint(momui_target target, int joint);

/* A copy with the target's joint names and the root's travel as asked for. EXTRACTED: a joint
 * "root" on the ground below the first joint, which turns with the heading, comes before all
 * others. UNSUPPORTED where there are no rotations. Free with momui_motion_free(). */
momu_status momui_export_prepare(momui_memory *memory, const momui_motion *motion,
                                 const momui_export *options, momui_motion **out,
                                 momu_error *error);

#endif
