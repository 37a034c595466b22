/* Models of waves and of learned encoders: they train, only the stage's own parameters move, and
 * generation prepares a condition as training does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/extremes.h"
#include "generate/job.h"
#include "io/motion_file.h"
#include "io/sound/sound.h"
#include "synthetic.h"
#include "train/stages/trainer.h"

static char *pairs;
static const double SECONDS = 3.9; /* 243 frames, which no `down` divides */

static void run(momui_train_stage stage, const char *preset, const char *out, int64_t steps,
                synthetic_watch *w) {
    momui_train_options o = synthetic_options(pairs, out, steps, w);
    o.preset = preset;
    o.batch = 4;
    o.seconds = 2;
    momu_error error = {0};
    if (momui_train_run(stage, &o, &error) != MOMU_OK)
        fail_msg("%s: %s", preset, error.message);
}

/* ---- training ---- */

static void trains(momui_train_stage stage, const char *preset, const char *out, int64_t steps,
                   double to) {
    synthetic_watch w = {0};
    run(stage, preset, out, steps, &w);
    if (!(w.last < to * w.first))
        fail_msg("%s: validation %g after %g", preset, w.last, w.first);
}

static void test_waves_learn(void **state) {
    (void)state;
    char *out = synthetic_folder();
    trains(MOMUI_TRAIN_MUSIC, "tiny-wave", out, 120, 0.9);
    synthetic_remove(out);
}

/* Names of the parameters that differ begin with `prefix`, and those of its encoder are among them.
 */
static void check_moved(const momu_model *before, const momu_model *after, const char *prefix,
                        const char *statistics) {
    char encoder[64];
    int moved = 0;
    snprintf(encoder, sizeof encoder, "%sencoder.", prefix);
    const momui_parameters *set = &before->bundle->parameters;
    for (int i = 0; i < set->count; i++) {
        const momui_parameter *p = set->items[i];
        const momui_tensor *now = &after->bundle->parameters.items[i]->tensor;
        bool same =
            memcmp(p->tensor.data, now->data, (size_t)momui_tensor_count(now) * sizeof(float)) == 0;
        bool expected = strncmp(p->name, prefix, strlen(prefix)) == 0 ||
                        strncmp(p->name, statistics, strlen(statistics)) == 0;
        bool of_encoder = strncmp(p->name, encoder, strlen(encoder)) == 0;
        moved += of_encoder;
        if ((!same && !expected && strncmp(p->name, "stats.", 6) != 0) || (same && of_encoder))
            fail_msg("%s: %s", p->name, same ? "did not move" : "moved");
    }
    assert_true(moved > 0);
}

static void check_encoder(const char *preset, momui_train_stage stage, const char *prefix,
                          const char *statistics) {
    char *out = synthetic_folder();
    synthetic_watch w = {0};
    run(MOMUI_TRAIN_MUSIC, preset, out, 40, &w);
    run(MOMUI_TRAIN_MOTION, preset, out, 40, &w);
    momu_model *before = synthetic_model(out);
    trains(stage, preset, out, 150, 0.9);
    momu_model *after = synthetic_model(out);
    check_moved(before, after, prefix, statistics);
    momu_model_release(before);
    momu_model_release(after);
    synthetic_remove(out);
}

static void test_encoders_learn(void **state) {
    (void)state;
    check_encoder("tiny-mfcc", MOMUI_TRAIN_TO_MOTION, "music_to_motion.", "stats.mfcc");
    check_encoder("tiny-floor", MOMUI_TRAIN_TO_MUSIC, "motion_to_music.", "stats.dance");
}

/* ---- training and generation read the same condition ---- */

typedef struct bench {
    momu_context *context;
    momu_model *model;
    momui_job job;
    momui_trainer trainer;
    momui_graph g;
    momui_crop crop;
    momui_audio *sound;
    momui_motion *dance;
    int64_t padded;
} bench;

static void bench_open(bench *b, const char *preset, const char *out) {
    char path[1024];
    momu_error error = {0};
    synthetic_watch w = {0};
    *b = (bench){0};
    run(MOMUI_TRAIN_ALL, preset, out, 2, &w);
    b->model = synthetic_model(out);
    assert_int_equal(momu_context_create(NULL, &b->context, &error), MOMU_OK);
    const momui_config *config = &b->model->bundle->config;
    b->trainer.bundle = b->model->bundle;
    if (momui_dataset_load(NULL, NULL, pairs, config, config->wave, NULL, NULL, &b->trainer.data,
                           &error) != MOMU_OK)
        fail_msg("%s", error.message);
    b->crop = (momui_crop){&b->trainer.data.items[0], 0};
    snprintf(path, sizeof path, "%s/%s.wav", pairs, b->crop.pair->stem);
    assert_int_equal(momui_sound_read(NULL, path, &b->sound, &error), MOMU_OK);
    snprintf(path, sizeof path, "%s/%s.npz", pairs, b->crop.pair->stem);
    assert_int_equal(momui_motion_read(NULL, path, NULL, &b->dance, &error), MOMU_OK);
    int64_t frames = b->crop.pair->frames, latents = (frames + config->down - 1) / config->down;
    assert_int_equal(frames, 243);
    b->padded = latents * config->down;
    b->job = (momui_job){.context = b->context,
                         .memory = b->context->memory,
                         .error = &b->context->error,
                         .bundle = b->model->bundle,
                         .config = config,
                         .frames = frames,
                         .latents = latents};
    assert_int_equal(momui_graph_begin(&b->g, b->context->arena, NULL, false, &error), MOMU_OK);
}

static void bench_close(bench *b) {
    momui_dataset_release(&b->trainer.data);
    momui_audio_free(b->sound);
    momui_motion_free(b->dance);
    momu_model_release(b->model);
    momu_context_destroy(b->context);
}

/* Sixteen bits a number are between the two. */
static void assert_alike(const bench *b, const char *what, const float *generated,
                         const momui_tensor *trained) {
    assert_non_null(trained);
    int64_t count = b->job.latents * b->job.config->latent;
    double worst = 0, peak = 0;
    assert_int_equal(momui_tensor_count(trained), count);
    for (int64_t i = 0; i < count; i++) {
        peak = momui_max(peak, fabs((double)trained->data[i]));
        worst = momui_max(worst, fabs((double)trained->data[i] - (double)generated[i]));
    }
    if (!(peak > 1e-3 && worst < 2e-3 * peak))
        fail_msg("%s: %g apart, of %g", what, worst, peak);
}

static void test_waves_are_conditioned_alike(void **state) {
    (void)state;
    char *out = synthetic_folder();
    bench b;
    bench_open(&b, "tiny-wave", out);
    const momui_bundle *bundle = b.model->bundle;
    momui_tensor *x = momui_batch_music(&b.trainer, &b.g, &b.crop, 1, b.padded), *mean, *logvar;
    assert_non_null(x);
    assert_int_equal(x->shape[2], 256);
    for (int64_t i = 0; i < b.crop.pair->frames * 256; i++) { /* the samples, in their order */
        int64_t c = i % 256;
        double sample = (double)x->data[i] * (double)bundle->mel_std->data[c] +
                        (double)bundle->mel_mean->data[c];
        assert_true(fabs(sample - (double)b.sound->samples[i]) < 1e-4);
    }
    momui_autoencoder_encode(&b.g, bundle->music, x, &mean, &logvar);
    assert_non_null(mean);
    for (int64_t i = 0; i < momui_tensor_count(mean); i++) {
        int64_t c = i % b.job.config->latent;
        mean->data[i] = (mean->data[i] - bundle->music_latent_mean->data[c]) /
                        bundle->music_latent_std->data[c];
    }
    float *condition = NULL;
    assert_int_equal(momui_condition_on_sound(&b.job, b.sound, &condition), MOMU_OK);
    assert_alike(&b, "waves", condition, mean);
    momui_free(condition);
    bench_close(&b);
    synthetic_remove(out);
}

static void conditioned_alike(const char *preset, bool to_music) {
    char *out = synthetic_folder();
    bench b;
    bench_open(&b, preset, out);
    const momui_bundle *bundle = b.model->bundle;
    const momui_condition_encoder *encoder =
        to_music ? bundle->to_music_encoder : bundle->to_motion_encoder;
    assert_non_null(encoder);
    assert_null(to_music ? bundle->to_motion_encoder : bundle->to_music_encoder);
    momui_tensor *trained = momui_condition_encoder_forward(
        &b.g, encoder, momui_batch_condition(&b.trainer, &b.g, &b.crop, 1, b.padded, to_music));
    float *condition = NULL;
    if (to_music)
        assert_int_equal(momui_condition_on_motion(&b.job, b.dance, &condition), MOMU_OK);
    else
        assert_int_equal(momui_condition_on_sound(&b.job, b.sound, &condition), MOMU_OK);
    assert_alike(&b, preset, condition, trained);
    momui_free(condition);
    bench_close(&b);
    synthetic_remove(out);
}

static void test_learned_conditions_are_alike(void **state) {
    (void)state;
    conditioned_alike("tiny-mfcc", false);
    conditioned_alike("tiny-floor", true);
}

static void test_joint_is_refused(void **state) {
    (void)state;
    char *out = synthetic_folder();
    bench b;
    bench_open(&b, "tiny-floor", out);
    momu_audio *audio = NULL;
    momu_motion *motion = NULL;
    assert_int_equal(momu_joint_generate(b.context, b.model, NULL, &audio, &motion, NULL),
                     MOMU_ERROR_UNSUPPORTED);
    assert_non_null(strstr(momu_context_get_message(b.context), "learned encoder"));
    assert_null(audio);
    assert_null(motion);
    bench_close(&b);
    synthetic_remove(out);
}

static int make_pairs(void **state) {
    (void)state;
    pairs = synthetic_folder();
    synthetic_pairs(pairs, 5, SECONDS);
    return 0;
}

static int remove_pairs(void **state) {
    (void)state;
    synthetic_remove(pairs);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waves_learn),
        cmocka_unit_test(test_encoders_learn),
        cmocka_unit_test(test_waves_are_conditioned_alike),
        cmocka_unit_test(test_learned_conditions_are_alike),
        cmocka_unit_test(test_joint_is_refused),
    };
    return cmocka_run_group_tests(tests, make_pairs, remove_pairs);
}
