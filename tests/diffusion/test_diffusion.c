/* Samplers against exact solutions: data that is one point, and data that is Gaussian. */
#include "base/extremes.h"
#include "diffusion/guidance.h"
#include "diffusion/joint.h"
#include "diffusion/sampler.h"
#include "diffusion/windows.h"

#include "base/random.h"

#include <momu/generate.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FRAMES = 12, CHANNELS = 3, COUNT = FRAMES * CHANNELS };

/* The perfect denoiser of N(mean, spread^2) data; a condition shifts the mean by its own value. */
typedef struct world {
    const momui_schedule *schedule;
    bool predict_v;
    double mean, spread;
    int calls, branches;
    int32_t last_level;
    int64_t frames;
} world;

static void predict(const world *w, int64_t count, const float *x, int32_t t,
                    const float *condition, float *out) {
    double a = w->schedule->alpha[t], s = w->schedule->sigma[t], v = w->spread * w->spread;
    for (int64_t k = 0; k < count; k++) {
        double mean = w->mean + (condition ? (double)condition[k] : 0);
        double clean = mean + a * v / (a * a * v + s * s) * (x[k] - a * mean);
        double noise = (x[k] - a * clean) / s;
        out[k] = (float)(w->predict_v ? a * noise - s * clean : noise);
    }
}

static momu_status evaluate(void *user, const float *x, int32_t t, int count,
                            const momui_guidance_branch *branches, float *const *out,
                            momu_error *error) {
    world *w = user;
    (void)error;
    w->calls++;
    w->branches += count;
    for (int i = 0; i < count; i++) {
        predict(w, w->frames * CHANNELS, x, t, branches[i].condition, out[i]);
        if (branches[i].noise_level > 0)
            assert_int_equal(branches[i].noise_level, t + 1);
        /* With a conditioned branch the unconditional one has no controls; alone it has them. */
        assert_true(branches[i].unconditioned == (count == 2 && !branches[i].condition));
        w->last_level = branches[i].noise_level;
    }
    return MOMU_OK;
}

static momui_schedule *schedule_of(bool zero) {
    momui_schedule *s = NULL;
    assert_int_equal(momui_schedule_create(NULL, 1000, 0.00085, 0.012, zero, &s, NULL), MOMU_OK);
    return s;
}

static momui_sampling sampling_of(const world *w, int32_t steps, bool dpm) {
    return (momui_sampling){.schedule = w->schedule,
                            .steps = steps,
                            .sampler = dpm ? MOMU_SAMPLER_DPM_SOLVER_PP : MOMU_SAMPLER_DDIM,
                            .predict_v = w->predict_v,
                            .guidance = 1,
                            .guidance_start = 1};
}

static momui_denoiser denoiser_of(world *w) {
    w->frames = FRAMES;
    return (momui_denoiser){
        .user = w, .frames = FRAMES, .channels = CHANNELS, .evaluate = evaluate};
}

static void test_schedule(void **state) {
    (void)state;
    momui_schedule *plain = schedule_of(false), *zero = schedule_of(true);
    assert_true(fabs(plain->alpha[0] - sqrt(1 - 0.00085)) < 1e-12);
    assert_true(plain->alpha[999] > 0.01);
    assert_true(zero->alpha[999] == 0 && zero->sigma[999] == 1);
    assert_true(zero->alpha[0] == plain->alpha[0]);
    for (int t = 1; t < 1000; t++) {
        assert_true(zero->alpha[t] < zero->alpha[t - 1]);
        assert_true(fabs(pow(zero->alpha[t], 2) + pow(zero->sigma[t], 2) - 1) < 1e-12);
    }
    momui_schedule_free(plain);
    momui_schedule_free(zero);
}

static void test_point(void **state) {
    (void)state;
    momui_schedule *s = schedule_of(true);
    world w = {.schedule = s, .predict_v = true, .mean = 0.75};
    momui_denoiser d = denoiser_of(&w);
    for (int32_t steps = 1; steps <= 20; steps += 19) {
        float x[COUNT];
        momui_fill_normal(x, COUNT, 1, 1);
        momui_sampling sampling = sampling_of(&w, steps, true);
        assert_int_equal(momui_sample(NULL, &sampling, &d, NULL, x, NULL), MOMU_OK);
        for (int k = 0; k < COUNT; k++)
            assert_true(fabsf(x[k] - 0.75F) < 1e-5F);
    }
    assert_int_equal(w.calls, 21);
    assert_int_equal(w.branches, 21);
    momui_schedule_free(s);
}

/* For Gaussian data the way from noise to sample is a straight scaling: x -> mean + spread x. */
static double gaussian_error(bool dpm, bool zero, bool predict_v, int32_t steps) {
    momui_schedule *s = schedule_of(zero);
    world w = {.schedule = s, .predict_v = predict_v, .mean = 0, .spread = 0.5};
    momui_denoiser d = denoiser_of(&w);
    momui_sampling sampling = sampling_of(&w, steps, dpm);
    float x[COUNT], noise[COUNT];
    momui_fill_normal(x, COUNT, 1, 1);
    memcpy(noise, x, sizeof x);
    assert_int_equal(momui_sample(NULL, &sampling, &d, NULL, x, NULL), MOMU_OK);
    double start = sqrt(pow(s->alpha[999] * 0.5, 2) + pow(s->sigma[999], 2)), worst = 0;
    for (int k = 0; k < COUNT; k++)
        worst = momui_max(worst, fabs(x[k] - 0.5 * noise[k] / start));
    momui_schedule_free(s);
    return worst;
}

static void test_gaussian(void **state) {
    (void)state;
    double dpm20 = gaussian_error(true, true, true, 20),
           dpm40 = gaussian_error(true, true, true, 40);
    double ddim50 = gaussian_error(false, false, false, 50);
    /* The last step is of order 1 and makes most of the error. */
    if (!(dpm20 < 0.16 && dpm40 < dpm20 / 2 && ddim50 < 0.1))
        fail_msg("errors: DPM-Solver++ %g at 20 steps, %g at 40; DDIM %g at 50", dpm20, dpm40,
                 ddim50);
    assert_true(gaussian_error(true, false, false, 40) < 0.1);
    assert_true(gaussian_error(false, true, true, 200) < 0.03);
}

static void test_guidance(void **state) {
    (void)state;
    momui_schedule *s = schedule_of(true);
    world w = {.schedule = s, .predict_v = true};
    momui_denoiser d = denoiser_of(&w);
    momui_sampling sampling = sampling_of(&w, 5, true);
    float x[COUNT], condition[COUNT];
    for (int k = 0; k < COUNT; k++)
        condition[k] = 0.1F * (float)k;
    sampling.guidance = 3;
    momui_fill_normal(x, COUNT, 1, 1);
    assert_int_equal(momui_sample(NULL, &sampling, &d, condition, x, NULL), MOMU_OK);
    assert_int_equal(w.branches, 10);
    for (int k = 0; k < COUNT; k++) /* points: 3 times as far from the unconditional one */
        assert_true(fabsf(x[k] - 3 * condition[k]) < 1e-4F);
    /* Once begun, guidance holds: 2 of the 5 steps lie above 0.6 T, and go without a null pass. */
    w.branches = 0;
    sampling.guidance_start = 0.6;
    momui_fill_normal(x, COUNT, 1, 1);
    assert_int_equal(momui_sample(NULL, &sampling, &d, condition, x, NULL), MOMU_OK);
    assert_int_equal(w.branches, 8);
    for (int k = 0; k < COUNT; k++)
        assert_true(fabsf(x[k] - 3 * condition[k]) < 1e-4F);
    w.branches = 0;
    sampling.guidance = 1;
    momui_fill_normal(x, COUNT, 1, 1);
    assert_int_equal(momui_sample(NULL, &sampling, &d, condition, x, NULL), MOMU_OK);
    assert_int_equal(w.branches, 5);
    for (int k = 0; k < COUNT; k++)
        assert_true(fabsf(x[k] - condition[k]) < 1e-4F);
    momui_schedule_free(s);
}

static void test_known(void **state) {
    (void)state;
    momui_schedule *s = schedule_of(true);
    world w = {.schedule = s, .predict_v = true, .mean = -1};
    momui_denoiser d = denoiser_of(&w);
    momui_sampling sampling = sampling_of(&w, 7, true);
    uint8_t mask[FRAMES] = {0, 1, 1};
    float x[COUNT], target[COUNT];
    for (int k = 0; k < COUNT; k++)
        target[k] = (float)k;
    sampling.mask = mask;
    sampling.target = target;
    momui_fill_normal(x, COUNT, 1, 1);
    assert_int_equal(momui_sample(NULL, &sampling, &d, NULL, x, NULL), MOMU_OK);
    for (int k = 0; k < COUNT; k++)
        assert_true(mask[k / CHANNELS] ? x[k] == target[k] : fabsf(x[k] + 1) < 1e-5F);
    momui_schedule_free(s);
}

static void test_joint(void **state) {
    (void)state;
    momui_schedule *s = schedule_of(true);
    world a = {.schedule = s, .predict_v = true, .mean = 0.25};
    world b = {.schedule = s, .predict_v = true, .mean = 0.5};
    momui_denoiser da = denoiser_of(&a), db = denoiser_of(&b);
    momui_sampling music = sampling_of(&a, 10, true), motion = sampling_of(&b, 10, true);
    float x[COUNT], y[COUNT];
    momui_fill_normal(x, COUNT, 1, 1);
    momui_fill_normal(y, COUNT, 1, 2);
    assert_int_equal(momui_sample_joint(NULL, &music, &motion, 0.5, &da, &db, x, y, NULL), MOMU_OK);
    /* 10 steps alone, 5 of them across as well; conditions are the null estimates of the other
     * side. */
    assert_int_equal(a.calls, 15);
    assert_int_equal(b.calls, 15);
    for (int k = 0; k < COUNT; k++) {
        assert_true(fabsf(x[k] - 0.75F) < 1e-4F);
        assert_true(fabsf(y[k] - 0.75F) < 1e-4F);
    }
    motion.steps = 9;
    assert_int_equal(momui_sample_joint(NULL, &music, &motion, 0.5, &da, &db, x, y, NULL),
                     MOMU_ERROR_INTERNAL);
    momui_schedule_free(s);
}

static momu_status in_window(void *user, int64_t first, int64_t frames, const float *x, int32_t t,
                             int count, const momui_guidance_branch *branches, float *const *out,
                             momu_error *error) {
    world *w = user;
    (void)error;
    (void)t;
    assert_true(frames <= 8);
    for (int i = 0; i < count; i++)
        for (int64_t k = 0; k < frames; k++) {
            /* A function of the place alone blends into itself; the condition must begin at the
             * window. */
            if (branches[i].condition)
                assert_true(branches[i].condition[k * CHANNELS] == (float)(first + k));
            for (int c = 0; c < CHANNELS; c++)
                out[i][k * CHANNELS + c] = x[k * CHANNELS + c] + (float)(first + k);
        }
    w->calls++;
    return MOMU_OK;
}

static void test_windows(void **state) {
    (void)state;
    enum { LONG = 29 };
    world w = {0};
    momui_windowed_denoiser windowed = {.window = 8, .user = &w, .evaluate = in_window};
    float x[LONG * CHANNELS], condition[LONG * CHANNELS], y[LONG * CHANNELS], z[LONG * CHANNELS];
    for (int k = 0; k < LONG * CHANNELS; k++) {
        condition[k] = (float)(k / CHANNELS);
        x[k] = (float)k;
    }
    const momui_guidance_branch branches[2] = {{.condition = condition}, {.condition = NULL}};
    float *out[2] = {y, z};
    for (int64_t frames = 3; frames <= LONG; frames++) {
        w.calls = 0;
        assert_int_equal(momui_windowed_denoiser_init(&windowed, frames, CHANNELS, NULL), MOMU_OK);
        assert_int_equal(
            windowed.denoiser.evaluate(windowed.denoiser.user, x, 5, 2, branches, out, NULL),
            MOMU_OK);
        assert_int_equal(w.calls, momui_window_count(frames, 8));
        for (int64_t k = 0; k < frames * CHANNELS; k++) {
            assert_true(fabsf(y[k] - x[k] - (float)(k / CHANNELS)) < 1e-4F);
            assert_true(y[k] == z[k]);
        }
        momui_windowed_denoiser_release(&windowed);
    }
    assert_int_equal(momui_window_count(8, 8), 1);
    assert_int_equal(momui_window_count(9, 8), 2);
    assert_int_equal(momui_window_start(9, 8, 1), 1);
}

static int32_t stop_at(void *user, const char *stage, uint64_t done, uint64_t total) {
    (void)stage;
    (void)total;
    return done == *(uint64_t *)user ? MOMU_CANCEL : MOMU_CONTINUE;
}

static void test_refused(void **state) {
    (void)state;
    momui_schedule *s = schedule_of(true);
    world w = {.schedule = s, .predict_v = true};
    momui_denoiser d = denoiser_of(&w);
    momui_sampling sampling = sampling_of(&w, 4, true);
    momu_error error = {0};
    float x[COUNT];
    momui_fill_normal(x, COUNT, 1, 1);
    uint64_t at = 2;
    sampling.progress = stop_at;
    sampling.progress_user = &at;
    assert_int_equal(momui_sample(NULL, &sampling, &d, NULL, x, &error), MOMU_ERROR_CANCELLED);
    assert_int_equal(w.calls, 2);
    sampling.progress = NULL;
    atomic_int cancel;
    atomic_init(&cancel, 1);
    sampling.cancel = &cancel;
    assert_int_equal(momui_sample(NULL, &sampling, &d, NULL, x, &error), MOMU_ERROR_CANCELLED);
    sampling.cancel = NULL;
    x[4] = NAN;
    assert_int_equal(momui_sample(NULL, &sampling, &d, NULL, x, &error), MOMU_ERROR_NUMERIC);
    assert_non_null(strstr(error.message, "channel 1 of latent frame 1"));
    sampling.steps = 0;
    assert_int_equal(momui_sample(NULL, &sampling, &d, NULL, x, &error), MOMU_ERROR_ARGUMENT);
    momui_schedule_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schedule), cmocka_unit_test(test_point),
        cmocka_unit_test(test_gaussian), cmocka_unit_test(test_guidance),
        cmocka_unit_test(test_known),    cmocka_unit_test(test_joint),
        cmocka_unit_test(test_windows),  cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
