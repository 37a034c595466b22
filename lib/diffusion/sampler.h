/* From noise to one latent with classifier-free guidance (docs/diffusion.md). */
#ifndef MOMUI_DIFFUSION_SAMPLER_H
#define MOMUI_DIFFUSION_SAMPLER_H

#include "diffusion/sampling.h"

/* x (frames, channels): in noise, out the scaled latent. condition (frames, channels); NULL:
 * unconditioned. */
momu_status momui_sample(momui_memory *memory, const momui_sampling *sampling,
                         const momui_denoiser *denoiser, const float *condition, float *x,
                         momu_error *error);

#endif
