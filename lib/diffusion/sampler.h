/* From noise to a latent: DPM-Solver++(2M) and DDIM, classifier-free guidance, and two latents that
 * guide each other (docs/diffusion.md). What predicts is a function: this subject never knows
 * the transformer. */
#ifndef MOMUI_DIFFUSION_SAMPLER_H
#define MOMUI_DIFFUSION_SAMPLER_H

#include "base/memory.h"
#include "diffusion/schedule.h"

#include <stdbool.h>

/* What one pass of a batch is conditioned on. */
typedef struct momui_guidance_branch {
    const float *condition; /* (frames, channels) scaled; NULL: the learned null */
    int32_t level;          /* 0: clean; t + 1: a denoised estimate at timestep t */
    bool unconditioned;     /* controls are left out: what guidance moves away from */
} momui_guidance_branch;

/* A network as a function. evaluate: x (frames, channels) at timestep t -> out[i] (frames,
 * channels) for each of `count` (1..2) variants, as one batch. */
typedef struct momui_denoiser {
    void *user;
    int64_t frames;
    int32_t channels;
    momu_status (*evaluate)(void *user, const float *x, int32_t t, int count,
                            const momui_guidance_branch *branches, float *const *out,
                            momu_error *error);
} momui_denoiser;

typedef struct momui_sampling {
    const momui_schedule *schedule;
    int32_t steps;                   /* 1..T */
    bool dpm_solver;                 /* else DDIM */
    bool predict_v;                  /* what the network's output is; else epsilon */
    double guidance;                 /* 1: none */
    double guidance_start;           /* share of T: guided at timesteps below it; 1: at all */
    double rescale;                  /* 0..1 */
    const uint8_t *given;            /* (frames) 1: known and clean; or NULL */
    const float *known;              /* (frames, channels), looked at where given */
    momu_progress_callback progress; /* "sampling"; or NULL */
    void *progress_user;
    atomic_int *cancel; /* looked at before each evaluation; or NULL */
} momui_sampling;

/* Whether guidance has begun at timestep t. Above, where next to nothing but noise is seen, it
 * would drive all results to the same few (Kynkaanniemi et al. 2024). */
bool momui_guided(const momui_sampling *sampling, int32_t t);

/* x (frames, channels): in noise, out the scaled latent. condition NULL: without one. */
momu_status momui_sample(momui_memory *memory, const momui_sampling *sampling,
                         const momui_denoiser *denoiser, const float *condition, float *x,
                         momu_error *error);

/* Both latents from noise: each guides the other from T_c = joint_start x T on. The two samplings
 * have the same schedule and steps; progress and cancel are the music's. */
momu_status momui_sample_joint(momui_memory *memory, const momui_sampling *music,
                               const momui_sampling *motion, double joint_start,
                               const momui_denoiser *to_music, const momui_denoiser *to_motion,
                               float *music_x, float *motion_x, momu_error *error);

#endif
