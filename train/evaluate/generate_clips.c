/* Generation for a clip, and of joint pairs. */
#include "train/evaluate/evaluation_worker.h"

#include "motion/layout.h"

#include <momu/experimental.h>

static const double RATE = 16000;

static int32_t go_on(void *user, const char *stage, uint64_t done, uint64_t total) {
    (void)stage;
    (void)done;
    (void)total;
    const atomic_int *cancel = user;
    return cancel && atomic_load(cancel) ? MOMU_CANCEL : MOMU_CONTINUE;
}

static void set_options(const momui_evaluation *v, uint64_t seed, momu_generate_options *o) {
    momu_generate_options_init(o, sizeof *o);
    o->seed = seed;
    o->steps = v->options.steps;
    o->guidance_music = o->guidance_motion = v->options.guidance;
    o->guidance_start_music = o->guidance_start_motion = v->options.guidance_start;
    o->audio_rate = RATE;
    o->motion_fps = MOMUI_MOTION_RATE;
    o->progress = go_on;
    o->progress_user = v->options.cancel;
}

static void set_conditions(const momui_evaluation *v, const momui_evaluation_clip *e,
                           momu_generate_options *o) {
    if (v->options.conditions & (MOMUI_CONDITION_NO_GENRE | MOMUI_CONDITION_GENRE))
        o->genre = MOMU_GENRE_NONE;
    if ((v->options.conditions & MOMUI_CONDITION_GENRE) && e->annotations.genre > 0)
        o->genre = e->annotations.genre;
    if (v->options.conditions & (MOMUI_CONDITION_NO_BEATS | MOMUI_CONDITION_BEATS))
        o->track_beats = MOMU_SWITCH_OFF;
    if ((v->options.conditions & MOMUI_CONDITION_TEMPO) && e->tempo >= 30 && e->tempo <= 300)
        o->tempo = e->tempo;
    if ((v->options.conditions & MOMUI_CONDITION_BEATS) && e->beat_count >= 2) {
        o->beats = e->beats;
        o->beat_count = e->beat_count;
    }
}

static momu_status failed(momu_context *context, momu_status status, momu_error *error) {
    return status == MOMU_OK ? MOMU_OK
                             : momui_fail(error, status, "%s", momu_context_get_message(context));
}

/* Analyses the sound and frees it; `status` is that of its generation. */
static momu_status analyse(momui_worker *w, momu_status status, momu_audio *sound,
                           momui_audio_analysis *audio_analysis, momu_error *error) {
    status = failed(w->context, status, error);
    if (status == MOMU_OK)
        status = momui_analyse_audio(w->v->memory, w->context, w->v->model, w->v->networks[0],
                                     w->v->vggish, sound, audio_analysis, error);
    momu_audio_destroy(sound);
    return status;
}

static momu_status analyse_dance(momui_worker *w, momu_status status, momu_motion *dance,
                                 momui_motion_analysis *motion_analysis, momu_error *error) {
    status = failed(w->context, status, error);
    if (status == MOMU_OK)
        status =
            momui_analyse_motion(w->v->memory, w->v->networks[1], dance, motion_analysis, error);
    momu_motion_destroy(dance);
    return status;
}

momu_status momui_make_music(momui_worker *w, const momui_evaluation_clip *e,
                             const momui_motion *dance, uint64_t seed,
                             momui_audio_analysis *audio_analysis, momu_error *error) {
    momu_generate_options o;
    momu_audio *made = NULL;
    set_options(w->v, seed, &o);
    set_conditions(w->v, e, &o);
    momu_status status = momu_motion_to_music(w->context, w->v->model, dance, &o, &made, NULL);
    return analyse(w, status, made, audio_analysis, error);
}

momu_status momui_make_dance(momui_worker *w, const momui_evaluation_clip *e,
                             const momui_audio *sound, uint64_t seed,
                             momui_motion_analysis *motion_analysis, momu_error *error) {
    momu_generate_options o;
    momu_motion *made = NULL;
    set_options(w->v, seed, &o);
    set_conditions(w->v, e, &o);
    momu_status status = momu_music_to_motion(w->context, w->v->model, sound, &o, &made, NULL);
    return analyse_dance(w, status, made, motion_analysis, error);
}

momu_status momui_make_joint_pair(momui_worker *w, momui_joint_pair *joint, momu_error *error) {
    momu_generate_options o;
    momu_audio *sound = NULL;
    momu_motion *dance = NULL;
    set_options(w->v, joint->seed, &o);
    o.seconds = joint->seconds;
    o.joint_start = joint->joint_start;
    momu_status status = momu_joint_generate(w->context, w->v->model, &o, &sound, &dance, NULL);
    status = analyse(w, status, sound, &joint->audio_analysis, error);
    if (status == MOMU_OK)
        return analyse_dance(w, status, dance, &joint->motion_analysis, error);
    momu_motion_destroy(dance);
    return status;
}

momu_status momui_through_autoencoder(momui_worker *w, const momui_audio *sound,
                                      const momui_motion *dance, momui_evaluation_clip *e,
                                      momu_error *error) {
    momu_audio *kept = NULL;
    momu_motion *kept_dance = NULL;
    if (sound) {
        momu_status status = momu_audio_reconstruct(w->context, w->v->model, sound, &kept);
        MOMUI_TRY(analyse(w, status, kept, &e->audio_analysis[MOMUI_RECONSTRUCTED], error));
    }
    if (!dance)
        return MOMU_OK;
    momu_status status = momu_motion_reconstruct(w->context, w->v->model, dance, &kept_dance);
    /* the library's sixty frames a second become the rate of the metrics */
    momui_motion *clocked = NULL;
    status = failed(w->context, status, error);
    if (status == MOMU_OK)
        status = momui_at_rate(w->v->memory, kept_dance, &clocked, error);
    momu_motion_destroy(kept_dance);
    if (status == MOMU_OK)
        status = momui_analyse_motion(w->v->memory, w->v->networks[1], clocked,
                                      &e->motion_analysis[MOMUI_RECONSTRUCTED], error);
    momui_motion_free(clocked);
    return status;
}
