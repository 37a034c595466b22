/* Motion of the DeepMimic humanoid: JSON with "Frames" of 44 numbers each. docs/formats.md. */
#ifndef MOMUI_IO_DEEPMIMIC_H
#define MOMUI_IO_DEEPMIMIC_H

#include "base/stream.h"
#include "motion/motion.h"

/* World positions of 16 joints, metres, facing +Z. */
momu_status momui_deepmimic_read(momui_memory *memory, const momui_bytes *bytes,
                                 momui_motion **motion, momu_error *error);

#endif
