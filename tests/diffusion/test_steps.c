/* What the samplers ask for, step by step: timesteps, conditions and noise levels in their order,
 * and how they stop. */
#include "diffusion/guidance.h"
#include "diffusion/joint.h"
#include "diffusion/sampler.h"
#include "diffusion/samplers/samplers.h"
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

enum { FRAMES = 512, CHANNELS = 4, COUNT = FRAMES * CHANNELS, MAX_CALLS = 512 };

/* One evaluation, as the denoiser was asked. */
typedef struct call {
    char who;
    int32_t t, noise_level;
    bool conditioned;
    float first; /* of the condition */
} call;

typedef struct record {
    call calls[MAX_CALLS];
    int count, stop_at; /* evaluation at which the flag is set; -1: never */
    atomic_int cancel;
} record;

/* The ideal denoiser of N(mean, spread^2), which records each call. */
typedef struct denoiser {
    char who;
    record *log;
    const momui_schedule *schedule;
    double mean, spread;
} denoiser;

static momu_status evaluate(void *user, const float *x, int32_t t, int count,
                            const momui_guidance_branch *branches, float *const *out,
                            momu_error *error) {
    denoiser *w = user;
    (void)error;
    double a = w->schedule->alpha[t], s = w->schedule->sigma[t], v = w->spread * w->spread;
    for (int i = 0; i < count; i++) {
        const float *condition = branches[i].condition;
        assert_true(w->log->count < MAX_CALLS);
        w->log->calls[w->log->count++] = (call){w->who, t, branches[i].noise_level,
                                                condition != NULL, condition ? condition[0] : 0};
        for (int k = 0; k < COUNT; k++) {
            double clean = w->mean + a * v / (a * a * v + s * s) * (x[k] - a * w->mean);
            out[i][k] = (float)(a * ((x[k] - a * clean) / s) - s * clean);
        }
    }
    if (w->log->count - 1 == w->log->stop_at)
        atomic_store(&w->log->cancel, 1);
    return MOMU_OK;
}

static momui_schedule *schedule_of(bool zero) {
    momui_schedule *s = NULL;
    assert_int_equal(momui_schedule_create(NULL, 1000, 0.00085, 0.012, zero, &s, NULL), MOMU_OK);
    return s;
}

static record new_record(void) {
    record log = {.stop_at = -1};
    atomic_init(&log.cancel, 0);
    return log;
}

static momui_denoiser denoiser_of(denoiser *w) {
    return (momui_denoiser){
        .user = w, .frames = FRAMES, .channels = CHANNELS, .evaluate = evaluate};
}

static momui_sampling sampling_of(const momui_schedule *s, int32_t steps, bool dpm) {
    return (momui_sampling){.schedule = s,
                            .steps = steps,
                            .sampler = dpm ? MOMU_SAMPLER_DPM_SOLVER_PP : MOMU_SAMPLER_DDIM,
                            .predict_v = true,
                            .guidance = 1};
}

/* The cumulative products that the project's reference sheet lists, B5c. */
static void test_known_schedule(void **state) {
    (void)state;
    static const struct {
        int t;
        double product, within;
    } LISTED[] = {{1, .9983, 5e-5},  {21, .980, 5e-4},  {100, .894, 5e-4},  {300, .591, 5e-4},
                  {500, .276, 5e-4}, {700, .083, 5e-4}, {981, .0058, 5e-5}, {999, .0047, 5e-5}};
    momui_schedule *s = schedule_of(false);
    for (size_t i = 0; i < sizeof LISTED / sizeof *LISTED; i++) {
        double product = s->alpha[LISTED[i].t] * s->alpha[LISTED[i].t];
        if (!(fabs(product - LISTED[i].product) <= LISTED[i].within))
            fail_msg("at %d: %g, expected %g", LISTED[i].t, product, LISTED[i].product);
    }
    momui_schedule_free(s);
    momu_error error;
    assert_int_equal(momui_schedule_create(NULL, 1, 0.1, 0.2, false, &s, &error),
                     MOMU_ERROR_ARGUMENT);
    assert_string_equal(error.message, "a schedule of 1 steps; expected 2 or more");
    assert_null(s);
}

static void run_alone(const momui_schedule *s, record *log, int32_t steps, bool dpm, float *x) {
    denoiser w = {'m', log, s, 0.3, 0.5};
    momui_denoiser d = denoiser_of(&w);
    momui_sampling sampling = sampling_of(s, steps, dpm);
    momui_fill_normal(x, COUNT, 5, 1);
    assert_int_equal(momui_sample(NULL, &sampling, &d, NULL, x, NULL), MOMU_OK);
}

static void test_timesteps(void **state) {
    (void)state;
    static float x[COUNT];
    momui_schedule *s = schedule_of(true);
    record dpm = new_record(), ddim = new_record(), all = new_record();
    run_alone(s, &dpm, 20, true, x);
    assert_int_equal(dpm.count, 20);
    for (int i = 0; i < 20; i++)
        assert_int_equal(dpm.calls[i].t, 999 - 50 * i);
    run_alone(s, &ddim, 50, false, x);
    assert_int_equal(ddim.count, 50);
    for (int i = 0; i < 50; i++)
        assert_int_equal(ddim.calls[i].t, 981 - 20 * i);
    run_alone(s, &all, 3, true, x);
    assert_int_equal(all.calls[0].t, 999);
    assert_int_equal(all.calls[1].t, 666);
    assert_int_equal(all.calls[2].t, 332);
    momui_schedule_free(s);
}

static void moments(const float *x, double *mean, double *spread) {
    double sum = 0, squares = 0;
    for (int k = 0; k < COUNT; k++)
        sum += x[k];
    *mean = sum / COUNT;
    for (int k = 0; k < COUNT; k++)
        squares += (x[k] - *mean) * (x[k] - *mean);
    *spread = sqrt(squares / COUNT);
}

/* 20 steps give the distribution but for what the last, first-order step takes from its spread;
 * many steps give the same sample by either sampler. */
static void test_distribution(void **state) {
    (void)state;
    static float x[COUNT], y[COUNT];
    momui_schedule *s = schedule_of(true);
    record log = new_record();
    run_alone(s, &log, 20, true, x);
    double mean, spread;
    moments(x, &mean, &spread);
    if (!(fabs(mean - 0.3) < 0.03 && spread > 0.43 && spread < 0.52))
        fail_msg("20 steps of N(0.3, 0.5) give N(%g, %g)", mean, spread);
    log.count = 0;
    run_alone(s, &log, 250, true, x);
    log.count = 0;
    run_alone(s, &log, 250, false, y);
    moments(x, &mean, &spread);
    assert_true(fabs(spread - 0.5) < 0.02);
    for (int k = 0; k < COUNT; k++)
        if (!(fabsf(x[k] - y[k]) < 0.03F))
            fail_msg("value %d: DPM-Solver++ %g, DDIM %g", k, (double)x[k], (double)y[k]);
    momui_schedule_free(s);
}

static void test_rescale(void **state) {
    (void)state;
    static float cond[COUNT], uncond[COUNT], out[COUNT];
    momui_fill_normal(cond, COUNT, 1, 1);
    momui_fill_normal(uncond, COUNT, 1, 2);
    momui_schedule *s = schedule_of(true);
    momui_sampling sampling = sampling_of(s, 5, true);
    sampling.guidance = 4;
    double mean, before, plain, half, whole;
    moments(cond, &mean, &before);
    momui_guidance_combine(&sampling, COUNT, uncond, cond, out);
    moments(out, &mean, &plain);
    assert_true(plain > 3 * before);
    sampling.rescale = 1;
    momui_guidance_combine(&sampling, COUNT, uncond, cond, out);
    moments(out, &mean, &whole);
    assert_true(fabs(whole - before) < 1e-5);
    sampling.rescale = 0.5;
    momui_guidance_combine(&sampling, COUNT, uncond, cond, cond); /* in place */
    moments(cond, &mean, &half);
    assert_true(fabs(half - 0.5 * (before + plain)) < 1e-4);
    momui_schedule_free(s);
}

typedef struct pair {
    momui_schedule *schedule;
    record log;
    denoiser music, motion;
    momui_denoiser to_music, to_motion;
    momui_sampling music_sampling, motion_sampling;
    float x[COUNT], y[COUNT];
} pair;

static pair *pair_of(int32_t steps) {
    pair *p = calloc(1, sizeof *p);
    assert_non_null(p);
    p->schedule = schedule_of(true);
    p->log = new_record();
    /* Points, so that every estimate is the mean itself. */
    p->music = (denoiser){'a', &p->log, p->schedule, 0.25, 0};
    p->motion = (denoiser){'b', &p->log, p->schedule, -2, 0};
    p->to_music = denoiser_of(&p->music);
    p->to_motion = denoiser_of(&p->motion);
    p->music_sampling = p->motion_sampling = sampling_of(p->schedule, steps, true);
    p->music_sampling.cancel = &p->log.cancel;
    momui_fill_normal(p->x, COUNT, 5, 1);
    momui_fill_normal(p->y, COUNT, 5, 2);
    return p;
}

static momu_status run_pair(pair *p, momui_memory *memory, momu_error *error) {
    return momui_sample_joint(memory, &p->music_sampling, &p->motion_sampling, 0.5, &p->to_music,
                              &p->to_motion, p->x, p->y, error);
}

static void pair_free(pair *p) {
    momui_schedule_free(p->schedule);
    free(p);
}

static void assert_call(const call *c, char who, int32_t t, int32_t noise_level, bool conditioned,
                        double first) {
    assert_int_equal(c->who, who);
    assert_int_equal(c->t, t);
    assert_int_equal(c->noise_level, noise_level);
    assert_int_equal(c->conditioned, conditioned);
    assert_true(fabs(c->first - first) < 1e-4);
}

/* Algorithm 2: alone while t >= T_c; then both unconditioned evaluations, then both conditioned
 * ones, at noise level t + 1 and with the other's estimate, inpainted frames being the target's. */
static void test_joint_order(void **state) {
    (void)state;
    static float target[COUNT];
    uint8_t mask[FRAMES] = {1};
    target[0] = 7;
    pair *p = pair_of(4); /* 999, 749, 499, 249 */
    p->music_sampling.mask = mask;
    p->music_sampling.target = target;
    assert_int_equal(run_pair(p, NULL, NULL), MOMU_OK);
    const call *c = p->log.calls;
    assert_int_equal(p->log.count, 2 + 2 + 4 + 4);
    for (int i = 0; i < 4; i++) {
        int32_t t = 999 - 250 * i;
        assert_call(c++, 'a', t, 0, false, 0);
        assert_call(c++, 'b', t, 0, false, 0);
        if (t >= 500)
            continue;
        assert_call(c++, 'a', t, t + 1, true, -2);
        assert_call(c++, 'b', t, t + 1, true, 7);
    }
    assert_true(p->x[0] == 7);
    assert_true(fabsf(p->x[CHANNELS] - 0.25F) < 1e-5F);
    pair_free(p);
}

/* The next evaluation reads the cancel flag, wherever it is set, and no memory leaks. */
static void test_cancelled_anywhere(void **state) {
    (void)state;
    momui_memory memory;
    momui_memory_init(&memory, NULL, 0);
    for (int at = 0; at < 12; at++) {
        pair *p = pair_of(4);
        p->log.stop_at = at;
        momu_error error = {0};
        assert_int_equal(run_pair(p, &memory, &error), MOMU_ERROR_CANCELLED);
        assert_int_equal(p->log.count, at + 1);
        assert_non_null(strstr(error.message, "cancelled in step"));
        assert_true(atomic_load(&memory.used) == 0);
        pair_free(p);
    }
    pair *p = pair_of(4);
    for (int at = 0; at < 4; at++) {
        record log = new_record();
        log.stop_at = at;
        p->music.log = &log;
        p->music_sampling.cancel = &log.cancel;
        assert_int_equal(momui_sample(&memory, &p->music_sampling, &p->to_music, NULL, p->x, NULL),
                         MOMU_ERROR_CANCELLED);
        assert_int_equal(log.count, at + 1);
        assert_true(atomic_load(&memory.used) == 0);
    }
    pair_free(p);
}

typedef struct network {
    uint64_t motion_found, last, answer_at;
    int32_t answer;
} network;

static int32_t record_progress(void *user, const char *stage, uint64_t done, uint64_t total) {
    network *l = user;
    assert_string_equal(stage, "sampling");
    assert_int_equal(total, 4);
    assert_int_equal(done, l->motion_found);
    l->motion_found++;
    l->last = done;
    return done == l->answer_at ? l->answer : MOMU_CONTINUE;
}

static void test_progress(void **state) {
    (void)state;
    static const struct {
        uint64_t at;
        int32_t answer;
        momu_status status;
    } CASES[] = {{99, 0, MOMU_OK},
                 {0, MOMU_CANCEL, MOMU_ERROR_CANCELLED},
                 {4, MOMU_CANCEL, MOMU_ERROR_CANCELLED},
                 {1, 0, MOMU_ERROR_ARGUMENT},
                 {2, 1, MOMU_ERROR_ARGUMENT}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        pair *p = pair_of(4);
        network l = {.answer_at = CASES[i].at, .answer = CASES[i].answer};
        momu_error error = {0};
        p->music_sampling.progress = record_progress;
        p->music_sampling.progress_user = &l;
        assert_int_equal(run_pair(p, NULL, &error), CASES[i].status);
        assert_int_equal(l.motion_found, CASES[i].at < 4 ? CASES[i].at + 1 : 5);
        if (CASES[i].status == MOMU_ERROR_ARGUMENT)
            assert_non_null(strstr(error.message, "expected MOMU_CONTINUE or MOMU_CANCEL"));
        pair_free(p);
    }
}

/* Whatever the limit, there is a result or a status, and never a block left. */
static void test_short_memory(void **state) {
    (void)state;
    bool done = false;
    for (uint64_t limit = 1; !done; limit += COUNT * sizeof(float)) {
        momui_memory memory;
        momui_memory_init(&memory, NULL, limit);
        pair *p = pair_of(2);
        momu_status status = run_pair(p, &memory, NULL);
        assert_true(status == MOMU_OK || status == MOMU_ERROR_MEMORY);
        assert_true(atomic_load(&memory.used) == 0);
        done = status == MOMU_OK;
        pair_free(p);
        assert_true(limit < 64 * COUNT * sizeof(float));
    }
}

static momu_status identity(void *user, int64_t first, int64_t frames, const float *x, int32_t t,
                            int count, const momui_guidance_branch *branches, float *const *out,
                            momu_error *error) {
    record *log = user;
    (void)first;
    (void)t;
    (void)branches;
    (void)error;
    for (int i = 0; i < count; i++)
        memcpy(out[i], x, (size_t)(frames * CHANNELS) * sizeof *x);
    if (log->count++ == log->stop_at)
        atomic_store(&log->cancel, 1);
    return MOMU_OK;
}

static void test_windows_once(void **state) {
    (void)state;
    static float x[COUNT], y[COUNT];
    record log = new_record();
    momui_memory memory;
    momui_memory_init(&memory, NULL, 0);
    momui_windowed_denoiser w = {
        .memory = &memory, .window = 64, .user = &log, .evaluate = identity, .cancel = &log.cancel};
    momui_guidance_branch null = {.condition = NULL};
    float *out = y;
    momui_fill_normal(x, COUNT, 5, 1);
    assert_int_equal(momui_windowed_denoiser_init(&w, FRAMES, CHANNELS, NULL), MOMU_OK);
    uint64_t used = atomic_load(&memory.used);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(w.denoiser.evaluate(&w, x, 1, 1, &null, &out, NULL), MOMU_OK);
        assert_true(atomic_load(&memory.used) == used); /* scratch is there from the start */
    }
    assert_int_equal(log.count, 3 * 15); /* (512 - 64) / 32 + 1: linear */
    for (int k = 0; k < COUNT; k++)
        assert_true(fabsf(x[k] - y[k]) < 1e-5F);
    log.stop_at = log.count + 4;
    assert_int_equal(w.denoiser.evaluate(&w, x, 1, 1, &null, &out, NULL), MOMU_ERROR_CANCELLED);
    assert_int_equal(log.count, 3 * 15 + 5);
    momui_windowed_denoiser_release(&w);
    assert_true(atomic_load(&memory.used) == 0);
    /* One window is enough: what goes through is not touched. */
    atomic_store(&log.cancel, 0);
    log.stop_at = -1;
    w.window = FRAMES;
    assert_int_equal(momui_windowed_denoiser_init(&w, FRAMES, CHANNELS, NULL), MOMU_OK);
    assert_int_equal(w.denoiser.evaluate(&w, x, 1, 1, &null, &out, NULL), MOMU_OK);
    assert_memory_equal(x, y, sizeof x);
    assert_true(atomic_load(&memory.used) == 0);
    momui_windowed_denoiser_release(&w);
}

/* Values are 1, 2, ... in the table's order, so that callers can count up to the first NULL. */
static void test_sampler_table(void **state) {
    (void)state;
    for (size_t i = 0; i < MOMUI_SAMPLERS; i++) {
        const momui_sampler *row = momui_sampler_at(i);
        assert_int_equal(row->value, (int)i + 1);
        assert_ptr_equal(momui_sampler_by_value(row->value), row);
        assert_ptr_equal(momui_sampler_by_name(row->name), row);
        for (int32_t k = 1; k < 20; k++) /* timesteps fall */
            assert_true(row->timestep(1000, 20, k) < row->timestep(1000, 20, k - 1));
    }
    assert_ptr_equal(momui_sampler_by_value(MOMU_SAMPLER_DDIM), &momui_sampler_ddim);
    assert_string_equal(momui_sampler_by_value(MOMU_SAMPLER_DPM_SOLVER_PP)->name, "dpm-solver++");
    assert_null(momui_sampler_by_value(MOMU_SAMPLER_DEFAULT));
    assert_null(momui_sampler_by_value(MOMUI_SAMPLERS + 1));
    assert_null(momui_sampler_by_name("euler"));
    assert_null(momui_sampler_at(MOMUI_SAMPLERS));
}

static void test_unknown_sampler(void **state) {
    (void)state;
    static float x[COUNT];
    momui_schedule *s = schedule_of(true);
    record log = new_record();
    denoiser w = {'m', &log, s, 0.3, 0.5};
    momui_denoiser d = denoiser_of(&w);
    momui_sampling sampling = sampling_of(s, 5, true);
    momu_error error;
    sampling.sampler = MOMUI_SAMPLERS + 1;
    assert_int_equal(momui_sample(NULL, &sampling, &d, NULL, x, &error), MOMU_ERROR_ARGUMENT);
    assert_string_equal(error.message, "sampling: there is no sampler 3");
    assert_int_equal(log.count, 0);
    momui_schedule_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sampler_table),  cmocka_unit_test(test_unknown_sampler),
        cmocka_unit_test(test_known_schedule), cmocka_unit_test(test_timesteps),
        cmocka_unit_test(test_distribution),   cmocka_unit_test(test_rescale),
        cmocka_unit_test(test_joint_order),    cmocka_unit_test(test_cancelled_anywhere),
        cmocka_unit_test(test_progress),       cmocka_unit_test(test_short_memory),
        cmocka_unit_test(test_windows_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
