#include "diffusion/sampler.h"

#include "diffusion/solver.h"

bool momui_guided(const momui_sampling *s, int32_t t) {
    return s->guidance != 1 && t < s->guidance_start * s->schedule->steps;
}

static momu_status step_once(const momui_sampling *s, const momui_denoiser *denoiser,
                             const float *condition, momui_solver *solver, float *const out[2],
                             int32_t i, momu_error *error) {
    int32_t t = momui_solver_timestep(s, i);
    /* Were the null told as well, guidance would pull away from what is told, too, where the
     * condition says something else. */
    const momui_guidance_branch branches[2] = {{.condition = condition},
                                               {.condition = NULL, .unconditioned = true}};
    bool guided = condition && momui_guided(s, t);
    MOMUI_TRY(
        denoiser->evaluate(denoiser->user, solver->x, t, guided ? 2 : 1, branches, out, error));
    if (guided)
        momui_guide(s, denoiser->frames * denoiser->channels, out[1], out[0], out[0]);
    return momui_solver_step(solver, i, out[0], error);
}

momu_status momui_sample(momui_memory *memory, const momui_sampling *sampling,
                         const momui_denoiser *denoiser, const float *condition, float *x,
                         momu_error *error) {
    size_t count = (size_t)(denoiser->frames * denoiser->channels);
    momui_solver solver;
    float *out[2] = {momui_alloc(memory, count, sizeof(float)),
                     momui_alloc(memory, count, sizeof(float))};
    momu_status status = momui_solver_begin(&solver, memory, sampling, denoiser, x, error);
    if (status == MOMU_OK && (!out[0] || !out[1]))
        status = momui_fail_memory(error, "the sampler");
    for (int32_t i = 0; status == MOMU_OK && i < sampling->steps; i++) {
        status = momui_sampling_look(sampling, i, error);
        if (status == MOMU_OK)
            status = step_once(sampling, denoiser, condition, &solver, out, i, error);
    }
    if (status == MOMU_OK)
        status = momui_sampling_look(sampling, sampling->steps, error);
    momui_solver_end(&solver);
    momui_free(out[0]);
    momui_free(out[1]);
    return status;
}
