/* Samplers against the PyTorch reference: the same network, the same noise, one and twenty steps.
 */
#include "test_golden_support.h"

#include <momu/generate.h>

#include "diffusion/guidance.h"
#include "diffusion/joint.h"
#include "diffusion/sampler.h"

static const double TOLERANCE = 1e-3;
enum { FRAMES = 11, CHANNELS = 8, COUNT = FRAMES * CHANNELS };
static const uint64_t SEED = 20240601;

/* A transformer as a denoiser, one branch after the other. */
typedef struct network {
    const momui_transformer *transformer;
    const uint8_t *inpainting;
    momui_arena *arena;
} network;

static momu_status evaluate_one(network *n, const float *x, int32_t t,
                                const momui_guidance_branch *branch, float *out,
                                momu_error *error) {
    momui_arena_mark mark = momui_arena_position(n->arena);
    int64_t shape[3] = {1, FRAMES, CHANNELS};
    uint8_t keep = branch->condition != NULL;
    momui_graph g;
    MOMUI_TRY(momui_graph_begin(&g, n->arena, NULL, false, error));
    momui_condition condition;
    momui_transformer_condition(&g, n->transformer,
                                momui_tensor_from(&g, 3, shape, branch->condition), &keep,
                                &branch->noise_level, NULL, &condition);
    momui_tensor *y =
        momui_transformer_forward(&g, n->transformer, momui_tensor_from(&g, 3, shape, x), &t,
                                  n->inpainting, NULL, &condition, NULL);
    if (y)
        memcpy(out, y->data, COUNT * sizeof *out);
    momui_arena_reset(n->arena, mark);
    return g.status;
}

static momu_status evaluate(void *user, const float *x, int32_t t, int count,
                            const momui_guidance_branch *branches, float *const *out,
                            momu_error *error) {
    for (int i = 0; i < count; i++)
        MOMUI_TRY(evaluate_one(user, x, t, &branches[i], out[i], error));
    return MOMU_OK;
}

/* What every test here starts from. */
typedef struct setting {
    golden test;
    momui_bundle *bundle;
    momui_schedule *schedule;
    network to_music, to_motion;
    momui_denoiser music, motion;
    float music_x[COUNT], motion_x[COUNT];
} setting;

static void set_up(setting *s) {
    golden_open(&s->test, "sampling.safetensors", NULL, false);
    s->bundle = golden_bundle("model.safetensors", true);
    const momui_diffusion_config *d = &s->bundle->config.diffusion;
    golden_fine(&s->test,
                momui_schedule_create(NULL, d->steps, d->beta_start, d->beta_end,
                                      d->zero_terminal_snr, &s->schedule, &s->test.error));
    s->to_music = (network){s->bundle->to_music, NULL, s->test.arena};
    s->to_motion = (network){s->bundle->to_motion, NULL, s->test.arena};
    s->music = (momui_denoiser){&s->to_music, FRAMES, CHANNELS, evaluate};
    s->motion = (momui_denoiser){&s->to_motion, FRAMES, CHANNELS, evaluate};
    momui_fill_normal(s->music_x, COUNT, SEED, 1);
    momui_fill_normal(s->motion_x, COUNT, SEED, 2);
}

static void tear_down(setting *s) {
    momui_schedule_free(s->schedule);
    momui_bundle_free(s->bundle);
    golden_close(&s->test);
}

static momui_sampling sampling_of(const setting *s, int32_t steps, bool dpm_solver,
                                  double guidance) {
    return (momui_sampling){.schedule = s->schedule,
                            .steps = steps,
                            .sampler = dpm_solver ? MOMU_SAMPLER_DPM_SOLVER_PP : MOMU_SAMPLER_DDIM,
                            .predict_v = true,
                            .guidance = guidance,
                            .guidance_start = 1};
}

static void assert_latent(golden *test, const char *name, const char *part, const float *found) {
    const momui_tensor *expected = golden_tensor(test, name, part);
    assert_non_null(expected);
    assert_int_equal(momui_tensor_count(expected), COUNT);
    assert_all_near(name, part, found, expected->data, COUNT, TOLERANCE, 0);
}

static void check_sampling(const char *name, momui_sampling sampling, bool null) {
    setting s;
    set_up(&s);
    sampling.schedule = s.schedule;
    const float *condition = null ? NULL : golden_tensor(&s.test, "condition", "")->data;
    golden_fine(&s.test,
                momui_sample(NULL, &sampling, &s.music, condition, s.music_x, &s.test.error));
    assert_latent(&s.test, name, "", s.music_x);
    tear_down(&s);
}

static void check(const char *name, int32_t steps, bool dpm_solver, double guidance, double rescale,
                  bool null) {
    check_sampling(
        name,
        (momui_sampling){.steps = steps,
                         .sampler = dpm_solver ? MOMU_SAMPLER_DPM_SOLVER_PP : MOMU_SAMPLER_DDIM,
                         .predict_v = true,
                         .guidance = guidance,
                         .rescale = rescale,
                         .guidance_start = 1},
        null);
}

static void test_start_noise(void **state) {
    (void)state;
    setting s;
    set_up(&s);
    assert_all_near("music", "", s.music_x, golden_tensor(&s.test, "music", "")->data, COUNT, 1e-6,
                    0);
    assert_all_near("motion", "", s.motion_x, golden_tensor(&s.test, "motion", "")->data, COUNT,
                    1e-6, 0);
    tear_down(&s);
}

static void test_one_step(void **state) {
    (void)state;
    check("dpm_1", 1, true, 1, 0, false);
    check("ddim_1", 1, false, 1, 0, false);
}

static void test_twenty_steps(void **state) {
    (void)state;
    check("dpm_20", 20, true, 1, 0, false);
    check("ddim_20", 20, false, 1, 0, false);
    check("dpm_null", 20, true, 1, 0, true);
}

static void test_guidance(void **state) {
    (void)state;
    check("dpm_guided", 20, true, 3, 0, false);
    check("dpm_rescaled", 20, true, 3, 0.7, false);
    check("ddim_guided", 20, false, 2, 0, false);
    const momui_sampling late = {.steps = 20,
                                 .sampler = MOMU_SAMPLER_DPM_SOLVER_PP,
                                 .predict_v = true,
                                 .guidance = 3,
                                 .guidance_start = 0.6};
    check_sampling("dpm_guided_late", late, false);
}

static void test_inpainting(void **state) {
    (void)state;
    setting s;
    set_up(&s);
    momui_sampling sampling = sampling_of(&s, 20, true, 3);
    const momui_tensor *target = golden_tensor(&s.test, "known", "");
    sampling.mask = s.to_music.inpainting = golden_bytes(&s.test, "given", "");
    sampling.target = target->data;
    golden_fine(&s.test, momui_sample(NULL, &sampling, &s.music,
                                      golden_tensor(&s.test, "condition", "")->data, s.music_x,
                                      &s.test.error));
    assert_latent(&s.test, "dpm_known", "", s.music_x);
    for (int i = 0; i < COUNT; i++) /* exactly the target */
        if (sampling.mask[i / CHANNELS])
            assert_true(s.music_x[i] == target->data[i]);
    tear_down(&s);
}

static void check_joint(const char *name, bool dpm_solver, double music_start,
                        double motion_start) {
    setting s;
    set_up(&s);
    momui_sampling music = sampling_of(&s, 20, dpm_solver, 3);
    momui_sampling motion = sampling_of(&s, 20, dpm_solver, 2);
    music.guidance_start = music_start;
    motion.guidance_start = motion_start;
    golden_fine(&s.test, momui_sample_joint(NULL, &music, &motion, 0.5, &s.music, &s.motion,
                                            s.music_x, s.motion_x, &s.test.error));
    assert_latent(&s.test, name, ".music", s.music_x);
    assert_latent(&s.test, name, ".motion", s.motion_x);
    tear_down(&s);
}

static void test_joint(void **state) {
    (void)state;
    check_joint("joint_dpm", true, 1, 1);
    check_joint("joint_ddim", false, 1, 1);
    check_joint("joint_late", true, 0.3, 0.2);
}

static void check_schedule(golden *test, const char *name, bool zero_terminal_snr) {
    momui_schedule *schedule = NULL;
    golden_fine(test, momui_schedule_create(NULL, 1000, 0.00085, 0.012, zero_terminal_snr,
                                            &schedule, &test->error));
    const momui_tensor *alpha = golden_tensor(test, name, ".alpha");
    const momui_tensor *sigma = golden_tensor(test, name, ".sigma");
    assert_int_equal(alpha->shape[0], 28);
    for (int i = 0; i < 28; i++) {
        float found[2] = {(float)schedule->alpha[37 * i], (float)schedule->sigma[37 * i]};
        assert_all_near(name, ".alpha", &found[0], &alpha->data[i], 1, 1e-6, 0);
        assert_all_near(name, ".sigma", &found[1], &sigma->data[i], 1, 1e-6, 0);
    }
    momui_schedule_free(schedule);
}

static void test_schedules(void **state) {
    (void)state;
    golden test;
    golden_open(&test, "numbers.safetensors", NULL, false);
    check_schedule(&test, "base", true);
    check_schedule(&test, "paper", false);
    golden_close(&test);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schedules), cmocka_unit_test(test_start_noise),
        cmocka_unit_test(test_one_step),  cmocka_unit_test(test_twenty_steps),
        cmocka_unit_test(test_guidance),  cmocka_unit_test(test_inpainting),
        cmocka_unit_test(test_joint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
