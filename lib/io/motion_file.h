/* Motion files. Their first bytes decide the format that is read, their extension the one that is
 * written. docs/formats.md says what of each format is read and written. */
#ifndef MOMUI_IO_MOTION_FILE_H
#define MOMUI_IO_MOTION_FILE_H

#include "base/stream.h"
#include "io/export.h"
#include "motion/motion.h"

/* .bvh .glb .npz .npy. `take` is the name of an animation, NULL the first. Free with
 * momui_motion_free(). */
momu_status momui_motion_read(momui_memory *memory, const char *path, const char *take,
                              momui_motion **motion, momu_error *error);
/* The same from bytes in memory. A format without takes has one, named after bytes->name. */
momu_status momui_motion_read_bytes(momui_memory *memory, const momui_bytes *bytes,
                                    const char *take, momui_motion **motion, momu_error *error);

/* The names of a file's takes; a format without takes has one, named after the file. Free *names
 * with momui_free(). */
momu_status momui_motion_takes(momui_memory *memory, const char *path, char (**names)[64],
                               size_t *count, momu_error *error);
momu_status momui_motion_takes_bytes(momui_memory *memory, const momui_bytes *bytes,
                                     char (**names)[64], size_t *count, momu_error *error);

/* .bvh or .glb (JOINTS), or .npz, whole or absent. `options` NULL: for no program in particular. */
momu_status momui_motion_write(const momui_motion *motion, const char *path,
                               const momui_export *options, momu_error *error);
/* Appends to `out` the bytes that momui_motion_write() puts into a file. `format`: "bvh", "glb" or
 * "npz". On failure `out` may hold a part. */
momu_status momui_motion_write_bytes(const momui_motion *motion, const char *format,
                                     const momui_export *options, momui_writer *out,
                                     momu_error *error);

#endif
