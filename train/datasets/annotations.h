/* The annotations of a pair, STEM.json (docs/training.md, "Data", and docs/formats.md, "A corpus"):
 * the one parser. Training, the metrics and the dataset's manifest each read what they need of the
 * struct. */
#ifndef MOMUI_TRAIN_DATASETS_ANNOTATIONS_H
#define MOMUI_TRAIN_DATASETS_ANNOTATIONS_H

#include "base/error.h"
#include "base/memory.h"

/* A phrase of the dance: its beats and the origin of its figures. */
typedef struct momui_phrase {
    int32_t first_beat, beats;
    bool mocap_lower, mocap_upper, half_time;
} momui_phrase;

/* All that the file annotates; 0 and NULL where it does not. */
typedef struct momui_annotations {
    double seconds, tempo, energy; /* tempo in bpm, energy 0..1 */
    int32_t genre;                 /* 1..MOMUI_GENRES */
    double *beats;                 /* (beat_count) seconds, rising */
    size_t beat_count;
    float *beat_energy; /* (beat_count) 0..1 */
    double *downbeats;  /* (downbeat_count) seconds, rising */
    size_t downbeat_count;

    /* "dance"; whole when it states both shares */
    bool dance_whole;
    double mocap_share, half_time_share;
    momui_phrase *phrases;
    size_t phrase_count;

    /* "music"; whole when it states all three as texts */
    bool music_whole;
    char music_kind[16], music_source[192], music_licence[64];

    /* "measured": the dance against the beats; whole when it states all four */
    bool measured_whole;
    double hits, kinematic_beats, chance, skate;
} momui_annotations;

/* Every key is optional, and keys that are not listed above are the annotator's own. A listed key
 * with a value out of range is MOMU_ERROR_FORMAT; so is a list of times that does not rise. A
 * "dance", "music" or "measured" that is no object counts as the annotator's own. Release it, also
 * after a failure. */
momu_status momui_annotations_read(momui_memory *memory, const char *path,
                                   momui_annotations *annotations, momu_error *error);
void momui_annotations_release(momui_annotations *annotations);

/* ---- a view: the dance's origin ---- */

typedef enum momui_origin {
    MOMUI_ORIGIN_MIXED,
    MOMUI_ORIGIN_MOCAP, /* lower and upper body, all the time */
    MOMUI_ORIGIN_PROCEDURAL
} momui_origin;

/* Of the dance from `start` to `end` seconds. Where no phrase is, it is mixed. */
momui_origin momui_annotations_origin(const momui_annotations *annotations, double start,
                                      double end);

#endif
