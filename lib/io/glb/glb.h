/* GLB, the binary form of glTF 2.0: animations of a tree of nodes. */
#ifndef MOMUI_IO_GLB_GLB_H
#define MOMUI_IO_GLB_GLB_H

#include "base/stream.h"
#include "motion/motion.h"

/* `take` NULL reads the first animation. */
momu_status momui_glb_read(momui_memory *memory, const momui_bytes *bytes, const char *take,
                           momui_motion **motion, momu_error *error);
momu_status momui_glb_takes(momui_memory *memory, const momui_bytes *bytes, char (**names)[64],
                            size_t *count, momu_error *error);

/* A JOINTS motion as one animation of a skinned character; the first `moving` joints (1 or 2) are
 * translated as well. */
momu_status momui_glb_write(const momui_motion *motion, int32_t moving, momui_writer *out,
                            momu_error *error);

#endif
