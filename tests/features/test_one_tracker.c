/* The beats that a picture, `momu beats` and a report show are those that a dance is conditioned
 * on: a song of 110 beats a minute goes through all of them with the default model. */
#include "fixture.h"

#include "../dsp/drums.h"

#include "api/api.h"
#include "dsp/beat_match.h"
#include "generate/job.h"
#include "tools/view/scene.h"

#include <math.h>
#include <string.h>

static const double TEMPO = 110, RATE = 44100, NEAR = 0.020;
enum { SECONDS = 24 };

typedef struct shared {
    momu_context *context;
    momu_model *model;
    momu_audio *song;
    double truth[MOST_BEATS];
    size_t truth_count;
} shared;

static int set_up(void **state) {
    static shared s;
    momu_error error = {0};
    s.context = fixture_context(2, NULL);
    if (momu_model_load(MODELS "/default.safetensors", NULL, &s.model, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    float *samples = drum(&PATTERNS[1], TEMPO, TEMPO, RATE, SECONDS, s.truth, &s.truth_count);
    fixture_ok(s.context,
               momu_audio_create(s.context, samples, (int64_t)(SECONDS * RATE), 1, RATE, &s.song));
    free(samples);
    *state = &s;
    return 0;
}

static int tear_down(void **state) {
    shared *s = *state;
    momu_audio_destroy(s->song);
    momu_model_release(s->model);
    momu_context_destroy(s->context);
    return 0;
}

/* One to one, none missing. */
static void assert_same_beats(const char *what, const double *a, size_t count, const double *b,
                              size_t other) {
    if (count != other)
        fail_msg("%s: %zu beats, expected %zu", what, count, other);
    for (size_t i = 0; i < count; i++)
        if (!(fabs(a[i] - b[i]) <= NEAR))
            fail_msg("%s: beat %zu at %.3f s, expected %.3f", what, i, a[i], b[i]);
}

/* A job as music_to_motion has it, up to the beats that the dance is conditioned on. */
static void condition(shared *s, momui_job *job) {
    float *latent = NULL;
    fixture_ok(s->context, momui_job_begin(job, s->context, s->model->bundle, NULL, false, true));
    fixture_ok(s->context, momui_job_length(job, "the song", momu_audio_get_seconds(s->song)));
    fixture_ok(s->context, momui_condition_on_sound(job, s->song, &latent));
    fixture_ok(s->context, momui_job_track_music_beats(job, latent));
    momui_free(latent);
    assert_non_null(job->options.beats);
}

/* Of a drummer's beats the tracker finds most, where they are. */
static void test_truth(void **state) {
    shared *s = *state;
    momui_job job;
    condition(s, &job);
    momui_match match = momui_beats_match(job.options.beats, job.options.beat_count, s->truth,
                                          s->truth_count, 0.070);
    if (!(match.f1 > 0.9))
        fail_msg("F1 %.3f with the drummer's beats", match.f1);
    fixture_ok(s->context, momui_job_close(&job, MOMU_OK));
}

static void test_beats(void **state) {
    shared *s = *state;
    momui_job job;
    momu_beats *beats = NULL, *classic = NULL;
    condition(s, &job);
    fixture_ok(s->context, momu_audio_beats(s->context, s->model, s->song, &beats));
    assert_string_equal(beats->tracker, "network");
    assert_same_beats("momu_audio_beats", beats->times, beats->count, job.options.beats,
                      job.options.beat_count);
    assert_true(fabs(beats->tempo - TEMPO) < 1);
    fixture_ok(s->context, momu_audio_beats(s->context, NULL, s->song, &classic));
    assert_string_equal(classic->tracker, "dynamic programming");
    momu_beats_destroy(classic);
    momu_beats_destroy(beats);
    fixture_ok(s->context, momui_job_close(&job, MOMU_OK));
}

static void test_picture(void **state) {
    shared *s = *state;
    momui_job job;
    momu_beats *beats = NULL;
    momu_error error = {0};
    momui_scene scene;
    condition(s, &job);
    fixture_ok(s->context, momu_audio_beats(s->context, s->model, s->song, &beats));
    momui_view view = {.song = s->song, .song_name = "s", .song_beats = beats};
    assert_int_equal(momui_scene_open(NULL, &view, &scene, &error), MOMU_OK);
    assert_same_beats("the picture", scene.music.times, scene.music.count, job.options.beats,
                      job.options.beat_count);
    assert_string_equal(scene.music.tracker, "network");
    momui_scene_close(&scene);
    momu_beats_destroy(beats);
    fixture_ok(s->context, momui_job_close(&job, MOMU_OK));
}

/* The report of a whole generation measures on the beats that it was conditioned on: its agreement
 * is that of the dance's kinematic beats with those. */
static void test_report(void **state) {
    shared *s = *state;
    momui_job job, again;
    momu_generate_options options;
    momu_generate_info info = {.struct_size = sizeof info};
    momu_motion *dance = NULL;
    const double *kinematic = NULL;
    size_t count = 0;
    condition(s, &job);
    momu_generate_options_init(&options, sizeof options);
    options.steps = 2;
    options.seed = 1;
    fixture_ok(s->context,
               momu_music_to_motion(s->context, s->model, s->song, &options, &dance, &info));
    assert_true(info.beats_confidence > 0);
    assert_true(fabs(info.tempo - info.tempo_used) < 0.01);
    assert_true(info.tempo_confidence == info.beats_confidence);
    condition(s, &again);
    fixture_ok(s->context, momui_job_kinematic_beats(&again, dance, &kinematic, &count));
    momui_match match = momui_beats_match(kinematic, momui_job_within(&again, kinematic, count),
                                          job.options.beats, job.options.beat_count, 0.070);
    assert_true(fabs(match.f1 - info.beat_agreement) < 1e-9);
    momu_motion_destroy(dance);
    fixture_ok(s->context, momui_job_close(&again, MOMU_OK));
    fixture_ok(s->context, momui_job_close(&job, MOMU_OK));
}

/* Where the network has nothing to say the classic tracker answers. */
static void test_fallback(void **state) {
    shared *s = *state;
    momu_audio *silence = NULL, *brief = NULL;
    momu_beats *beats = NULL;
    float *zeros = calloc((size_t)(10 * RATE), sizeof *zeros);
    assert_non_null(zeros);
    fixture_ok(s->context,
               momu_audio_create(s->context, zeros, (int64_t)(10 * RATE), 1, RATE, &silence));
    free(zeros);
    fixture_ok(s->context, momu_audio_beats(s->context, s->model, silence, &beats));
    assert_string_equal(beats->tracker, "dynamic programming");
    assert_int_equal(beats->count, 0);
    assert_true(beats->tempo == 0);
    momu_beats_destroy(beats);
    fixture_ok(s->context, momu_audio_create(s->context, momu_audio_get_samples(s->song),
                                             (int64_t)(4 * RATE), 1, RATE, &brief));
    fixture_ok(s->context, momu_audio_beats(s->context, s->model, brief, &beats));
    assert_string_equal(beats->tracker, "dynamic programming");
    assert_true(beats->count > 4);
    momu_beats_destroy(beats);
    momu_audio_destroy(brief);
    momu_audio_destroy(silence);
}

/* Cancelled before it, tracking by a network stops; the request is used up then. */
static void test_cancel(void **state) {
    shared *s = *state;
    momu_beats *beats = NULL;
    momu_context_cancel(s->context);
    assert_int_equal(momu_audio_beats(s->context, s->model, s->song, &beats), MOMU_ERROR_CANCELLED);
    assert_null(beats);
    fixture_ok(s->context, momu_audio_beats(s->context, s->model, s->song, &beats));
    momu_beats_destroy(beats);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truth),    cmocka_unit_test(test_beats),
        cmocka_unit_test(test_picture),  cmocka_unit_test(test_report),
        cmocka_unit_test(test_fallback), cmocka_unit_test(test_cancel)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
