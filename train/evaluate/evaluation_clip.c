/* Lists the pairs of a folder, and reads a clip of one. */
#include "train/evaluate/evaluation_worker.h"

#include "base/random.h"
#include "features/features.h"
#include "io/motion_file.h"
#include "io/sound/sound.h"
#include "motion/body.h"
#include "motion/clock.h"
#include "motion/kinematics.h"
#include "motion/layout.h"
#include "train/datasets/dataset.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double RATE = 16000;
enum { START_STREAM = 801, DRAW_STREAM = 802 };

/* ---- lists ---- */

static void path_of(char path[1160], const char *folder, const momui_listed *listed,
                    const char *extension) {
    path[0] = 0;
    if (extension)
        snprintf(path, 1160, "%s/%s%s", folder, listed->stem, extension);
}

static const momui_listed *find(const momui_listing *list, const char *stem) {
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].stem, stem) == 0)
            return &list->items[i];
    return NULL;
}

/* Whether a clip of these files can be scored: a generated dance needs the reference's sound, a
 * generated sound needs it as well. */
static bool usable(const momui_listed *listed, const momui_listing *made) {
    if (!made)
        return listed->music && listed->motion;
    const momui_listed *other = find(made, listed->stem);
    return listed->music && other && (other->music || other->motion);
}

static void take(const char *folder, const momui_listed *listed, const char *generated,
                 const momui_listing *made, momui_evaluation_clip *to) {
    *to = (momui_evaluation_clip){.other = SIZE_MAX, .retrieved = {SIZE_MAX, SIZE_MAX}};
    snprintf(to->stem, sizeof to->stem, "%s", listed->stem);
    path_of(to->music, folder, listed, listed->music);
    path_of(to->motion, folder, listed, listed->motion);
    path_of(to->annotations_path, folder, listed, listed->annotations ? ".json" : NULL);
    const momui_listed *other = made ? find(made, listed->stem) : NULL;
    if (other) {
        path_of(to->made_music, generated, other, other->music);
        path_of(to->made_motion, generated, other, other->motion);
    }
}

/* A draw without replacement that keeps the order of names. */
static void draw(momui_list *list, size_t most, uint64_t seed) {
    momui_random random = {seed, DRAW_STREAM, 0};
    size_t kept = 0, all = list->count;
    for (size_t i = 0; i < all; i++) {
        size_t left = all - i, wanted = most - kept;
        if (wanted >= left || momui_random_below(&random, (uint32_t)left) < wanted)
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
}

static momu_status no_partner(const char *generated, const momui_listing *made,
                              const momui_listing *list, momu_error *error) {
    for (size_t i = 0; i < made->count; i++) {
        const momui_listed *other = find(list, made->items[i].stem);
        if (!other || !other->music)
            return momui_fail(error, MOMU_ERROR_NOT_FOUND,
                              "%s/%s: the reference folder has no sound of that name", generated,
                              made->items[i].stem);
    }
    return MOMU_OK;
}

static momu_status gather(const char *folder, const char *generated, const momui_listing *all,
                          const momui_listing *made, momui_list *list, momu_error *error) {
    if (made)
        MOMUI_TRY(no_partner(generated, made, all, error));
    list->items = momui_alloc(all->memory, all->count ? all->count : 1, sizeof *list->items);
    if (!list->items)
        return momui_fail_memory(error, "the list of pairs");
    for (size_t i = 0; i < all->count; i++)
        if (usable(&all->items[i], made))
            take(folder, &all->items[i], generated, made, &list->items[list->count++]);
    if (list->count > 0)
        return MOMU_OK;
    return momui_fail(error, MOMU_ERROR_NOT_FOUND,
                      made ? "%s: no sound or motion that the reference has a sound for"
                           : "%s: no pairs (a sound and a motion of one name) in it",
                      made ? generated : folder);
}

momu_status momui_clips_list(momui_memory *memory, const char *folder, const char *generated,
                             size_t most, uint64_t seed, momui_list *list, momu_error *error) {
    momui_listing all, made;
    *list = (momui_list){0};
    MOMUI_TRY(momui_list_pairs(memory, folder, &all, error));
    momu_status status = generated ? momui_list_pairs(memory, generated, &made, error) : MOMU_OK;
    if (status == MOMU_OK) {
        status = gather(folder, generated, &all, generated ? &made : NULL, list, error);
        if (generated)
            momui_listing_release(&made);
    }
    momui_listing_release(&all);
    if (status == MOMU_OK)
        draw(list, most, seed);
    return status;
}

void momui_evaluation_clip_release(momui_evaluation_clip *e) {
    momui_annotations_release(&e->annotations);
    momui_free(e->beats);
    e->beats = NULL;
    for (int s = 0; s < MOMUI_SYSTEMS; s++) {
        momui_audio_analysis_release(&e->audio_analysis[s]);
        momui_motion_analysis_release(&e->motion_analysis[s]);
    }
    for (int r = 0; r < MOMUI_EVAL_REPEATS; r++) {
        momui_audio_analysis_release(&e->audio_repeats[r]);
        momui_motion_analysis_release(&e->motion_repeats[r]);
    }
}

void momui_clips_release(momui_list *list) {
    for (size_t i = 0; i < list->count; i++)
        momui_evaluation_clip_release(&list->items[i]);
    momui_free(list->items);
    *list = (momui_list){0};
}

/* ---- sound and dance ---- */

static momu_status cut_sound(momui_memory *memory, const float *samples, int64_t count,
                             double start, double seconds, momui_audio **sound, momu_error *error) {
    int64_t from = (int64_t)floor(start * RATE + 0.5);
    from = from < count ? from : count;
    int64_t wanted = seconds > 0 ? (int64_t)floor(seconds * RATE + 0.5) : count - from;
    wanted = wanted < count - from ? wanted : count - from;
    if (wanted < 1)
        return momui_fail(error, MOMU_ERROR_FORMAT, "the sound has nothing from %.2f s on", start);
    if (!(*sound = momui_audio_new(memory, wanted, 1, RATE)))
        return momui_fail_memory(error, "a clip");
    memcpy((*sound)->samples, samples + from, (size_t)wanted * sizeof *samples);
    return MOMU_OK;
}

momu_status momui_evaluation_clip_sound(momui_memory *memory, const char *path, double start,
                                        double seconds, momui_audio **sound, momu_error *error) {
    momui_audio *whole = NULL;
    float *samples = NULL;
    int64_t count = 0;
    momu_status status = MOMU_OK;
    *sound = NULL;
    MOMUI_TRY(momui_sound_read(memory, path, &whole, error));
    MOMUI_TRY_GOTO(momui_sound_at_rate(memory, whole, RATE, &samples, &count, error), status, done);
    MOMUI_TRY_GOTO(cut_sound(memory, samples, count, start, seconds, sound, error), status, done);
done:
    momui_free(samples);
    momui_audio_free(whole);
    return status;
}

momu_status momui_evaluation_clip_dance(momui_memory *memory, const char *path, double start,
                                        double seconds, momui_motion **dance, momu_error *error) {
    momui_motion *source = NULL, *body = NULL;
    *dance = NULL;
    MOMUI_TRY(momui_motion_read(memory, path, NULL, &source, error));
    momu_status status = MOMU_OK;
    bool as_it_is = momui_motion_is_body(source) || source->kind == MOMUI_MOTION_KEYPOINTS;
    if (!as_it_is)
        status = momui_body_from_motion(memory, source, &body, NULL, error);
    const momui_motion *from = as_it_is ? source : body;
    if (status == MOMU_OK) {
        int64_t frames = momui_motion_frames_at(from, MOMUI_MOTION_RATE);
        int64_t first = (int64_t)floor(start * MOMUI_MOTION_RATE + 0.5);
        int64_t wanted = (int64_t)floor(seconds * MOMUI_MOTION_RATE + 0.5);
        frames = frames > first ? frames - first : 0;
        frames = seconds > 0 && wanted < frames ? wanted : frames;
        status = frames > 0 || start <= 0
                     ? momui_motion_resample(memory, from, MOMUI_MOTION_RATE, start,
                                             frames > 0 ? frames : 1, dance, error)
                     : momui_fail(error, MOMU_ERROR_FORMAT, "the motion has nothing from %.2f s on",
                                  start);
    }
    momui_motion_free(body);
    momui_motion_free(source);
    return status;
}

momu_status momui_at_rate(momui_memory *memory, const momui_motion *motion, momui_motion **out,
                          momu_error *error) {
    int64_t frames = momui_motion_frames_at(motion, MOMUI_MOTION_RATE);
    return momui_motion_resample(memory, motion, MOMUI_MOTION_RATE, 0, frames > 0 ? frames : 1, out,
                                 error);
}

/* ---- the truth ---- */

static momu_status keep_beats(momui_memory *memory, momui_evaluation_clip *e, const double *times,
                              size_t count, double shift, momu_error *error) {
    e->beats = momui_alloc(memory, count ? count : 1, sizeof *e->beats);
    if (!e->beats)
        return momui_fail_memory(error, "the beats");
    for (size_t i = 0; i < count; i++)
        if (times[i] >= shift && times[i] < shift + e->seconds)
            e->beats[e->beat_count++] = times[i] - shift;
    return MOMU_OK;
}

/* Beats of the annotations. Where they say none, the analysis of the truth tracks them
 * (evaluation_worker.c).
 */
static momu_status annotated_beats(momui_memory *memory, momui_evaluation_clip *e,
                                   momu_error *error) {
    e->tempo = e->annotations.tempo;
    e->has_beats = e->annotations.beat_count > 0;
    if (!e->has_beats)
        return MOMU_OK;
    return keep_beats(memory, e, e->annotations.beats, e->annotations.beat_count, e->start, error);
}

static double length_of(const momui_audio *sound, const momui_motion *dance) {
    double audio_analysis = sound ? (double)sound->frames / sound->rate : 0;
    double motion_analysis = dance ? (double)dance->frames / dance->fps : 0;
    return !sound   ? motion_analysis
           : !dance ? audio_analysis
                    : fmin(audio_analysis, motion_analysis);
}

/* Both sides whole, as long as the shorter one. */
static momu_status read_whole(momui_memory *memory, const momui_evaluation_clip *e,
                              momui_audio **sound, momui_motion **dance, momu_error *error) {
    if (e->music[0])
        MOMUI_TRY(momui_evaluation_clip_sound(memory, e->music, 0, 0, sound, error));
    if (e->motion[0])
        MOMUI_TRY(momui_evaluation_clip_dance(memory, e->motion, 0, 0, dance, error));
    return MOMU_OK;
}

static momu_status cut_truth(momui_memory *memory, momui_evaluation_clip *e, double seconds,
                             uint64_t seed, momui_audio **sound, momui_motion **dance,
                             momu_error *error) {
    uint64_t hash = UINT64_C(1469598103934665603);
    for (const char *p = e->stem; *p; p++)
        hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
    momui_random random = {seed, hash ^ START_STREAM, 0};
    double whole = length_of(*sound, *dance), room = seconds > 0 ? whole - seconds : 0;
    /* on the motion's grid, so that both sides start at the same moment */
    e->start = room > 0 ? floor((double)momui_random_uniform(&random) * room * MOMUI_MOTION_RATE) /
                              MOMUI_MOTION_RATE
                        : 0;
    e->seconds = room > 0 ? seconds : whole;
    if (*sound) {
        momui_audio *cut = NULL;
        MOMUI_TRY(cut_sound(memory, (*sound)->samples, (*sound)->frames, e->start, e->seconds, &cut,
                            error));
        momui_audio_free(*sound);
        *sound = cut;
    }
    if (*dance) {
        momui_motion *cut = NULL;
        int64_t frames = (int64_t)floor(e->seconds * MOMUI_MOTION_RATE + 0.5);
        MOMUI_TRY(momui_motion_resample(memory, *dance, MOMUI_MOTION_RATE, e->start,
                                        frames > 0 ? frames : 1, &cut, error));
        momui_motion_free(*dance);
        *dance = cut;
    }
    return MOMU_OK;
}

momu_status momui_evaluation_clip_read(momui_memory *memory, momui_evaluation_clip *e,
                                       double seconds, uint64_t seed, momui_audio **sound,
                                       momui_motion **dance, momu_error *error) {
    *sound = NULL;
    *dance = NULL;
    momu_status status = MOMU_OK;
    if (e->annotations_path[0])
        MOMUI_TRY_GOTO(momui_annotations_read(memory, e->annotations_path, &e->annotations, error),
                       status, done);
    MOMUI_TRY_GOTO(read_whole(memory, e, sound, dance, error), status, done);
    MOMUI_TRY_GOTO(cut_truth(memory, e, seconds, seed, sound, dance, error), status, done);
    MOMUI_TRY_GOTO(annotated_beats(memory, e, error), status, done);
done:
    if (status != MOMU_OK) {
        momui_audio_free(*sound);
        momui_motion_free(*dance);
        *sound = NULL;
        *dance = NULL;
    }
    return status;
}
