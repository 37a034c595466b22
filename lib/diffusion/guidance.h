/* Classifier-free guidance (Ho and Salimans 2022), with its spread rescaled (Lin et al. 2024) and
 * within an interval of noise levels (Kynkaanniemi et al. 2024); docs/diffusion.md, "Guidance". */
#ifndef MOMUI_DIFFUSION_GUIDANCE_H
#define MOMUI_DIFFUSION_GUIDANCE_H

#include "diffusion/sampling.h"

/* Whether timestep t lies in the interval that is guided. Above it the state is next to nothing
 * but noise, and guidance would drive all results to the same few. */
bool momui_guidance_applies(const momui_sampling *sampling, int32_t t);

/* out = uncond + g (cond - uncond), all (count); `rescale` brings its standard deviation back
 * towards cond's. out may be either of them. */
void momui_guidance_combine(const momui_sampling *sampling, int64_t count, const float *uncond,
                            const float *cond, float *out);

#endif
