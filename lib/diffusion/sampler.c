#include "diffusion/sampler.h"

#include "diffusion/guidance.h"
#include "diffusion/trajectory.h"

static momu_status step_once(const momui_sampling *s, const momui_denoiser *denoiser,
                             const float *condition, momui_trajectory *trajectory,
                             float *const out[2], int32_t i, momu_error *error) {
    int32_t t = momui_trajectory_timestep(trajectory, i);
    /* The unconditioned branch has no controls either. With controls in both branches, guidance
     * would push away from the controls wherever the condition contradicts them. */
    const momui_guidance_branch branches[2] = {{.condition = condition},
                                               {.condition = NULL, .unconditioned = true}};
    bool guided = condition && momui_guidance_applies(s, t);
    MOMUI_TRY(
        denoiser->evaluate(denoiser->user, trajectory->x, t, guided ? 2 : 1, branches, out, error));
    if (guided)
        momui_guidance_combine(s, denoiser->frames * denoiser->channels, out[1], out[0], out[0]);
    return momui_trajectory_step(trajectory, i, out[0], error);
}

momu_status momui_sample(momui_memory *memory, const momui_sampling *sampling,
                         const momui_denoiser *denoiser, const float *condition, float *x,
                         momu_error *error) {
    size_t count = (size_t)(denoiser->frames * denoiser->channels);
    momui_trajectory trajectory;
    float *out[2] = {momui_alloc(memory, count, sizeof(float)),
                     momui_alloc(memory, count, sizeof(float))};
    momu_status status;
    MOMUI_TRY_GOTO(momui_trajectory_begin(&trajectory, memory, sampling, denoiser, x, error),
                   status, done);
    if (!out[0] || !out[1])
        MOMUI_TRY_GOTO(momui_fail_memory(error, "the sampler"), status, done);
    for (int32_t i = 0; i < sampling->steps; i++) {
        MOMUI_TRY_GOTO(momui_sampling_progress(sampling, i, error), status, done);
        MOMUI_TRY_GOTO(step_once(sampling, denoiser, condition, &trajectory, out, i, error), status,
                       done);
    }
    status = momui_sampling_progress(sampling, sampling->steps, error);
done:
    momui_trajectory_end(&trajectory);
    momui_free(out[0]);
    momui_free(out[1]);
    return status;
}
