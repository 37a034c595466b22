/* A phrase: what is danced on eight counts (six in waltz time), and how it is made. Internal. */
#ifndef MOMUI_TRAIN_CORPUS_DANCE_PHRASE_H
#define MOMUI_TRAIN_CORPUS_DANCE_PHRASE_H

#include "train/corpus/dance/dance_options.h"
#include "train/corpus/dance/dance_styles.h"
#include "train/corpus/time_grid.h"

enum { MOMUI_PHRASE_COUNTS = 8 };

/* What a phrase is made of. Phrases that repeat one another have the same. */
typedef struct momui_phrase_plan {
    bool mocap_lower, mocap_upper, half_time, mirrored;
    size_t legs, torso, arms, head;
    uint64_t draw; /* the seed of the choice of takes, and of figures' random details */
} momui_phrase_plan;

/* The counts of a phrase on the track's clock, with human timing. */
typedef struct momui_phrase {
    momui_phrase_plan plan;
    int32_t first_beat, beats; /* of the grid */
    double times[MOMUI_PHRASE_COUNTS + 1];
    float accents[MOMUI_PHRASE_COUNTS + 1];
    bool hold[MOMUI_PHRASE_COUNTS + 1];
    size_t count;
    int64_t from, to; /* frames: begins after `from`, ends with `to` */
    double energy;
} momui_phrase;

/* All phrases of a grid, in order. Free with momui_free. */
momu_status momui_phrases_plan(momui_memory *memory, const momui_grid *grid,
                               const momui_style *style, const momui_dance_options *options,
                               bool has_units, int64_t frames, momui_phrase **phrases,
                               size_t *count, momu_error *error);

/* Units for the phrase's counts, one after the other, as one segment from frame `from` to `to`;
 * begins at (x, z) facing `yaw`. `name` gets the takes. NULL with MOMU_OK: no unit fits. */
momu_status momui_phrase_captured(momui_memory *memory, const momui_units *units,
                                  const momui_dance_options *options, const momui_phrase *phrase,
                                  uint64_t part, double amplitude, const momui_lower *start,
                                  bool stays, momui_segment **segment, char *name, size_t size,
                                  momu_error *error);

/* ---- transitions ---- */

/* `segment`'s frame 0 follows `start`: its pelvis sets out from there, and each foot that stands
 * elsewhere makes a step. `beat` seconds: how long a step may take. */
void momui_transition_lower(momui_segment *segment, const momui_lower *start, double beat);
/* Joints set out from `start` and are the segment's own after `seconds`. */
void momui_transition_upper(momui_segment *segment, const momui_upper *start, double seconds);
/* The upper part of `from` on the lower part of `segment`: the chest leans in the world as it did.
 */
void momui_transition_layer(momui_segment *segment, const momui_segment *from, double share);

/* ---- idle motion ---- */

/* Sway and small irregularity over the whole dance; feet that stand are left alone. */
void momui_add_idle_motion(momui_segment *segment, const momui_dancer_style *style,
                           momui_random *random);

#endif
