/* Long inputs go through the local autoencoders in tiles: the numbers must be those of one run. */
#include "fixture.h"

#include "base/extremes.h"
#include "generate/job.h"

#include <math.h>
#include <stdlib.h>

typedef struct setup {
    momui_bundle *bundle;
    momui_job job;
} setup;

static setup open_track(const char *preset, momu_context *context) {
    setup p = {0};
    momui_config config;
    momu_error error = {0};
    assert_int_equal(momui_config_preset(preset, &config, &error), MOMU_OK);
    assert_int_equal(momui_bundle_create(NULL, &config, 3, &p.bundle, &error), MOMU_OK);
    p.job = (momui_job){.context = context,
                        .memory = context->memory,
                        .error = &context->error,
                        .bundle = p.bundle,
                        .config = &p.bundle->config};
    return p;
}

static float *noise(size_t count, uint64_t stream) {
    float *values = malloc(count * sizeof *values);
    assert_non_null(values);
    momui_fill_normal(values, count, 5, stream);
    return values;
}

static void assert_same_rows(const float *tiled, const float *whole, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        assert_near((double)tiled[i], (double)whole[i], 1e-5);
}

/* All at once, past the tiles. */
static void whole_encode(setup *p, const float *x, int64_t frames, int32_t channels, float *out) {
    momui_graph g;
    momui_tensor *mean = NULL, *logvar = NULL;
    momui_arena_mark mark = momui_arena_position(p->job.context->arena);
    assert_int_equal(momui_graph_begin(&g, p->job.context->arena, NULL, false, NULL), MOMU_OK);
    momui_tensor *in = momui_tensor_from(&g, 3, (int64_t[3]){1, frames, channels}, x);
    momui_autoencoder_encode(&g, p->bundle->music, in, &mean, &logvar);
    assert_non_null(mean);
    for (int64_t i = 0; i < momui_tensor_count(mean); i++)
        out[i] = mean->data[i];
    momui_arena_reset(p->job.context->arena, mark);
}

static void whole_decode(setup *p, const float *z, int64_t latents, int32_t channels, float *out) {
    momui_graph g;
    momui_arena_mark mark = momui_arena_position(p->job.context->arena);
    assert_int_equal(momui_graph_begin(&g, p->job.context->arena, NULL, false, NULL), MOMU_OK);
    momui_tensor *in = momui_tensor_from(&g, 3, (int64_t[3]){1, latents, channels}, z);
    momui_tensor *y = momui_autoencoder_decode(&g, p->bundle->music, in);
    assert_non_null(y);
    for (int64_t i = 0; i < momui_tensor_count(y); i++)
        out[i] = y->data[i];
    momui_arena_reset(p->job.context->arena, mark);
}

static void check_preset(const char *preset, int64_t latents) {
    momu_context *context = fixture_context(1, NULL);
    setup p = open_track(preset, context);
    const momui_config *config = p.job.config;
    momui_run run = momui_job_run(&p.job);
    int64_t frames = latents * config->down, d = config->latent, bands = config->mel_bands;
    float *mel = noise((size_t)(frames * bands), 1), *z = noise((size_t)(latents * d), 2);
    float *tiled = noise((size_t)(frames * bands), 3), *whole = noise((size_t)(frames * bands), 4);
    fixture_ok(context, momui_run_encoder(&run, p.bundle->music, &config->music,
                                          (momui_row_source){.rows = mel}, frames, 0, tiled));
    whole_encode(&p, mel, frames, config->mel_bands, whole);
    assert_same_rows(tiled, whole, latents * d);
    fixture_ok(context,
               momui_run_decoder(&run, p.bundle->music, &config->music, z, latents, tiled));
    whole_decode(&p, z, latents, config->latent, whole);
    assert_same_rows(tiled, whole, frames * bands);
    free(mel);
    free(z);
    free(tiled);
    free(whole);
    momui_bundle_free(p.bundle);
    momu_context_destroy(context);
}

static void test_tiny(void **state) {
    (void)state;
    check_preset("tiny", 512);
    check_preset("tiny", 513);
    check_preset("tiny", 1200);
}

static void test_small(void **state) {
    (void)state;
    check_preset("small", 700);
}

/* A condition's learned encoder. */
static void test_encoder(void **state) {
    (void)state;
    momu_context *context = fixture_context(1, NULL);
    setup p = open_track("tiny-floor", context);
    momui_run run = momui_job_run(&p.job);
    int32_t channels = p.job.config->features, d = p.job.config->latent;
    int64_t latents = 1100, frames = latents * p.job.config->down;
    float *x = noise((size_t)(frames * channels), 1), *tiled = noise((size_t)(latents * d), 2);
    fixture_ok(context, momui_run_condition_encoder(&run, p.bundle->to_music_encoder, channels, x,
                                                    frames, tiled));
    momui_graph g;
    assert_int_equal(momui_graph_begin(&g, context->arena, NULL, false, NULL), MOMU_OK);
    momui_tensor *whole = momui_condition_encoder_forward(
        &g, p.bundle->to_music_encoder,
        momui_tensor_from(&g, 3, (int64_t[3]){1, frames, channels}, x));
    assert_non_null(whole);
    assert_same_rows(tiled, whole->data, latents * d);
    free(x);
    free(tiled);
    momui_bundle_free(p.bundle);
    momu_context_destroy(context);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_tiny), cmocka_unit_test(test_small),
                                       cmocka_unit_test(test_encoder)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
