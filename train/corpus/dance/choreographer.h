/* A dance for a track: style by genre, phrases that repeat and vary with the song's form. */
#ifndef MOMUI_TRAIN_CORPUS_DANCE_CHOREOGRAPHER_H
#define MOMUI_TRAIN_CORPUS_DANCE_CHOREOGRAPHER_H

#include "train/corpus/dance/dance_options.h"
#include "train/corpus/time_grid.h"

/* The figures or takes on some beats, for the annotations. */
typedef struct momui_danced {
    int32_t first_beat, beats;
    char lower[96], upper[96]; /* names of dance figures or takes, and "mirrored" */
    bool mocap_lower, mocap_upper;
    bool half_time;
} momui_danced;

typedef struct momui_dance {
    momui_motion *body; /* canonical, 62.5 frames/s, floor(seconds x 62.5) frames */
    momui_danced *phrases;
    size_t phrase_count;
    double mocap_share;     /* of frames in which the lower or the upper body is motion capture */
    double half_time_share; /* of frames */
    double skate;           /* cm/s: slip of planted feet, momui_contact_slip */
} momui_dance;

/* `units` may be NULL for MOMUI_MATERIAL_PROCEDURAL. */
momu_status momui_choreograph(momui_memory *memory, const momui_grid *grid,
                              const momui_units *units, const momui_dance_options *options,
                              momui_dance *dance, momu_error *error);
void momui_dance_release(momui_dance *dance);

#endif
