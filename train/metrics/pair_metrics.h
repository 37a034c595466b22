/* One pair of dance and music from its files, for measuring. */
#ifndef MOMUI_TRAIN_METRICS_PAIR_METRICS_H
#define MOMUI_TRAIN_METRICS_PAIR_METRICS_H

#include "base/memory.h"
#include "motion/motion.h"

/* Which beats were danced with what. */
typedef struct momui_phrase {
    int32_t first_beat, beats;
    bool captured_lower, captured_upper, half_time;
} momui_phrase;

/* What STEM.json says (docs/formats.md); 0 where it does not. */
typedef struct momui_annotations {
    double seconds, tempo, energy;
    int32_t genre;
    double captured_share, half_time_share;
    double *beats;
    size_t beat_count;
    momui_phrase *phrases;
    size_t phrase_count;
} momui_annotations;

momu_status momui_annotations_read(momui_memory *memory, const char *path,
                                   momui_annotations *annotations, momu_error *error);
void momui_annotations_release(momui_annotations *annotations);

typedef enum momui_origin {
    MOMUI_ORIGIN_MIXED,
    MOMUI_ORIGIN_CAPTURED, /* lower and upper body, all the time */
    MOMUI_ORIGIN_PROCEDURAL
} momui_origin;

/* Of the dance from `start` to `end` seconds. Where no phrase is, it is mixed. */
momui_origin momui_annotations_origin(const momui_annotations *annotations, double start,
                                      double end);

/* Any motion file onto the canonical body at 62.5 frames a second. */
momu_status momui_dance_read(momui_memory *memory, const char *path, momui_motion **body,
                             momu_error *error);
/* Any sound file as its log-mel (frames, 80), 62.5 frames a second. */
momu_status momui_mel_read(momui_memory *memory, const char *path, float **mel, int64_t *frames,
                           momu_error *error);

#endif
