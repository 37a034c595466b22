/* Motion files, told apart by their first bytes and their ending. docs/formats.md says what of each
 * format is read and written. */
#ifndef MOMUI_IO_MOTION_FILE_H
#define MOMUI_IO_MOTION_FILE_H

#include "base/stream.h"
#include "io/export.h"
#include "motion/motion.h"

/* .bvh .glb .npz .npy. `take` is the name of an animation, NULL the first. Free with
 * momui_motion_free(). */
momu_status momui_motion_read(momui_memory *memory, const char *path, const char *take,
                              momui_motion **motion, momu_error *error);
/* The format is told from the content alone. */
momu_status momui_motion_read_bytes(momui_memory *memory, const momui_bytes *bytes,
                                    const char *take, momui_motion **motion, momu_error *error);

/* The names of a file's takes; a format without takes has one, named after the file. Free *names
 * with momui_free(). */
momu_status momui_motion_takes(momui_memory *memory, const char *path, char (**names)[64],
                               size_t *count, momu_error *error);

/* .bvh or .glb (JOINTS), or .npz, whole or absent. `options` NULL: for no program in particular. */
momu_status momui_motion_write(const momui_motion *motion, const char *path,
                               const momui_export *options, momu_error *error);

#endif
