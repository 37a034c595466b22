/* Cross-guidance (You et al. 2024, algorithm 2): two latents are denoised side by side, and from
 * T_c on each is the other's condition, as good as it is known by then. */
#include "diffusion/solver.h"

typedef struct side {
    const momui_sampling *sampling;
    const momui_denoiser *denoiser;
    momui_solver solver;
    float *uncond, *cond, *clean; /* (frames, channels) */
} side;

static momu_status side_begin(side *s, momui_memory *memory, float *x, momu_error *error) {
    size_t count = (size_t)(s->denoiser->frames * s->denoiser->channels);
    s->uncond = momui_alloc(memory, count, sizeof(float));
    s->cond = momui_alloc(memory, count, sizeof(float));
    s->clean = momui_alloc(memory, count, sizeof(float));
    MOMUI_TRY(momui_solver_begin(&s->solver, memory, s->sampling, s->denoiser, x, error));
    if (!s->uncond || !s->cond || !s->clean)
        return momui_fail_memory(error, "the sampler");
    return MOMU_OK;
}

static void side_end(side *s) {
    momui_solver_end(&s->solver);
    momui_free(s->uncond);
    momui_free(s->cond);
    momui_free(s->clean);
}

/* The null pass, and the estimate that comes of it. */
static momu_status look_alone(side *s, int32_t i, momu_error *error) {
    const momui_guidance_branch null = {.condition = NULL};
    int32_t t = momui_solver_timestep(s->sampling, i);
    MOMUI_TRY(
        s->denoiser->evaluate(s->denoiser->user, s->solver.x, t, 1, &null, &s->uncond, error));
    momui_solver_clean(&s->solver, i, s->uncond, s->clean);
    /* What is known need not be estimated. */
    for (int64_t k = 0; s->sampling->given && k < s->solver.frames; k++)
        for (int32_t c = 0; s->sampling->given[k] && c < s->solver.channels; c++)
            s->clean[k * s->solver.channels + c] = s->sampling->known[k * s->solver.channels + c];
    return MOMU_OK;
}

/* The pass that looks at the other's estimate, guided against the null pass once guidance began. */
static momu_status look_across(side *s, const side *other, int32_t i, momu_error *error) {
    int32_t t = momui_solver_timestep(s->sampling, i);
    const momui_guidance_branch across = {.condition = other->clean, .level = t + 1};
    MOMUI_TRY(
        s->denoiser->evaluate(s->denoiser->user, s->solver.x, t, 1, &across, &s->cond, error));
    if (momui_guided(s->sampling, t))
        momui_guide(s->sampling, s->solver.frames * s->solver.channels, s->uncond, s->cond,
                    s->cond);
    return MOMU_OK;
}

static momu_status step_both(side *music, side *motion, bool across, int32_t i, momu_error *error) {
    const momui_sampling *network = music->sampling;
    MOMUI_TRY(look_alone(music, i, error));
    MOMUI_TRY(momui_sampling_listen(network, i, error));
    MOMUI_TRY(look_alone(motion, i, error));
    if (across) {
        MOMUI_TRY(momui_sampling_listen(network, i, error));
        MOMUI_TRY(look_across(music, motion, i, error));
        MOMUI_TRY(momui_sampling_listen(network, i, error));
        MOMUI_TRY(look_across(motion, music, i, error));
    }
    /* Both from the old state. */
    MOMUI_TRY(momui_solver_step(&music->solver, i, across ? music->cond : music->uncond, error));
    return momui_solver_step(&motion->solver, i, across ? motion->cond : motion->uncond, error);
}

static momu_status check_pair(const side *music, const side *motion, momu_error *error) {
    if (music->sampling->steps == motion->sampling->steps &&
        music->sampling->dpm_solver == motion->sampling->dpm_solver &&
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
    momu_status status = side_begin(&a, memory, music_x, error);
    if (status == MOMU_OK)
        status = side_begin(&b, memory, motion_x, error);
    for (int32_t i = 0; status == MOMU_OK && i < music->steps; i++) {
        status = momui_sampling_look(music, i, error);
        if (status == MOMU_OK)
            status = step_both(&a, &b, momui_solver_timestep(music, i) < begin, i, error);
    }
    if (status == MOMU_OK)
        status = momui_sampling_look(music, music->steps, error);
    side_end(&a);
    side_end(&b);
    return status;
}
