/* DPM-Solver++(2M) (Lu et al. 2022), multistep and of second order; docs/diffusion.md, "Samplers".
 *
 *   lambda = ln(alpha / sigma), h = lambda' - lambda, m = the estimate of x0
 *   D = m_i + h / (2 h_before) (m_i - m_{i-1}); in the first and the last step D = m_i
 *   x' = (sigma' / sigma) x + alpha' (1 - e^-h) D
 */
#include "diffusion/samplers/samplers.h"

#include <momu/generate.h>

#include <math.h>

/* Trailing: T - 1 first, then in even steps down. */
static int32_t timestep(int32_t total, int32_t steps, int32_t i) {
    return (int32_t)floor(total - (double)i * total / steps + 0.5) - 1;
}

static double log_ratio(double alpha, double sigma) {
    if (alpha <= 0)
        return -INFINITY;
    return sigma <= 0 ? INFINITY : log(alpha / sigma);
}

/* The weight of (m_i - m_{i-1}): 0 where an infinite step leaves it undefined. */
static double correction(const momui_sampler_step *s, double h) {
    if (!s->clean_before || s->last || !isfinite(h) || !isfinite(*s->lambda_step) ||
        *s->lambda_step <= 0)
        return 0;
    return h / (2 * *s->lambda_step);
}

static void step(momui_sampler_step *s) {
    double h = log_ratio(s->to_alpha, s->to_sigma) - log_ratio(s->alpha, s->sigma);
    double weight = correction(s, h), keep = s->to_sigma / s->sigma;
    double take = s->to_alpha - s->alpha * keep; /* alpha' (1 - e^-h) */
    for (int64_t k = 0; k < s->count; k++) {
        double m = s->clean[k];
        if (weight != 0)
            m += weight * (m - s->clean_before[k]);
        s->x[k] = (float)(keep * s->x[k] + take * m);
    }
    *s->lambda_step = h;
}

const momui_sampler momui_sampler_dpm_solver = {
    .value = MOMU_SAMPLER_DPM_SOLVER_PP,
    .name = "dpm-solver++",
    .ends_clean = true,
    .timestep = timestep,
    .step = step,
};
