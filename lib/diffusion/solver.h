/* One latent on its way through the steps of a sampler. */
#ifndef MOMUI_DIFFUSION_SOLVER_H
#define MOMUI_DIFFUSION_SOLVER_H

#include "diffusion/sampler.h"

typedef struct momui_solver {
    const momui_sampling *sampling;
    int64_t frames;
    int32_t channels;
    float *x;            /* the caller's */
    float *clean;        /* x0-hat of the last prediction */
    float *clean_before; /* and of the one before: the multistep method's memory */
    bool has_before;
    double lambda_step; /* the last step in lambda; may be infinite */
} momui_solver;

momu_status momui_solver_begin(momui_solver *solver, momui_memory *memory,
                               const momui_sampling *sampling, const momui_denoiser *denoiser,
                               float *x, momu_error *error);
void momui_solver_end(momui_solver *solver);

/* Timestep of step i. */
int32_t momui_solver_timestep(const momui_sampling *sampling, int32_t i);
/* x0-hat (frames x channels) of the state x from the network's output. */
void momui_solver_clean(const momui_solver *solver, int32_t i, const float *output, float *clean);
/* Steps from i to i + 1 with the network's (guided) output. */
momu_status momui_solver_step(momui_solver *solver, int32_t i, const float *output,
                              momu_error *error);

/* out = uncond + g (cond - uncond), its spread set back by `rescale` to cond's; out may be either
 * of them. */
void momui_guide(const momui_sampling *sampling, int64_t count, const float *uncond,
                 const float *cond, float *out);
/* Tells progress and listens to cancel, before step i (i = steps: at the end). */
momu_status momui_sampling_look(const momui_sampling *sampling, int32_t i, momu_error *error);
/* Listens to cancel alone: between the evaluations of one step. */
momu_status momui_sampling_listen(const momui_sampling *sampling, int32_t i, momu_error *error);
momu_status momui_sampling_check(const momui_sampling *sampling, momu_error *error);

#endif
