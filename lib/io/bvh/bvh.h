/* BVH: a skeleton and its angles as text. docs/formats.md says which of its many dialects are
 * understood. */
#ifndef MOMUI_IO_BVH_BVH_H
#define MOMUI_IO_BVH_BVH_H

#include "base/stream.h"
#include "motion/motion.h"

momu_status momui_bvh_read(momui_memory *memory, const momui_bytes *bytes, momui_motion **motion,
                           momu_error *error);

/* bvh_axes.c: whether Z is up in what was read, and Y made so. */
bool momui_bvh_is_z_up(const momui_motion *motion);
void momui_bvh_stand_up(momui_motion *motion);

/* The name of the joint that an End Site of `parent` becomes. */
void momui_bvh_end_name(const char *parent, char name[64]);

typedef struct momui_bvh_style {
    double per_metre; /* the file's units */
    bool z_up;        /* else Y up */
    int32_t moving;   /* 1: the root alone has position channels; 2: its first child as well */
} momui_bvh_style;

/* A JOINTS motion as text. `style` NULL: centimetres, Y up, one moving joint. */
momu_status momui_bvh_write(const momui_motion *motion, const momui_bvh_style *style,
                            momui_writer *out, momu_error *error);

#endif
