/* The three verbs. */
#include "api/generate.h"

#include "dsp/beats.h"
#include "motion/rhythm.h"

#include <math.h>
#include <string.h>

enum { MUSIC_STREAM = 1, MOTION_STREAM = 2 };

/* ---- one direction ---- */

/* Start noise of one side: the caller's, or the seed's. */
static momu_status start_noise(momui_job *job, momui_side side, float **x) {
    const momu_generate_options *o = &job->options;
    const float *given = side == MOMUI_SIDE_MUSIC ? o->music_noise : o->motion_noise;
    size_t count = (size_t)job->latents * (size_t)job->config->latent;
    *x = momui_alloc(job->memory, count, sizeof **x);
    if (!*x)
        return momui_fail_memory(job->error, "the noise");
    if (given)
        memcpy(*x, given, count * sizeof **x);
    else
        momui_fill_normal(*x, count, o->seed,
                          side == MOMUI_SIDE_MUSIC ? MUSIC_STREAM : MOTION_STREAM);
    return MOMU_OK;
}

/* Known spans of one side: given (latents) and known (latents, d), or NULL where there are none. */
static momu_status known_spans(momui_job *job, momui_side side, uint8_t **given, float **known) {
    const momu_generate_options *o = &job->options;
    bool music = side == MOMUI_SIDE_MUSIC;
    if (music ? !o->known_audio : !o->known_motion)
        return MOMU_OK;
    *given = momui_alloc(job->memory, (size_t)job->latents, 1);
    if (!*given)
        return momui_fail_memory(job->error, "the known spans");
    if (music) {
        momui_job_given(job, o->known_audio_spans, o->known_audio_span_count, *given);
        return momui_encode_sound(job, o->known_audio, known);
    }
    momui_job_given(job, o->known_motion_spans, o->known_motion_span_count, *given);
    return momui_encode_motion(job, o->known_motion, known);
}

/* All that sampling one side needs and has to be freed. */
typedef struct side_state {
    momui_network_denoiser *denoiser;
    momui_schedule *schedule;
    float *controls, *known, *x;
    uint8_t *given;
    momui_sampling sampling;
} side_state;

static void side_release(side_state *s) {
    momui_network_denoiser_destroy(s->denoiser);
    momui_schedule_free(s->schedule);
    momui_free(s->controls);
    momui_free(s->known);
    momui_free(s->given);
    momui_free(s->x);
}

static momu_status side_begin(momui_job *job, momui_side side, bool cached, side_state *s) {
    const momu_generate_options *o = &job->options;
    const momui_diffusion_config *d = &job->config->diffusion;
    MOMUI_TRY(momui_schedule_create(job->memory, d->steps, d->beta_start, d->beta_end,
                                    d->zero_terminal_snr, &s->schedule, job->error));
    MOMUI_TRY(start_noise(job, side, &s->x));
    MOMUI_TRY(known_spans(job, side, &s->given, &s->known));
    MOMUI_TRY(momui_job_controls(job, &s->controls));
    MOMUI_TRY(
        momui_network_denoiser_create(job, side, cached, s->given, s->controls, &s->denoiser));
    s->sampling = (momui_sampling){
        .schedule = s->schedule,
        .steps = o->steps,
        .dpm_solver = o->sampler == MOMU_SAMPLER_DPM_SOLVER_PP,
        .predict_v = d->predict_v,
        .guidance = side == MOMUI_SIDE_MUSIC ? o->guidance_music : o->guidance_motion,
        .guidance_start =
            side == MOMUI_SIDE_MUSIC ? o->guidance_start_music : o->guidance_start_motion,
        .rescale = o->guidance_rescale,
        .given = s->given,
        .known = s->known,
        .progress = momui_job_progress,
        .progress_user = job,
        .cancel = &job->context->cancel,
    };
    return MOMU_OK;
}

/* ---- the verbs' common frame ---- */

static void keep_used(momui_job *job) {
    const momu_generate_options *o = &job->options;
    momu_generate_info *info = &job->info;
    info->seed = o->seed;
    info->steps = o->steps;
    info->sampler = o->sampler;
    info->guidance_music = o->guidance_music;
    info->guidance_motion = o->guidance_motion;
    info->guidance_rescale = o->guidance_rescale;
    info->guidance_start_music = o->guidance_start_music;
    info->guidance_start_motion = o->guidance_start_motion;
    info->joint_start = o->joint_start;
    info->seconds = job->seconds;
    info->latent_frames = job->latents;
    info->genre = o->genre;
}

/* Measures where somebody wants to know, and hands the info over. */
static momu_status finish(momui_job *job, momu_generate_info *info) {
    if (!info)
        return MOMU_OK;
    MOMUI_TRY(momui_job_measure(job));
    keep_used(job);
    size_t size = info->struct_size;
    job->info.struct_size = size;
    memset(info, 0, size);
    memcpy(info, &job->info, size < sizeof job->info ? size : sizeof job->info);
    return MOMU_OK;
}

/* A cancelled call has used its request up; a broken callback is not a wish to stop. */
static momu_status close_call(momui_job *job, momu_status status) {
    if (job->progress_broken)
        return momui_fail(job->error, MOMU_ERROR_ARGUMENT,
                          "the progress callback returned neither MOMU_CONTINUE nor MOMU_CANCEL");
    if (status == MOMU_ERROR_CANCELLED)
        atomic_store(&job->context->cancel, 0);
    return status;
}

static momu_status check_info(const momu_generate_info *info, momu_error *error) {
    if (info && info->struct_size < sizeof(size_t))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "generation info: struct_size is %zu, expected its sizeof",
                          info->struct_size);
    return MOMU_OK;
}

static momu_status sample_one(momui_job *job, momui_side side, const float *condition,
                              float **latent) {
    side_state s = {0};
    momu_status status = side_begin(job, side, true, &s);
    if (status == MOMU_OK)
        status = momui_sample(job->memory, &s.sampling, momui_network_denoiser_get(s.denoiser),
                              condition, s.x, job->error);
    if (status == MOMU_OK) {
        *latent = s.x;
        s.x = NULL;
    }
    side_release(&s);
    return status;
}

/* ---- motion to music ---- */

static momu_status lay_beats_on_motion(momui_job *job, const momu_motion *motion, double **beats) {
    double *heard = NULL;
    size_t count = 0;
    if (!momui_job_lays_beats(job))
        return MOMU_OK;
    MOMUI_TRY(momui_kinematic_beats(job->memory, motion, false, &heard, &count, job->error));
    momu_status status = momui_job_lay_beats(job, heard, count, beats);
    momui_free(heard);
    return status;
}

static momu_status motion_to_music(momui_job *job, const momu_motion *motion, momui_audio **made) {
    float *condition = NULL, *latent = NULL;
    double *beats = NULL;
    MOMUI_TRY(momui_job_length(job, "the motion", momu_motion_seconds(motion)));
    MOMUI_TRY(momui_condition_on_motion(job, motion, &condition));
    momu_status status = momui_job_find_danced_beats(job, motion, &beats);
    if (status == MOMU_OK)
        status = lay_beats_on_motion(job, motion, &beats);
    momui_job_keep_tempo(job);
    if (status == MOMU_OK) /* by the tempo, too */
        status = momui_job_find_genre(job, condition);
    if (status == MOMU_OK)
        status = sample_one(job, MOMUI_SIDE_MUSIC, condition, &latent);
    if (status == MOMU_OK)
        status = momui_decode_sound(job, latent, made);
    momui_free(beats);
    momui_free(condition);
    momui_free(latent);
    return status;
}

momu_status momu_motion_to_music(momu_context *context, const momu_model *model,
                                 const momu_motion *motion, const momu_generate_options *options,
                                 momu_audio **audio, momu_generate_info *info) {
    if (audio)
        *audio = NULL;
    if (!momui_call_begin(context))
        return MOMU_ERROR_ARGUMENT;
    if (!motion || !audio)
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT, "momu_motion_to_music: no %s",
                          audio ? "motion" : "place for the sound");
    MOMUI_TRY(check_info(info, &context->error));
    momui_job job;
    momui_audio *made = NULL;
    momu_status status = momui_job_begin(&job, context, model, options, true, false);
    if (status == MOMU_OK)
        status = motion_to_music(&job, motion, &made);
    job.music = made;
    job.dance = motion;
    if (status == MOMU_OK)
        status = finish(&job, info);
    if (status == MOMU_OK)
        momui_audio_publish(context, made, audio);
    else
        momui_audio_free(made);
    return close_call(&job, status);
}

/* ---- music to motion ---- */

static momu_status lay_beats_on_sound(momui_job *job, const momu_audio *audio, double **beats) {
    momui_beats heard = {0};
    if (!momui_job_lays_beats(job))
        return MOMU_OK;
    float *mono = momui_audio_mono(audio, job->memory);
    if (!mono)
        return momui_fail_memory(job->error, "the sound's mean channel");
    double used = ceil(job->seconds * audio->rate); /* the result may be shorter than the input */
    int64_t frames = used < (double)audio->frames ? (int64_t)used : audio->frames;
    momu_status status =
        momui_beats_track(job->memory, mono, frames, audio->rate, &heard, job->error);
    momui_free(mono);
    if (status == MOMU_OK)
        status = momui_job_lay_beats(job, heard.times, heard.count, beats);
    momui_beats_release(&heard);
    return status;
}

static momu_status music_to_motion(momui_job *job, const momu_audio *audio, momui_motion **made) {
    float *condition = NULL, *latent = NULL;
    double *beats = NULL;
    MOMUI_TRY(momui_job_length(job, "the sound", momu_audio_seconds(audio)));
    MOMUI_TRY(momui_condition_on_sound(job, audio, &condition));
    momu_status status = momui_job_find_played_beats(job, condition, &beats);
    if (status == MOMU_OK)
        status = lay_beats_on_sound(job, audio, &beats);
    momui_job_keep_tempo(job);
    if (status == MOMU_OK)
        status = sample_one(job, MOMUI_SIDE_MOTION, condition, &latent);
    if (status == MOMU_OK)
        status = momui_decode_motion(job, latent, made);
    momui_free(beats);
    momui_free(condition);
    momui_free(latent);
    return status;
}

momu_status momu_music_to_motion(momu_context *context, const momu_model *model,
                                 const momu_audio *audio, const momu_generate_options *options,
                                 momu_motion **motion, momu_generate_info *info) {
    if (motion)
        *motion = NULL;
    if (!momui_call_begin(context))
        return MOMU_ERROR_ARGUMENT;
    if (!motion || !audio)
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT, "momu_music_to_motion: no %s",
                          motion ? "sound" : "place for the motion");
    MOMUI_TRY(check_info(info, &context->error));
    momui_job job;
    momui_motion *made = NULL;
    momu_status status = momui_job_begin(&job, context, model, options, false, true);
    if (status == MOMU_OK)
        status = music_to_motion(&job, audio, &made);
    job.music = audio;
    job.dance = made;
    if (status == MOMU_OK)
        status = finish(&job, info);
    if (status == MOMU_OK)
        momui_motion_publish(context, made, motion);
    else
        momui_motion_free(made);
    return close_call(&job, status);
}

/* ---- both ---- */

static momu_status joint(momui_job *job, momui_audio **audio, momui_motion **motion) {
    side_state music = {0}, dance = {0};
    double *beats = NULL;
    if (job->bundle->to_music_encoder || job->bundle->to_motion_encoder)
        return momui_fail(job->error, MOMU_ERROR_UNSUPPORTED,
                          "this model cannot make both at once: a transformer's condition passes a "
                          "learned encoder (condition_encoder), and joint generation has latents "
                          "alone to tell it");
    MOMUI_TRY(momui_job_length(job, NULL, -1));
    MOMUI_TRY(momui_job_draw_beats(job, &beats));
    momui_job_keep_tempo(job);
    momu_status status = side_begin(job, MOMUI_SIDE_MUSIC, false, &music);
    if (status == MOMU_OK)
        status = side_begin(job, MOMUI_SIDE_MOTION, false, &dance);
    if (status == MOMU_OK)
        status = momui_sample_joint(
            job->memory, &music.sampling, &dance.sampling, job->options.joint_start,
            momui_network_denoiser_get(music.denoiser), momui_network_denoiser_get(dance.denoiser),
            music.x, dance.x, job->error);
    if (status == MOMU_OK)
        status = momui_decode_sound(job, music.x, audio);
    if (status == MOMU_OK)
        status = momui_decode_motion(job, dance.x, motion);
    side_release(&music);
    side_release(&dance);
    momui_free(beats);
    return status;
}

momu_status momu_joint_generate(momu_context *context, const momu_model *model,
                                const momu_generate_options *options, momu_audio **audio,
                                momu_motion **motion, momu_generate_info *info) {
    if (audio)
        *audio = NULL;
    if (motion)
        *motion = NULL;
    if (!momui_call_begin(context))
        return MOMU_ERROR_ARGUMENT;
    if (!motion || !audio)
        return momui_fail(&context->error, MOMU_ERROR_ARGUMENT,
                          "momu_joint_generate: no place for the %s", audio ? "motion" : "sound");
    MOMUI_TRY(check_info(info, &context->error));
    momui_job job;
    momui_audio *music = NULL;
    momui_motion *dance = NULL;
    momu_status status = momui_job_begin(&job, context, model, options, true, true);
    if (status == MOMU_OK)
        status = joint(&job, &music, &dance);
    job.music = music;
    job.dance = dance;
    if (status == MOMU_OK)
        status = finish(&job, info);
    if (status == MOMU_OK) {
        momui_audio_publish(context, music, audio);
        momui_motion_publish(context, dance, motion);
    } else {
        momui_audio_free(music);
        momui_motion_free(dance);
    }
    return close_call(&job, status);
}
