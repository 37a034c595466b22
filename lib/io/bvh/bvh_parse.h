/* Between the files of the BVH reader: its text, word by word, and what HIERARCHY says. */
#ifndef MOMUI_IO_BVH_BVH_PARSE_H
#define MOMUI_IO_BVH_BVH_PARSE_H

#include "base/stream.h"
#include "motion/motion.h"

typedef struct momui_bvh_text {
    const char *at, *end, *word; /* word: the last one read, within the text */
    size_t length;               /* of the word; 0 at the end */
    size_t line;                 /* of the word, from 1 */
    const char *name;            /* of the file */
    momu_error *error;
} momui_bvh_text;

/* 0..2 x y z position, 3..5 x y z rotation */
typedef struct momui_bvh_joint {
    char name[64];
    int32_t parent;
    double offset[3];
    int32_t channels;
    uint8_t channel[6];
    bool has_offset, end;
} momui_bvh_joint;

typedef struct momui_bvh_tree {
    momui_bvh_joint joint[MOMUI_MAX_JOINTS];
    int32_t joints, channels;
} momui_bvh_tree;

void momui_bvh_begin(momui_bvh_text *text, const momui_bytes *bytes, momu_error *error);
/* The next word, braces apart; false at the end. */
bool momui_bvh_next(momui_bvh_text *text);
bool momui_bvh_is(const momui_bvh_text *text, const char *word); /* letters of either case */
/* "<file>:<line>: ..." */
momu_status momui_bvh_fail(const momui_bvh_text *text, momu_status status, const char *format, ...)
    MOMUI_PRINTF(3, 4);
/* The next word as a number within +-1e7. `what` names it. */
momu_status momui_bvh_number(momui_bvh_text *text, const char *what, double *value);

/* Reads from HIERARCHY to the word MOTION. */
momu_status momui_bvh_hierarchy(momui_bvh_text *text, momui_bvh_tree *tree);

/* How many joints at the top only move the body as a whole: each has one child, which moves by
 * itself, down to one from which the body branches. Their motion is added to that joint's. */
int32_t momui_bvh_carriers(const momui_bvh_tree *tree);

/* Metres in one unit of this file, whose body begins at joint `root`: docs/formats.md, "Units". */
double momui_bvh_unit(const momui_bvh_tree *tree, int32_t root);

#endif
