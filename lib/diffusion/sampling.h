/* What a sampler needs: the network as a function, and the settings of one run. */
#ifndef MOMUI_DIFFUSION_SAMPLING_H
#define MOMUI_DIFFUSION_SAMPLING_H

#include "base/memory.h"
#include "diffusion/schedule.h"

#include <stdatomic.h>
#include <stdbool.h>

/* One branch of classifier-free guidance: what one pass of a batch is conditioned on. */
typedef struct momui_guidance_branch {
    const float *condition; /* (frames, channels) scaled; NULL: the learned null */
    int32_t noise_level;    /* of the condition; 0: clean; t + 1: an estimate at timestep t */
    bool unconditioned;     /* without controls either: what guidance moves away from */
} momui_guidance_branch;

/* A network as a function; this folder never sees the transformer. evaluate: x (frames, channels)
 * at timestep t -> out[i] (frames, channels) for each of `count` (1..2) branches, as one batch. */
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
    int32_t sampler;                 /* MOMU_SAMPLER_*, one of the table in samplers/samplers.h */
    int32_t steps;                   /* 1..T */
    bool predict_v;                  /* the network predicts v; else epsilon */
    double guidance;                 /* 1: none */
    double guidance_start;           /* share of T: guided at timesteps below it; 1: always */
    double rescale;                  /* 0..1 */
    const uint8_t *mask;             /* inpainting: (frames) 1 keeps the target's frame; or NULL */
    const float *target;             /* inpainting: (frames, channels), read where mask is 1 */
    momu_progress_callback progress; /* "sampling"; or NULL */
    void *progress_user;
    atomic_int *cancel; /* read before each evaluation; or NULL */
} momui_sampling;

#endif
