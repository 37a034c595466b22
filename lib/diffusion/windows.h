/* Beyond the length that a network was trained on: windows that overlap by half, their predictions
 * blended with triangular weights (docs/diffusion.md). Cost is linear in the length. */
#ifndef MOMUI_DIFFUSION_WINDOWS_H
#define MOMUI_DIFFUSION_WINDOWS_H

#include "diffusion/sampling.h"

/* A denoiser of any length over one of at most `window` frames. evaluate is as momui_denoiser's, on
 * frames first .. first + frames - 1: x, conditions and out begin there. */
typedef struct momui_windowed_denoiser {
    momui_denoiser denoiser; /* what the sampler gets; its user is this struct */
    momui_memory *memory;
    int64_t window;
    float *scratch;     /* of all evaluations; its own */
    atomic_int *cancel; /* looked at before each window; or NULL */
    void *user;
    momu_status (*evaluate)(void *user, int64_t first, int64_t frames, const float *x, int32_t t,
                            int count, const momui_guidance_branch *branches, float *const *out,
                            momu_error *error);
} momui_windowed_denoiser;

/* Fills in w->denoiser for `frames` frames, and allocates what all evaluations need; memory,
 * window, cancel, user and evaluate are set before. The struct must stay where it is. */
momu_status momui_windowed_denoiser_init(momui_windowed_denoiser *w, int64_t frames,
                                         int32_t channels, momu_error *error);
void momui_windowed_denoiser_release(momui_windowed_denoiser *w); /* harmless on a zeroed one */

/* How many windows there are, and where window i begins. */
int64_t momui_window_count(int64_t frames, int64_t window);
int64_t momui_window_start(int64_t frames, int64_t window, int64_t i);

#endif
