/* Measures what a page, a sheet and a film show. */
#include "tools/view/scene.h"

#include "base/extremes.h"
#include "dsp/beat_match.h"
#include "dsp/mel.h"
#include "dsp/resample.h"
#include "motion/body.h"
#include "motion/contacts.h"
#include "motion/kinematic_beats.h"

#include <math.h>
#include <string.h>

/* ---- beats and feet ---- */

static momu_status find_feet(momui_memory *memory, momui_scene_dance *dance, momu_error *error) {
    momui_motion *body = NULL;
    uint8_t *contacts = NULL;
    double ground = 0;
    if (dance->motion->kind == MOMUI_MOTION_KEYPOINTS)
        return MOMU_OK;
    momu_status status = momui_body_from_motion(memory, dance->motion, &body, NULL, error);
    if (status == MOMU_ERROR_UNSUPPORTED)
        return MOMU_OK; /* no person has no feet */
    if (status == MOMU_OK)
        status = momui_body_ground(memory, body, &ground, error);
    if (status == MOMU_OK)
        status = momui_contacts_detect(memory, body, ground, &contacts, error);
    if (status == MOMU_OK && !(dance->feet = momui_alloc(memory, (size_t)body->frames, 1)))
        status = momui_fail_memory(error, "a dance's feet");
    for (int64_t t = 0; status == MOMU_OK && t < body->frames; t++) {
        const uint8_t *c = contacts + t * MOMUI_CONTACTS;
        dance->feet[t] = (uint8_t)((c[0] | c[1] ? 1 : 0) | (c[2] | c[3] ? 2 : 0));
    }
    momui_free(contacts);
    momui_motion_free(body);
    return status;
}

static momu_status track_beats(momui_memory *memory, const momui_beats *music, double seconds,
                               momui_scene_dance *dance, momu_error *error) {
    momu_status status = momui_kinematic_beats(memory, dance->motion, false, &dance->beats,
                                               &dance->beat_count, error);
    if (status != MOMU_OK && status != MOMU_ERROR_UNSUPPORTED)
        return status;
    dance->hits = momui_calloc(memory, dance->beat_count + 1, 1);
    dance->music_hits = momui_calloc(memory, music->count + 1, 1);
    if (!dance->hits || !dance->music_hits)
        return momui_fail_memory(error, "a dance's beats");
    dance->match =
        momui_beats_match_marked(dance->beats, dance->beat_count, music->times, music->count,
                                 MOMUI_VIEW_TOLERANCE, dance->hits, dance->music_hits);
    dance->chance = momui_beats_chance(dance->beats, dance->beat_count, music->times, music->count,
                                       MOMUI_VIEW_TOLERANCE, seconds, 1);
    return MOMU_OK;
}

/* ---- the song ---- */

/* A model's beats where the caller has them: a picture shows those that a dance was made to. */
static momu_status song_beats(momui_memory *memory, const momui_view *view, momui_scene *scene,
                              momu_error *error) {
    const momu_beats *from = view->song_beats;
    momui_beats *music = &scene->music;
    if (!from)
        return momui_beats_track(memory, scene->mono, view->song->frames, view->song->rate, music,
                                 error);
    music->times = momui_alloc(memory, from->count ? from->count : 1, sizeof *music->times);
    if (!music->times)
        return momui_fail_memory(error, "the song's beats");
    if (from->count > 0)
        memcpy(music->times, from->times, from->count * sizeof *music->times);
    music->count = from->count;
    music->tempo = from->tempo;
    music->confidence = from->confidence;
    music->tracker = from->tracker;
    return MOMU_OK;
}

static momu_status analyse(momui_memory *memory, const momui_view *view, momui_scene *scene,
                           momu_error *error) {
    const momui_audio *song = view->song;
    float *at_rate = NULL;
    int64_t frames = 0;
    scene->mono = momui_audio_mono(song, memory);
    if (!scene->mono)
        return momui_fail_memory(error, "the song's mean channel");
    MOMUI_TRY(song_beats(memory, view, scene, error));
    MOMUI_TRY(momui_resample(memory, scene->mono, song->frames, 1, song->rate,
                             momui_mel_default.sample_rate, &at_rate, &frames, error));
    momu_status status = momui_mel(memory, &momui_mel_default, at_rate, frames, &scene->mel,
                                   &scene->mel_frames, error);
    momui_free(at_rate);
    return status;
}

momu_status momui_scene_open(momui_memory *memory, const momui_view *view, momui_scene *scene,
                             momu_error *error) {
    *scene = (momui_scene){.view = view};
    momu_status status = view->song ? analyse(memory, view, scene, error) : MOMU_OK;
    if (view->song)
        scene->seconds = (double)view->song->frames / view->song->rate;
    for (int i = 0; status == MOMU_OK && i < view->dance_count; i++) {
        momui_scene_dance *dance = &scene->dances[i];
        dance->motion = view->dances[i];
        dance->name = view->dance_names[i];
        dance->seconds = (double)dance->motion->frames / dance->motion->fps;
        scene->seconds = momui_max(scene->seconds, dance->seconds);
        status = momui_check_drawable(dance->motion, dance->name, error);
        momui_find_bones(dance->motion, &dance->bones);
        if (status == MOMU_OK)
            status = track_beats(memory, &scene->music, dance->seconds, dance, error);
        if (status == MOMU_OK)
            status = find_feet(memory, dance, error);
    }
    if (status != MOMU_OK)
        momui_scene_close(scene);
    return status;
}

void momui_scene_close(momui_scene *scene) {
    for (int i = 0; i < MOMUI_VIEW_DANCES; i++) {
        momui_free(scene->dances[i].beats);
        momui_free(scene->dances[i].hits);
        momui_free(scene->dances[i].music_hits);
        momui_free(scene->dances[i].feet);
    }
    momui_beats_release(&scene->music);
    momui_free(scene->mono);
    momui_free(scene->mel);
    memset(scene, 0, sizeof *scene);
}
