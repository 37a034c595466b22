/* From the canonical body onto any other human figure: the way back of body.h. */
#ifndef MOMUI_MOTION_RETARGET_TO_H
#define MOMUI_MOTION_RETARGET_TO_H

#include "motion/motion.h"

/* `motion`, any dancer, on `figure`, whose rest pose is a person upright. Its orientations are
 * those of the dancer against both rest poses; travel and ankles are scaled by the legs. Joints
 * that the canonical body does not have rest. Free with momui_motion_free(). */
momu_status momui_retarget_to(momui_memory *memory, const momui_motion *motion,
                              const momui_skeleton *figure, momui_motion **out, momu_error *error);

#endif
