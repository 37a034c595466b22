/* A song's notes as the synthesizer takes them: keys down and up, block by block. */
#ifndef MOMUI_TRAIN_CORPUS_MUSIC_SCORE_H
#define MOMUI_TRAIN_CORPUS_MUSIC_SCORE_H

#include "train/corpus/music/mix.h"

enum { MOMUI_SCORE_LEAD = 16 }; /* blocks that are played before time 0 */

/* Seconds from a key to the attack of its sound: by key of drums, by octave of others. */
typedef struct momui_delays {
    bool measured[MOMUI_MIX_PARTS][128];
    double seconds[MOMUI_MIX_PARTS][128];
} momui_delays;

typedef struct momui_event {
    int64_t block;
    size_t order;            /* of notes, so that sorting gives one answer */
    int part, key, velocity; /* velocity 0: up */
} momui_event;

typedef struct momui_score {
    momui_event *events; /* sorted; ups before downs */
    size_t count;
} momui_score;

/* Each key goes down early enough for its attack to be at its note's time. It is up before it goes
 * down again. */
momu_status momui_score_open(momui_memory *memory, const momui_song *song,
                             const momui_delays *delays, double rate, momui_score *score,
                             momu_error *error);
void momui_score_close(momui_score *score);

#endif
