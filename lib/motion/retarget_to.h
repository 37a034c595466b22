/* Retargeting from the canonical body to a character; body.h is the other direction. */
#ifndef MOMUI_MOTION_RETARGET_TO_H
#define MOMUI_MOTION_RETARGET_TO_H

#include "motion/motion.h"

/* Retargets `motion`, of any dancer, to `character`, whose rest pose is a person upright.
 * Orientations are the dancer's relative to both rest poses; travel and ankles scale with the
 * legs. Joints that the canonical body lacks keep their rest pose. Free with
 * momui_motion_free(). */
momu_status momui_retarget_to(momui_memory *memory, const momui_motion *motion,
                              const momui_skeleton *character, momui_motion **out,
                              momu_error *error);

#endif
