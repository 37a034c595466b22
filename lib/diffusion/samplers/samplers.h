/* The table of samplers. To add one: a file in this folder that defines its momui_sampler, a row in
 * samplers.c, a value in include/momu/generate.h, and the file in lib/diffusion/meson.build. Config
 * files, the command and generation read names and values from here. */
#ifndef MOMUI_DIFFUSION_SAMPLERS_H
#define MOMUI_DIFFUSION_SAMPLERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One step from the state x_t = alpha x0 + sigma e to x_t' = to_alpha x0 + to_sigma e. All arrays
 * have `count` values. */
typedef struct momui_sampler_step {
    int64_t count;
    double alpha, sigma, to_alpha, to_sigma;
    float *x;            /* in: the state at t; out: at t' */
    const float *clean;  /* the estimate of x0 at t */
    const float *output; /* the network's (guided) prediction at t: v, else epsilon */
    bool predict_v;
    const float *clean_before; /* the estimate of x0 one step before; NULL in the first step */
    bool last;                 /* the run's last step */
    double *lambda_step; /* kept between steps: the last step in lambda, which may be infinite */
} momui_sampler_step;

typedef struct momui_sampler {
    int32_t value;    /* MOMU_SAMPLER_* of include/momu/generate.h */
    const char *name; /* in config files, options and reports */
    /* The last step ends without noise; otherwise at the least noise of the schedule. */
    bool ends_clean;
    /* Timestep of step i of `steps`, out of T = `total`; falls with i. */
    int32_t (*timestep)(int32_t total, int32_t steps, int32_t i);
    void (*step)(momui_sampler_step *step);
} momui_sampler;

extern const momui_sampler momui_sampler_dpm_solver; /* dpm_solver.c */
extern const momui_sampler momui_sampler_ddim;       /* ddim.c */

enum { MOMUI_SAMPLERS = 2 };
/* Values count from 1 in the order of the rows. NULL behind the last row. */
const momui_sampler *momui_sampler_at(size_t index);
/* NULL: the table has none of this value, or of this name. */
const momui_sampler *momui_sampler_by_value(int32_t value);
const momui_sampler *momui_sampler_by_name(const char *name);

#endif
