/* What a dance is made of, and from which seed. */
#ifndef MOMUI_TRAIN_CORPUS_DANCE_DANCE_OPTIONS_H
#define MOMUI_TRAIN_CORPUS_DANCE_DANCE_OPTIONS_H

#include "train/corpus/moves/units.h"

typedef enum momui_material {
    MOMUI_MATERIAL_MIXED,     /* motion capture, procedural moves, and one above the other */
    MOMUI_MATERIAL_MOCAP,     /* for measuring: motion capture alone */
    MOMUI_MATERIAL_PROCEDURAL /* for measuring: procedural moves alone */
} momui_material;

typedef struct momui_dance_options {
    uint64_t seed;
    momui_split split; /* which takes may be used */
    momui_material material;
} momui_dance_options;

#endif
