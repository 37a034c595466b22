#include "diffusion/trajectory.h"

#include <math.h>
#include <string.h>

static momu_status check(const momui_sampling *s, momu_error *error) {
    if (!momui_sampler_by_value(s->sampler))
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "sampling: there is no sampler %d",
                          (int)s->sampler);
    if (s->steps < 1 || s->steps > s->schedule->steps)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "sampling: %d steps, expected 1 to %d",
                          (int)s->steps, (int)s->schedule->steps);
    if (!s->predict_v && !(s->schedule->alpha[s->schedule->steps - 1] > 0))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "sampling: epsilon cannot be predicted where no signal is left");
    if (s->mask && !s->target)
        return momui_fail(error, MOMU_ERROR_INTERNAL,
                          "sampling: an inpainting mask without its target");
    return MOMU_OK;
}

static momu_status cancelled(const momui_sampling *s, int32_t i, momu_error *error) {
    return momui_fail(error, MOMU_ERROR_CANCELLED, "cancelled in step %d of %d",
                      (int)(i < s->steps ? i + 1 : i), (int)s->steps);
}

momu_status momui_sampling_check_cancel(const momui_sampling *s, int32_t i, momu_error *error) {
    return s->cancel && atomic_load(s->cancel) != 0 ? cancelled(s, i, error) : MOMU_OK;
}

momu_status momui_sampling_progress(const momui_sampling *s, int32_t i, momu_error *error) {
    MOMUI_TRY(momui_sampling_check_cancel(s, i, error));
    if (!s->progress)
        return MOMU_OK;
    int32_t answer = s->progress(s->progress_user, "sampling", (uint64_t)i, (uint64_t)s->steps);
    if (answer == MOMU_CONTINUE)
        return MOMU_OK;
    if (answer == MOMU_CANCEL)
        return cancelled(s, i, error);
    return momui_fail(error, MOMU_ERROR_ARGUMENT,
                      "the progress callback returned %d; expected MOMU_CONTINUE or MOMU_CANCEL",
                      (int)answer);
}

int32_t momui_trajectory_timestep(const momui_trajectory *r, int32_t i) {
    int32_t all = r->sampling->schedule->steps;
    int32_t t = r->sampler->timestep(all, r->sampling->steps, i);
    return t < 0 ? 0 : t > all - 1 ? all - 1 : t;
}

/* Where step i leads to: the next timestep, or at the end no noise or the schedule's least. */
static void next_level(const momui_trajectory *r, int32_t i, double *alpha, double *sigma) {
    const momui_schedule *schedule = r->sampling->schedule;
    bool last = i + 1 == r->sampling->steps;
    int32_t t = last ? 0 : momui_trajectory_timestep(r, i + 1);
    bool clean = last && r->sampler->ends_clean;
    *alpha = clean ? 1 : schedule->alpha[t];
    *sigma = clean ? 0 : schedule->sigma[t];
}

static int64_t size_of(const momui_trajectory *r) {
    return r->frames * r->channels;
}

/* Inpainting: the masked frames of the state are the target's. */
static void keep_target(momui_trajectory *r) {
    const momui_sampling *s = r->sampling;
    size_t row = (size_t)r->channels;
    for (int64_t k = 0; s->mask && k < r->frames; k++)
        if (s->mask[k])
            memcpy(r->x + (size_t)k * row, s->target + (size_t)k * row, row * sizeof *r->x);
}

momu_status momui_trajectory_begin(momui_trajectory *r, momui_memory *memory,
                                   const momui_sampling *sampling, const momui_denoiser *denoiser,
                                   float *x, momu_error *error) {
    *r = (momui_trajectory){.sampling = sampling,
                            .sampler = momui_sampler_by_value(sampling->sampler),
                            .frames = denoiser->frames,
                            .channels = denoiser->channels,
                            .x = x};
    MOMUI_TRY(check(sampling, error));
    size_t count = (size_t)size_of(r);
    r->clean = momui_alloc(memory, count, sizeof(float));
    r->clean_before = momui_alloc(memory, count, sizeof(float));
    if (!r->clean || !r->clean_before)
        return momui_fail_memory(error, "the sampler");
    keep_target(r);
    return MOMU_OK;
}

void momui_trajectory_end(momui_trajectory *r) {
    momui_free(r->clean);
    momui_free(r->clean_before);
}

void momui_trajectory_clean(const momui_trajectory *r, int32_t i, const float *output,
                            float *clean) {
    const momui_sampling *s = r->sampling;
    int32_t t = momui_trajectory_timestep(r, i);
    double alpha = s->schedule->alpha[t], sigma = s->schedule->sigma[t];
    for (int64_t k = 0; k < size_of(r); k++) {
        double x = r->x[k], out = output[k];
        clean[k] = (float)(s->predict_v ? alpha * x - sigma * out : (x - sigma * out) / alpha);
    }
}

momu_status momui_trajectory_step(momui_trajectory *r, int32_t i, const float *output,
                                  momu_error *error) {
    const momui_sampling *sampling = r->sampling;
    int32_t t = momui_trajectory_timestep(r, i);
    momui_sampler_step step = {.count = size_of(r),
                               .alpha = sampling->schedule->alpha[t],
                               .sigma = sampling->schedule->sigma[t],
                               .x = r->x,
                               .clean = r->clean,
                               .output = output,
                               .predict_v = sampling->predict_v,
                               .clean_before = r->has_before ? r->clean_before : NULL,
                               .last = i + 1 == sampling->steps,
                               .lambda_step = &r->lambda_step};
    next_level(r, i, &step.to_alpha, &step.to_sigma);
    momui_trajectory_clean(r, i, output, r->clean);
    r->sampler->step(&step);
    keep_target(r);
    float *spare = r->clean_before;
    r->clean_before = r->clean;
    r->clean = spare;
    r->has_before = true;
    for (int64_t k = 0; k < size_of(r); k++)
        if (!isfinite(r->x[k]))
            return momui_fail(error, MOMU_ERROR_NUMERIC,
                              "sampling: channel %d of latent frame %lld is not finite after step "
                              "%d of %d",
                              (int)(k % r->channels), (long long)(k / r->channels), (int)i + 1,
                              (int)r->sampling->steps);
    return MOMU_OK;
}
