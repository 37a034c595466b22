/* What pictures show of a view: beats, which of them agree, feet on the ground, the spectrogram. */
#ifndef MOMUI_TOOLS_VIEW_SCENE_H
#define MOMUI_TOOLS_VIEW_SCENE_H

#include "dsp/beat_match.h"
#include "dsp/beat_tracking.h"
#include "tools/draw/bones.h"
#include "tools/view/view.h"

#define MOMUI_VIEW_TOLERANCE 0.070

typedef struct momui_scene_dance {
    const momui_motion *motion;
    const char *name;
    double seconds;
    momui_bones bones;
    double *beats; /* (beat_count) kinematic */
    uint8_t *hits; /* (beat_count) 1: one of the music's within the tolerance */
    size_t beat_count;
    uint8_t *music_hits; /* (the music's beats) 1: one of the dance's is near */
    uint8_t *feet; /* (motion->frames) bit 0 left, bit 1 right on the ground; NULL: not known */
    momui_match match;
    double chance; /* F1 at random time offsets */
} momui_scene_dance;

typedef struct momui_scene {
    const momui_view *view;
    double seconds;    /* of the longest */
    float *mono;       /* (view->song->frames) */
    momui_beats music; /* none without a song */
    float *mel;        /* (mel_frames, 80) at 62.5 a second */
    int64_t mel_frames;
    momui_scene_dance dances[MOMUI_VIEW_DANCES];
} momui_scene;

/* A dance without human joints has no beats and no feet, and is shown all the same; what would be
 * an empty picture is refused. */
momu_status momui_scene_open(momui_memory *memory, const momui_view *view, momui_scene *scene,
                             momu_error *error);
void momui_scene_close(momui_scene *scene);

#endif
