/* The three verbs. */
#include "api/generate.h"

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
    MOMUI_TRY(start_noise(job, side, &s->x));
    MOMUI_TRY(known_spans(job, side, &s->given, &s->known));
    MOMUI_TRY(momui_job_controls(job, &s->controls));
    MOMUI_TRY(
        momui_network_denoiser_create(job, side, cached, s->given, s->controls, &s->denoiser));
    s->sampling = (momui_sampling){
        .schedule = s->schedule,
        .steps = o->steps,
        .dpm_solver = o->sampler == MOMU_SAMPLER_DPM_SOLVER_PP,
        .guidance = side == MOMUI_SIDE_MUSIC ? o->guidance_music : o->guidance_motion,
        .rescale = o->guidance_rescale,
        .given = s->given,
        .known = s->known,
        .progress = momui_job_progress,
        .progress_user = job,
        .cancel = &job->context->cancel,
    };
    return MOMU_OK;
}
