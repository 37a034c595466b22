#include "diffusion/solver.h"

#include <math.h>
#include <string.h>

momu_status momui_sampling_check(const momui_sampling *s, momu_error *error) {
    if (s->steps < 1 || s->steps > s->schedule->steps)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "sampling: %d steps, expected 1 to %d",
                          (int)s->steps, (int)s->schedule->steps);
    if (!s->predict_v && !(s->schedule->alpha[s->schedule->steps - 1] > 0))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "sampling: epsilon cannot be predicted where no signal is left");
    if (s->given && !s->known)
        return momui_fail(error, MOMU_ERROR_INTERNAL, "sampling: given frames without values");
    return MOMU_OK;
}

static momu_status cancelled(const momui_sampling *s, int32_t i, momu_error *error) {
    return momui_fail(error, MOMU_ERROR_CANCELLED, "cancelled in step %d of %d",
                      (int)(i < s->steps ? i + 1 : i), (int)s->steps);
}

momu_status momui_sampling_listen(const momui_sampling *s, int32_t i, momu_error *error) {
    return s->cancel && atomic_load(s->cancel) != 0 ? cancelled(s, i, error) : MOMU_OK;
}

momu_status momui_sampling_look(const momui_sampling *s, int32_t i, momu_error *error) {
    MOMUI_TRY(momui_sampling_listen(s, i, error));
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

/* DPM-Solver++: trailing, T - 1 first. DDIM: 1, 1 + T/N, ..., from the top down. */
int32_t momui_solver_timestep(const momui_sampling *s, int32_t i) {
    int32_t all = s->schedule->steps, last = all - 1, t = 0;
    if (s->dpm_solver)
        t = (int32_t)floor(all - (double)i * all / s->steps + 0.5) - 1;
    else
        t = 1 + (s->steps - 1 - i) * (all / s->steps);
    return t < 0 ? 0 : t > last ? last : t;
}

/* Where step i leads to: the next timestep, or at the end no noise (DPM-Solver++), abar_0 (DDIM).
 */
static void target(const momui_sampling *s, int32_t i, double *alpha, double *sigma) {
    if (i + 1 < s->steps) {
        int32_t t = momui_solver_timestep(s, i + 1);
        *alpha = s->schedule->alpha[t];
        *sigma = s->schedule->sigma[t];
    } else if (s->dpm_solver) {
        *alpha = 1;
        *sigma = 0;
    } else {
        *alpha = s->schedule->alpha[0];
        *sigma = s->schedule->sigma[0];
    }
}

static int64_t size_of(const momui_solver *solver) {
    return solver->frames * solver->channels;
}

static void put_known(momui_solver *solver) {
    const momui_sampling *s = solver->sampling;
    size_t row = (size_t)solver->channels;
    for (int64_t k = 0; s->given && k < solver->frames; k++)
        if (s->given[k])
            memcpy(solver->x + (size_t)k * row, s->known + (size_t)k * row,
                   row * sizeof *solver->x);
}

momu_status momui_solver_begin(momui_solver *solver, momui_memory *memory,
                               const momui_sampling *sampling, const momui_denoiser *denoiser,
                               float *x, momu_error *error) {
    *solver = (momui_solver){
        .sampling = sampling, .frames = denoiser->frames, .channels = denoiser->channels, .x = x};
    MOMUI_TRY(momui_sampling_check(sampling, error));
    size_t count = (size_t)size_of(solver);
    solver->clean = momui_alloc(memory, count, sizeof(float));
    solver->clean_before = momui_alloc(memory, count, sizeof(float));
    if (!solver->clean || !solver->clean_before)
        return momui_fail_memory(error, "the sampler");
    put_known(solver);
    return MOMU_OK;
}

void momui_solver_end(momui_solver *solver) {
    momui_free(solver->clean);
    momui_free(solver->clean_before);
}

void momui_solver_clean(const momui_solver *solver, int32_t i, const float *output, float *clean) {
    const momui_sampling *s = solver->sampling;
    int32_t t = momui_solver_timestep(s, i);
    double alpha = s->schedule->alpha[t], sigma = s->schedule->sigma[t];
    for (int64_t k = 0; k < size_of(solver); k++) {
        double x = solver->x[k], out = output[k];
        clean[k] = (float)(s->predict_v ? alpha * x - sigma * out : (x - sigma * out) / alpha);
    }
}

/* lambda = ln(alpha / sigma) */
static double log_ratio(double alpha, double sigma) {
    if (alpha <= 0)
        return -INFINITY;
    return sigma <= 0 ? INFINITY : log(alpha / sigma);
}

/* The second-order correction's weight on (m_i - m_{i-1}): h / (2 h_before), 0 where that has no
 * meaning. */
static double correction(const momui_solver *solver, int32_t i, double h) {
    if (!solver->has_before || i + 1 >= solver->sampling->steps || !isfinite(h) ||
        !isfinite(solver->lambda_step) || solver->lambda_step <= 0)
        return 0;
    return h / (2 * solver->lambda_step);
}

static void dpm_step(momui_solver *solver, int32_t i) {
    const momui_sampling *s = solver->sampling;
    int32_t t = momui_solver_timestep(s, i);
    double alpha = s->schedule->alpha[t], sigma = s->schedule->sigma[t], to_alpha, to_sigma;
    target(s, i, &to_alpha, &to_sigma);
    double h = log_ratio(to_alpha, to_sigma) - log_ratio(alpha, sigma);
    double weight = correction(solver, i, h), keep = to_sigma / sigma;
    double take = to_alpha - alpha * keep; /* alpha' (1 - e^-h) */
    for (int64_t k = 0; k < size_of(solver); k++) {
        double m = solver->clean[k];
        if (weight != 0)
            m += weight * (m - solver->clean_before[k]);
        solver->x[k] = (float)(keep * solver->x[k] + take * m);
    }
    solver->lambda_step = h;
}

static void ddim_step(momui_solver *solver, int32_t i, const float *output) {
    const momui_sampling *s = solver->sampling;
    int32_t t = momui_solver_timestep(s, i);
    double alpha = s->schedule->alpha[t], sigma = s->schedule->sigma[t], to_alpha, to_sigma;
    target(s, i, &to_alpha, &to_sigma);
    for (int64_t k = 0; k < size_of(solver); k++) {
        double x = solver->x[k], out = output[k];
        double noise = s->predict_v ? sigma * x + alpha * out : out;
        solver->x[k] = (float)(to_alpha * solver->clean[k] + to_sigma * noise);
    }
}

momu_status momui_solver_step(momui_solver *solver, int32_t i, const float *output,
                              momu_error *error) {
    momui_solver_clean(solver, i, output, solver->clean);
    if (solver->sampling->dpm_solver)
        dpm_step(solver, i);
    else
        ddim_step(solver, i, output);
    put_known(solver);
    float *spare = solver->clean_before;
    solver->clean_before = solver->clean;
    solver->clean = spare;
    solver->has_before = true;
    for (int64_t k = 0; k < size_of(solver); k++)
        if (!isfinite(solver->x[k]))
            return momui_fail(error, MOMU_ERROR_NUMERIC,
                              "sampling: channel %d of latent frame %lld is not finite after step "
                              "%d of %d",
                              (int)(k % solver->channels), (long long)(k / solver->channels),
                              (int)i + 1, (int)solver->sampling->steps);
    return MOMU_OK;
}

static double spread(int64_t count, const float *values) {
    double sum = 0, squares = 0;
    for (int64_t k = 0; k < count; k++)
        sum += values[k];
    double mean = sum / (double)count;
    for (int64_t k = 0; k < count; k++)
        squares += (values[k] - mean) * (values[k] - mean);
    return sqrt(squares / (double)count);
}

void momui_guide(const momui_sampling *s, int64_t count, const float *uncond, const float *cond,
                 float *out) {
    double before = s->rescale > 0 ? spread(count, cond) : 0;
    for (int64_t k = 0; k < count; k++)
        out[k] = (float)(uncond[k] + s->guidance * ((double)cond[k] - uncond[k]));
    if (!(s->rescale > 0))
        return;
    double after = spread(count, out);
    if (!(after > 0))
        return;
    double factor = s->rescale * (before / after) + (1 - s->rescale);
    for (int64_t k = 0; k < count; k++)
        out[k] = (float)(factor * out[k]);
}
