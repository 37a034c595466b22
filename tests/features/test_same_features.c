/* Generation and training give the networks the same inputs, byte for byte: a pair of files goes
 * through a job and through a data set's loader. */
#include "fixture.h"

#include "generate/job.h"
#include "motion/rhythm.h"
#include "train/datasets/dataset.h"

#include <stdlib.h>
#include <string.h>

static const char SONG[] = "same_features.wav", DANCE[] = "same_features.bvh",
                  POINTS[] = "same_features.npz";
enum { SECONDS = 6 };

typedef struct setup {
    momu_context *context;
    momui_bundle *bundle;
    momui_job job;
    momui_pair pair;
    momu_audio *song;
    momu_motion *dance;
} setup;

static setup open_setup(const char *preset, momui_layout layout, const char *dance, bool waves,
                        bool makes_music) {
    setup s = {.context = fixture_context(1, NULL)};
    momui_config config;
    momu_error error = {0};
    assert_int_equal(momui_config_preset(preset, &config, &error), MOMU_OK);
    if (layout == MOMUI_LAYOUT_POSITIONS2D) { /* of the presets the large one alone has it */
        config.layout = layout;
        config.features = config.motion.in_channels = MOMUI_KEYPOINT_FEATURES;
    }
    assert_int_equal(config.layout, layout);
    assert_int_equal(momui_bundle_create(NULL, &config, 3, &s.bundle, &error), MOMU_OK);
    fixture_ok(s.context, momu_audio_read(s.context, SONG, &s.song));
    fixture_ok(s.context, momu_motion_read(s.context, dance, NULL, &s.dance));
    fixture_ok(s.context,
               momui_job_begin(&s.job, s.context, s.bundle, NULL, makes_music, !makes_music));
    fixture_ok(s.context, momui_job_length(&s.job, "the input",
                                           makes_music ? momu_motion_get_seconds(s.dance)
                                                       : momu_audio_get_seconds(s.song)));
    if (momui_pair_load(NULL, &s.bundle->config, SONG, dance, NULL, waves, &s.pair, &error) !=
        MOMU_OK)
        fail_msg("%s", error.message);
    return s;
}

static void close_setup(setup *s) {
    assert_int_equal(momui_job_close(&s->job, MOMU_OK), MOMU_OK);
    momui_pair_release(&s->pair);
    momu_audio_destroy(s->song);
    momu_motion_destroy(s->dance);
    momui_bundle_free(s->bundle);
    momu_context_destroy(s->context);
}

/* Training keeps rows in 16 bits, on a scale from each column's least to its greatest: rows that
 * are the same are packed to the same codes and scales. */
static void assert_same_rows(const float *rows, int64_t frames, const momui_rows *trained) {
    momui_rows packed;
    momu_error error = {0};
    assert_non_null(trained->codes);
    assert_int_equal(trained->count, frames);
    assert_int_equal(momui_rows_pack(NULL, rows, frames, trained->channels, &packed, &error),
                     MOMU_OK);
    size_t channels = (size_t)trained->channels;
    assert_memory_equal(packed.scale, trained->scale, 2 * channels * sizeof *packed.scale);
    assert_memory_equal(packed.codes, trained->codes,
                        (size_t)frames * channels * sizeof *packed.codes);
    momui_rows_release(&packed);
}

static void check_sound(const char *preset) {
    setup s = open_setup(preset, MOMUI_LAYOUT_BODY3D, DANCE, true, false);
    float *rows = NULL;
    int64_t frames = 0;
    fixture_ok(s.context, momui_job_sound_rows(&s.job, s.song, &rows, &frames));
    assert_true(frames > 300);
    assert_same_rows(rows, frames, s.bundle->config.wave ? &s.pair.wave : &s.pair.mel);
    momui_free(rows);
    close_setup(&s);
}

static void test_mel(void **state) {
    (void)state;
    check_sound("tiny");
}

/* The song goes beyond full scale: both cut it there. */
static void test_waves(void **state) {
    (void)state;
    check_sound("tiny-wave");
}

static void test_mfcc(void **state) {
    (void)state;
    setup s = open_setup("tiny-mfcc", MOMUI_LAYOUT_BODY3D, DANCE, false, false);
    float *rows = NULL;
    int64_t frames = 0;
    fixture_ok(s.context, momui_job_mfcc_rows(&s.job, s.song, &rows, &frames));
    assert_same_rows(rows, frames, &s.pair.mfcc);
    momui_free(rows);
    close_setup(&s);
}

static void check_dance(const char *preset, momui_layout layout, const char *file) {
    setup s = open_setup(preset, layout, file, false, true);
    const momui_motion *clocked = NULL;
    const float *rhythm = NULL;
    float *features = NULL;
    fixture_ok(s.context, momui_job_clocked(&s.job, s.dance, &clocked));
    fixture_ok(s.context, momui_motion_features(NULL, layout, clocked, &features, s.job.error));
    assert_true(clocked->frames > 300);
    assert_same_rows(features, clocked->frames, &s.pair.features);
    fixture_ok(s.context, momui_job_rhythm(&s.job, s.dance, &rhythm));
    if (s.bundle->config.beat_tracker.channels > 0)
        assert_same_rows(rhythm, clocked->frames, &s.pair.rhythm);
    for (int64_t t = 0; t < clocked->frames; t++)
        assert_memory_equal(&s.pair.acceleration[t],
                            &rhythm[t * MOMUI_RHYTHM_ROWS + MOMUI_DIRECTIONS], sizeof(float));
    momui_free(features);
    close_setup(&s);
}

static void test_body3d(void **state) {
    (void)state;
    check_dance("tiny", MOMUI_LAYOUT_BODY3D, DANCE);
}

static void test_directions2d(void **state) {
    (void)state;
    check_dance("tiny-directions2d", MOMUI_LAYOUT_DIRECTIONS2D, DANCE);
    check_dance("tiny-directions2d", MOMUI_LAYOUT_DIRECTIONS2D, POINTS);
}

static void test_positions2d(void **state) {
    (void)state;
    check_dance("tiny-directions2d", MOMUI_LAYOUT_POSITIONS2D, DANCE);
    check_dance("tiny-directions2d", MOMUI_LAYOUT_POSITIONS2D, POINTS);
}

/* What a job reads of a dance is made once. */
static void test_made_once(void **state) {
    (void)state;
    setup s = open_setup("tiny", MOMUI_LAYOUT_BODY3D, DANCE, false, true);
    const momui_motion *first = NULL, *second = NULL;
    const float *rhythm = NULL, *again = NULL;
    const double *beats = NULL, *beats_again = NULL;
    size_t count = 0;
    fixture_ok(s.context, momui_job_clocked(&s.job, s.dance, &first));
    fixture_ok(s.context, momui_job_rhythm(&s.job, s.dance, &rhythm));
    fixture_ok(s.context, momui_job_kinematic_beats(&s.job, s.dance, &beats, &count));
    fixture_ok(s.context, momui_job_kinematic_beats(&s.job, s.dance, &beats_again, &count));
    fixture_ok(s.context, momui_job_rhythm(&s.job, s.dance, &again));
    fixture_ok(s.context, momui_job_clocked(&s.job, s.dance, &second));
    assert_ptr_equal(first, second);
    assert_ptr_equal(rhythm, again);
    assert_ptr_equal(beats, beats_again);
    assert_true(count > 4);
    close_setup(&s);
}

static int write_files(void **state) {
    (void)state;
    momu_context *context = fixture_context(1, NULL);
    momu_audio *song = fixture_song(context, SECONDS, 44100), *loud = NULL;
    momu_motion *dance = fixture_dance(context, SECONDS, 60), *body = NULL;
    int64_t frames = momu_audio_get_frames(song);
    int32_t channels = momu_audio_get_channels(song);
    float *samples = malloc((size_t)frames * (size_t)channels * sizeof *samples);
    assert_non_null(samples);
    for (int64_t i = 0; i < frames * channels;
         i++) /* square waves ripple over the edge at 16 kHz */
        samples[i] = momu_audio_get_samples(song)[i] > 0 ? 1 : -1;
    fixture_ok(context, momu_audio_create(context, samples, frames, channels, 44100, &loud));
    free(samples);
    fixture_ok(context, momu_audio_write(context, loud, SONG, NULL));
    fixture_ok(context, momu_motion_write(context, dance, DANCE, NULL));
    fixture_ok(context, momu_motion_read(context, DANCE, NULL, &body));
    momu_motion_write_options options;
    momu_motion_write_options_init(&options, sizeof options);
    options.target = MOMU_TARGET_KEYPOINTS;
    fixture_ok(context, momu_motion_write(context, body, POINTS, &options));
    momu_audio_destroy(song);
    momu_audio_destroy(loud);
    momu_motion_destroy(dance);
    momu_motion_destroy(body);
    momu_context_destroy(context);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mel),         cmocka_unit_test(test_waves),
        cmocka_unit_test(test_mfcc),        cmocka_unit_test(test_body3d),
        cmocka_unit_test(test_positions2d), cmocka_unit_test(test_directions2d),
        cmocka_unit_test(test_made_once),
    };
    return cmocka_run_group_tests(tests, write_files, NULL);
}
