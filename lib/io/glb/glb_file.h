/* Between the files of the GLB reader. glb_file.c checks the container and its accessors,
 * glb_tree.c the nodes and which of them are joints, glb_track.c the curves of an animation,
 * glb_read.c makes a motion of them. */
#ifndef MOMUI_IO_GLB_GLB_FILE_H
#define MOMUI_IO_GLB_GLB_FILE_H

#include "io/json/json.h"
#include "motion/motion.h"
#include "motion/rotation.h"

enum { MOMUI_GLB_MAX_NODES = 1 << 16, MOMUI_GLB_MAX_TAKES = 1 << 14 };

typedef struct momui_glb {
    momui_memory *memory;
    const momui_bytes *bytes;
    momui_json *json;
    const unsigned char *data; /* the BIN chunk */
    size_t size;
    const momui_json *nodes, *animations, *accessors, *views; /* NULL when the file has none */
} momui_glb;

momu_status momui_glb_open(momui_memory *memory, const momui_bytes *bytes, momui_glb *glb,
                           momu_error *error);
void momui_glb_close(momui_glb *glb);

/* An index kept under `key`, less than the number of elements of `list`. */
momu_status momui_glb_index(const momui_json *object, const char *key, const momui_json *list,
                            size_t *index, momu_error *error);
/* Name of animation `index`. */
void momui_glb_take_name(const momui_glb *glb, size_t index, char name[64]);

/* Reads an accessor of `width` numbers an element into floats (count, width). Integers are taken as
 * normalised. Free *out with momui_free(). */
momu_status momui_glb_accessor(const momui_glb *glb, const momui_json *owner, const char *key,
                               int width, float **out, size_t *count, momu_error *error);

/* ---- nodes ---- */
typedef struct momui_glb_node {
    int32_t parent; /* -1: none */
    int32_t joint;  /* index in the skeleton, or -1 */
    bool matrix;    /* `base` came as a matrix: it cannot be animated */
    bool moved;     /* an animation translates it */
    bool animated;
    double translation[3], scale[3];
    momui_quat rotation;
    double base[12]; /* (3, 4) row-major, used when `matrix` */
} momui_glb_node;

typedef struct momui_glb_tree {
    momui_glb_node *nodes; /* (count) */
    size_t count;
    int32_t
        *order; /* (order_count) parents first, depth first; in the end only what joints hang on */
    size_t order_count;
    int32_t *joints; /* (joint_count) nodes, parents first */
    int32_t joint_count;
} momui_glb_tree;

momu_status momui_glb_tree_read(const momui_glb *glb, momui_glb_tree *tree, momu_error *error);
void momui_glb_tree_free(momui_glb_tree *tree);

/* ---- curves ---- */
typedef enum momui_glb_path {
    MOMUI_GLB_TRANSLATION,
    MOMUI_GLB_ROTATION,
    MOMUI_GLB_SCALE
} momui_glb_path;
typedef enum momui_glb_mode { MOMUI_GLB_LINEAR, MOMUI_GLB_STEP, MOMUI_GLB_CUBIC } momui_glb_mode;

typedef struct momui_glb_track {
    int32_t node;
    momui_glb_path path;
    momui_glb_mode mode;
    size_t keys, at; /* at: where the last look-up was */
    float *times;    /* (keys) strictly rising */
    float *values;   /* (keys, width), or (3 keys, width) for CUBIC */
} momui_glb_track;

typedef struct momui_glb_tracks {
    momui_glb_track *tracks;
    size_t count;
} momui_glb_tracks;

momu_status momui_glb_tracks_read(const momui_glb *glb, const momui_glb_tree *tree,
                                  size_t animation, momui_glb_tracks *tracks, momu_error *error);
void momui_glb_tracks_free(momui_glb_tracks *tracks);
/* Value at `seconds`, 3 or 4 (x y z w) numbers; held before the first key and after the last. */
void momui_glb_track_at(momui_glb_track *track, double seconds, double value[4]);
/* Where the tracks begin and end, and the rate at which to sample them. */
void momui_glb_tracks_clock(const momui_glb_tracks *tracks, double *start, double *end,
                            double *fps);

#endif
