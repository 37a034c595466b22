/* From noise to latents: one side with its condition, or both by cross-guidance. */
#include "generate/job.h"

#include "diffusion/joint.h"

#include <string.h>

enum { MUSIC_STREAM = 1, MOTION_STREAM = 2 };

/* Start noise of one side: the caller's, or the seed's. */
static momu_status start_noise(momui_job *job, momui_side side, float **x) {
    const momu_generate_options *o = &job->options;
    const float *injected = side == MOMUI_SIDE_MUSIC ? o->music_noise : o->motion_noise;
    size_t count = (size_t)job->latents * (size_t)job->config->latent;
    *x = momui_alloc(job->memory, count, sizeof **x);
    if (!*x)
        return momui_fail_memory(job->error, "the noise");
    if (injected)
        memcpy(*x, injected, count * sizeof **x);
    else
        momui_fill_normal(*x, count, o->seed,
                          side == MOMUI_SIDE_MUSIC ? MUSIC_STREAM : MOTION_STREAM);
    return MOMU_OK;
}

/* Inpainting of one side: mask (latents) and target (latents, d); NULL where nothing is kept. */
static momu_status inpainting_spans(momui_job *job, momui_side side, uint8_t **mask,
                                    float **target) {
    const momu_generate_options *o = &job->options;
    bool music = side == MOMUI_SIDE_MUSIC;
    if (music ? !o->inpainting_audio : !o->inpainting_motion)
        return MOMU_OK;
    *mask = momui_alloc(job->memory, (size_t)job->latents, 1);
    if (!*mask)
        return momui_fail_memory(job->error, "the inpainting mask");
    if (music) {
        momui_job_inpainting_mask(job, o->inpainting_audio_spans, o->inpainting_audio_span_count,
                                  *mask);
        return momui_encode_sound(job, o->inpainting_audio, target);
    }
    momui_job_inpainting_mask(job, o->inpainting_motion_spans, o->inpainting_motion_span_count,
                              *mask);
    return momui_encode_motion(job, o->inpainting_motion, target);
}

/* All that sampling one side needs and has to be freed. */
typedef struct side_state {
    momui_network_denoiser *denoiser;
    momui_schedule *schedule;
    float *controls, *target, *x;
    uint8_t *mask; /* (latents) 1: inpainted around */
    momui_sampling sampling;
} side_state;

static void side_release(side_state *s) {
    momui_network_denoiser_destroy(s->denoiser);
    momui_schedule_free(s->schedule);
    momui_free(s->controls);
    momui_free(s->target);
    momui_free(s->mask);
    momui_free(s->x);
}

static momu_status side_begin(momui_job *job, momui_side side, bool cached, side_state *s) {
    const momu_generate_options *o = &job->options;
    const momui_diffusion_config *d = &job->config->diffusion;
    MOMUI_TRY(momui_schedule_create(job->memory, d->steps, d->beta_start, d->beta_end,
                                    d->zero_terminal_snr, &s->schedule, job->error));
    MOMUI_TRY(start_noise(job, side, &s->x));
    MOMUI_TRY(inpainting_spans(job, side, &s->mask, &s->target));
    MOMUI_TRY(momui_job_controls(job, &s->controls));
    MOMUI_TRY(momui_network_denoiser_create(job, side, cached, s->mask, s->controls, &s->denoiser));
    s->sampling = (momui_sampling){
        .schedule = s->schedule,
        .steps = o->steps,
        .sampler = o->sampler,
        .predict_v = d->predict_v,
        .guidance = side == MOMUI_SIDE_MUSIC ? o->guidance_music : o->guidance_motion,
        .guidance_start =
            side == MOMUI_SIDE_MUSIC ? o->guidance_start_music : o->guidance_start_motion,
        .rescale = o->guidance_rescale,
        .mask = s->mask,
        .target = s->target,
        .progress = momui_job_progress,
        .progress_user = job,
        .cancel = &job->context->cancel,
    };
    return MOMU_OK;
}

momu_status momui_job_sample(momui_job *job, momui_side side, const float *condition,
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

momu_status momui_job_sample_joint(momui_job *job, float **music_latent, float **motion_latent) {
    side_state music = {0}, dance = {0};
    momu_status status = side_begin(job, MOMUI_SIDE_MUSIC, false, &music);
    if (status == MOMU_OK)
        status = side_begin(job, MOMUI_SIDE_MOTION, false, &dance);
    if (status == MOMU_OK)
        status = momui_sample_joint(
            job->memory, &music.sampling, &dance.sampling, job->options.joint_start,
            momui_network_denoiser_get(music.denoiser), momui_network_denoiser_get(dance.denoiser),
            music.x, dance.x, job->error);
    if (status == MOMU_OK) {
        *music_latent = music.x;
        *motion_latent = dance.x;
        music.x = dance.x = NULL;
    }
    side_release(&music);
    side_release(&dance);
    return status;
}
