/* BVH: a skeleton and its angles as text. docs/FORMATS.md says which of its many dialects are
 * understood. */
#ifndef MOMUI_IO_BVH_H
#define MOMUI_IO_BVH_H

#include "base/stream.h"
#include "motion/motion.h"

momu_status momui_bvh_read(momui_memory *memory, const momui_bytes *bytes, momui_motion **motion,
                           momu_error *error);

/* A JOINTS motion as text: centimetres, Y up. */
momu_status momui_bvh_write(const momui_motion *motion, momui_writer *out, momu_error *error);

#endif
