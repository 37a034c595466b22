/* DDIM with eta = 0 (Song et al. 2021), of first order; docs/diffusion.md, "Samplers".
 *
 *   e = the estimate of the noise, from the prediction: epsilon itself, or sigma x + alpha v
 *   x' = alpha' x0 + sigma' e
 */
#include "diffusion/samplers/samplers.h"

#include <momu/generate.h>

/* 1, 1 + T/N, 1 + 2 T/N, ..., from the top down. */
static int32_t timestep(int32_t total, int32_t steps, int32_t i) {
    return 1 + (steps - 1 - i) * (total / steps);
}

static void step(momui_sampler_step *s) {
    for (int64_t k = 0; k < s->count; k++) {
        double x = s->x[k], out = s->output[k];
        double noise = s->predict_v ? s->sigma * x + s->alpha * out : out;
        s->x[k] = (float)(s->to_alpha * s->clean[k] + s->to_sigma * noise);
    }
}

const momui_sampler momui_sampler_ddim = {
    .value = MOMU_SAMPLER_DDIM,
    .name = "ddim",
    .timestep = timestep,
    .step = step,
};
