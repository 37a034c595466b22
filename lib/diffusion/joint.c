/* A step of cross-guidance, both sides from the same two states:
 *
 *   each side: one unconditioned evaluation -> the estimate of its x0
 *   below T_c: one evaluation conditioned on the other side's estimate, at its noise level, which
 *   guidance combines with the unconditioned one
 */
#include "diffusion/joint.h"

#include "diffusion/guidance.h"
#include "diffusion/trajectory.h"

typedef struct side {
    const momui_sampling *sampling;
    const momui_denoiser *denoiser;
    momui_trajectory trajectory;
    float *uncond, *cond, *clean; /* (frames, channels) */
} side;

static momu_status side_begin(side *s, momui_memory *memory, float *x, momu_error *error) {
    size_t count = (size_t)(s->denoiser->frames * s->denoiser->channels);
    s->uncond = momui_alloc(memory, count, sizeof(float));
    s->cond = momui_alloc(memory, count, sizeof(float));
    s->clean = momui_alloc(memory, count, sizeof(float));
    MOMUI_TRY(momui_trajectory_begin(&s->trajectory, memory, s->sampling, s->denoiser, x, error));
    if (!s->uncond || !s->cond || !s->clean)
        return momui_fail_memory(error, "the sampler");
    return MOMU_OK;
}

static void side_end(side *s) {
    momui_trajectory_end(&s->trajectory);
    momui_free(s->uncond);
    momui_free(s->cond);
    momui_free(s->clean);
}

/* The unconditioned evaluation and its estimate of x0. */
static momu_status estimate_alone(side *s, int32_t i, momu_error *error) {
    const momui_guidance_branch null = {.condition = NULL};
    int32_t t = momui_trajectory_timestep(&s->trajectory, i);
    MOMUI_TRY(
        s->denoiser->evaluate(s->denoiser->user, s->trajectory.x, t, 1, &null, &s->uncond, error));
    momui_trajectory_clean(&s->trajectory, i, s->uncond, s->clean);
    /* Inpainting: masked frames are exactly the target's. */
    for (int64_t k = 0; s->sampling->mask && k < s->trajectory.frames; k++)
        for (int32_t c = 0; s->sampling->mask[k] && c < s->trajectory.channels; c++)
            s->clean[k * s->trajectory.channels + c] =
                s->sampling->target[k * s->trajectory.channels + c];
    return MOMU_OK;
}

/* The evaluation conditioned on the other side's estimate, guided where guidance applies. */
static momu_status predict_across(side *s, const side *other, int32_t i, momu_error *error) {
    int32_t t = momui_trajectory_timestep(&s->trajectory, i);
    const momui_guidance_branch across = {.condition = other->clean, .noise_level = t + 1};
    MOMUI_TRY(
        s->denoiser->evaluate(s->denoiser->user, s->trajectory.x, t, 1, &across, &s->cond, error));
    if (momui_guidance_applies(s->sampling, t))
        momui_guidance_combine(s->sampling, s->trajectory.frames * s->trajectory.channels,
                               s->uncond, s->cond, s->cond);
    return MOMU_OK;
}

static momu_status step_both(side *music, side *motion, bool across, int32_t i, momu_error *error) {
    const momui_sampling *sampling = music->sampling;
    MOMUI_TRY(estimate_alone(music, i, error));
    MOMUI_TRY(momui_sampling_check_cancel(sampling, i, error));
    MOMUI_TRY(estimate_alone(motion, i, error));
    if (across) {
        MOMUI_TRY(momui_sampling_check_cancel(sampling, i, error));
        MOMUI_TRY(predict_across(music, motion, i, error));
        MOMUI_TRY(momui_sampling_check_cancel(sampling, i, error));
        MOMUI_TRY(predict_across(motion, music, i, error));
    }
    /* Only now does either state change. */
    MOMUI_TRY(
        momui_trajectory_step(&music->trajectory, i, across ? music->cond : music->uncond, error));
    return momui_trajectory_step(&motion->trajectory, i, across ? motion->cond : motion->uncond,
                                 error);
}

static momu_status check_pair(const side *music, const side *motion, momu_error *error) {
    if (music->sampling->steps == motion->sampling->steps &&
        music->sampling->sampler == motion->sampling->sampler &&
        music->denoiser->frames == motion->denoiser->frames &&
        music->denoiser->channels == motion->denoiser->channels)
        return MOMU_OK;
    return momui_fail(error, MOMU_ERROR_INTERNAL,
                      "joint sampling: the two sides differ in steps, sampler or shape");
}

momu_status momui_sample_joint(momui_memory *memory, const momui_sampling *music,
                               const momui_sampling *motion, double joint_start,
                               const momui_denoiser *to_music, const momui_denoiser *to_motion,
                               float *music_x, float *motion_x, momu_error *error) {
    side a = {.sampling = music, .denoiser = to_music};
    side b = {.sampling = motion, .denoiser = to_motion};
    MOMUI_TRY(check_pair(&a, &b, error));
    double begin = joint_start * music->schedule->steps;
    momu_status status;
    MOMUI_TRY_GOTO(side_begin(&a, memory, music_x, error), status, done);
    MOMUI_TRY_GOTO(side_begin(&b, memory, motion_x, error), status, done);
    for (int32_t i = 0; i < music->steps; i++) {
        bool across = momui_trajectory_timestep(&a.trajectory, i) < begin;
        MOMUI_TRY_GOTO(momui_sampling_progress(music, i, error), status, done);
        MOMUI_TRY_GOTO(step_both(&a, &b, across, i, error), status, done);
    }
    status = momui_sampling_progress(music, music->steps, error);
done:
    side_end(&a);
    side_end(&b);
    return status;
}
