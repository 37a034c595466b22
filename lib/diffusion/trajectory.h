/* One latent on its way through the steps of a sampler: what all samplers share. */
#ifndef MOMUI_DIFFUSION_TRAJECTORY_H
#define MOMUI_DIFFUSION_TRAJECTORY_H

#include "diffusion/samplers/samplers.h"
#include "diffusion/sampling.h"

typedef struct momui_trajectory {
    const momui_sampling *sampling;
    const momui_sampler *sampler;
    int64_t frames;
    int32_t channels;
    float *x;            /* the state (frames, channels); the caller's */
    float *clean;        /* the estimate of x0 of the last prediction */
    float *clean_before; /* and of the one before, for multistep samplers */
    bool has_before;
    double lambda_step; /* the last step in lambda; may be infinite */
} momui_trajectory;

/* Checks the settings, copies the inpainting target into x where the mask is 1. Release with
 * momui_trajectory_end, also after a failure. */
momu_status momui_trajectory_begin(momui_trajectory *trajectory, momui_memory *memory,
                                   const momui_sampling *sampling, const momui_denoiser *denoiser,
                                   float *x, momu_error *error);
void momui_trajectory_end(momui_trajectory *trajectory);

/* Timestep of step i. */
int32_t momui_trajectory_timestep(const momui_trajectory *trajectory, int32_t i);
/* The estimate of x0 (frames, channels) of the state x from the network's output. */
void momui_trajectory_clean(const momui_trajectory *trajectory, int32_t i, const float *output,
                            float *clean);
/* Steps from i to i + 1 with the network's (guided) output. */
momu_status momui_trajectory_step(momui_trajectory *trajectory, int32_t i, const float *output,
                                  momu_error *error);

/* Reports progress and reads the cancel flag, before step i (i = steps: at the end). */
momu_status momui_sampling_progress(const momui_sampling *sampling, int32_t i, momu_error *error);
/* Reads the cancel flag alone: between the evaluations of one step. */
momu_status momui_sampling_check_cancel(const momui_sampling *sampling, int32_t i,
                                        momu_error *error);

#endif
