/* A dance for a piece: style by genre, phrases that repeat and vary with its form. */
#ifndef MOMUI_TRAIN_CORPUS_DANCE_CHOREOGRAPHER_H
#define MOMUI_TRAIN_CORPUS_DANCE_CHOREOGRAPHER_H

#include "base/random.h"
#include "train/corpus/moves/units.h"
#include "train/corpus/time_grid.h"

typedef enum momui_material {
    MOMUI_MATERIAL_MIXED,     /* the corpus: captured, written, and one above the other */
    MOMUI_MATERIAL_CAPTURED,  /* for measuring: captured units alone */
    MOMUI_MATERIAL_PROCEDURAL /* for measuring: figures of ours alone */
} momui_material;

typedef struct momui_dance_options {
    uint64_t seed;
    momui_split split; /* which takes may be used */
    momui_material material;
} momui_dance_options;

/* What was danced on some beats, for the manifest. */
typedef struct momui_danced {
    int32_t first_beat, beats;
    char lower[96], upper[96]; /* names of figures or takes, "mirrored" behind where so */
    bool captured_lower, captured_upper;
    bool half_time;
} momui_danced;

typedef struct momui_dance {
    momui_motion *body; /* canonical, 62.5 frames/s, floor(seconds x 62.5) frames */
    momui_danced *phrases;
    size_t phrase_count;
    double captured_share;  /* of frames in which the lower or the upper body is captured */
    double half_time_share; /* of frames */
    double skate;           /* cm/s in stance */
} momui_dance;

/* `units` may be NULL for WRITTEN. */
momu_status momui_choreograph(momui_memory *memory, const momui_grid *grid,
                              const momui_units *units, const momui_dance_options *options,
                              momui_dance *dance, momu_error *error);
void momui_dance_release(momui_dance *dance);

#endif
