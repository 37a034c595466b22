/* Measures what a page, a sheet and a film show. */
#include "tools/view/scene.h"

#include "base/extremes.h"
#include "dsp/mel.h"
#include "dsp/resample.h"
#include "motion/body.h"
#include "motion/contacts.h"
#include "motion/joint_names.h"
#include "motion/rhythm.h"

#include <math.h>
#include <string.h>

/* ---- bones ---- */

static int32_t side_of(const char *name) {
    /* where joint_names.c finds a role, skeleton_bones() takes the side from that */
    if (strstr(name, "left") || strstr(name, "Left"))
        return 1;
    if (strstr(name, "right") || strstr(name, "Right"))
        return 2;
    return 0;
}

static int32_t role_side(int role) {
    const char *name = momui_role_name(role);
    return strncmp(name, "left", 4) == 0 ? 1 : strncmp(name, "right", 5) == 0 ? 2 : 0;
}

/* Of a skeleton: each joint with its parent. */
static void skeleton_bones(const momui_motion *motion, const momui_joint_map *map,
                           momui_scene_dance *dance) {
    const momui_skeleton *skeleton = &motion->skeleton;
    for (int32_t j = 0; j < skeleton->joints; j++) {
        if (skeleton->parents[j] < 0)
            continue;
        momui_bone *bone = &dance->bones[dance->bone_count++];
        *bone = (momui_bone){skeleton->parents[j], j, side_of(skeleton->names[j])};
        for (int role = 0; role < MOMUI_ROLES; role++)
            if (map->role[role] == j)
                bone->side = role_side(role);
    }
}

/* Of keypoints, which have no parents: limbs, the trunk's frame and the head, as far as they are
 * there. */
static void keypoint_bones(const momui_joint_map *map, momui_scene_dance *dance) {
    static const int PAIRS[][2] = {{MOMUI_LEFT_HIP, MOMUI_LEFT_KNEE},
                                   {MOMUI_LEFT_KNEE, MOMUI_LEFT_ANKLE},
                                   {MOMUI_LEFT_ANKLE, MOMUI_LEFT_FOOT},
                                   {MOMUI_RIGHT_HIP, MOMUI_RIGHT_KNEE},
                                   {MOMUI_RIGHT_KNEE, MOMUI_RIGHT_ANKLE},
                                   {MOMUI_RIGHT_ANKLE, MOMUI_RIGHT_FOOT},
                                   {MOMUI_LEFT_SHOULDER, MOMUI_LEFT_ELBOW},
                                   {MOMUI_LEFT_ELBOW, MOMUI_LEFT_WRIST},
                                   {MOMUI_RIGHT_SHOULDER, MOMUI_RIGHT_ELBOW},
                                   {MOMUI_RIGHT_ELBOW, MOMUI_RIGHT_WRIST},
                                   {MOMUI_LEFT_SHOULDER, MOMUI_RIGHT_SHOULDER},
                                   {MOMUI_LEFT_HIP, MOMUI_RIGHT_HIP},
                                   {MOMUI_LEFT_SHOULDER, MOMUI_LEFT_HIP},
                                   {MOMUI_RIGHT_SHOULDER, MOMUI_RIGHT_HIP},
                                   {MOMUI_NECK, MOMUI_ROLE_NOSE},
                                   {MOMUI_NECK, MOMUI_HEAD},
                                   {MOMUI_LEFT_SHOULDER, MOMUI_ROLE_NOSE},
                                   {MOMUI_RIGHT_SHOULDER, MOMUI_ROLE_NOSE}};
    bool neck = map->role[MOMUI_NECK] >= 0;
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
        int32_t from = map->role[PAIRS[i][0]], to = map->role[PAIRS[i][1]];
        bool to_nose = PAIRS[i][1] == MOMUI_ROLE_NOSE && PAIRS[i][0] != MOMUI_NECK;
        if (from < 0 || to < 0 || (to_nose && neck))
            continue;
        int32_t a = role_side(PAIRS[i][0]), b = role_side(PAIRS[i][1]);
        dance->bones[dance->bone_count++] = (momui_bone){from, to, a == b ? a : 0};
    }
}

static momu_status find_bones(momui_memory *memory, momui_scene_dance *dance, momu_error *error) {
    enum { PAIRS = 18 };
    const momui_motion *motion = dance->motion;
    size_t most = (size_t)motion->skeleton.joints + PAIRS;
    dance->bones = momui_alloc(memory, most, sizeof *dance->bones);
    if (!dance->bones)
        return momui_fail_memory(error, "a dance's bones");
    momui_joint_map map;
    momui_map_joints(&motion->skeleton, &map);
    dance->head = map.role[MOMUI_HEAD] >= 0 ? map.role[MOMUI_HEAD] : map.role[MOMUI_ROLE_NOSE];
    if (motion->kind == MOMUI_MOTION_JOINTS)
        skeleton_bones(motion, &map, dance);
    else
        keypoint_bones(&map, dance);
    return MOMU_OK;
}

/* ---- beats and feet ---- */

static momu_status find_feet(momui_memory *memory, momui_scene_dance *dance, momu_error *error) {
    momui_motion *body = NULL;
    uint8_t *contacts = NULL;
    double ground = 0;
    if (dance->motion->kind == MOMUI_MOTION_KEYPOINTS)
        return MOMU_OK;
    momu_status status = momui_body_from_motion(memory, dance->motion, &body, NULL, error);
    if (status == MOMU_ERROR_UNSUPPORTED)
        return MOMU_OK; /* no person: no feet to speak of */
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
        status = find_bones(memory, dance, error);
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
        momui_free(scene->dances[i].bones);
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
