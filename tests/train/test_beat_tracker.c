/* The beat tracker: it trains on dances and songs, generation conditions on its beats, and leaves
 * them out where the caller sets beats, a tempo or no beat tracking. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "base/audio_buffer.h"
#include "io/motion_file.h"
#include "motion/kinematics.h"
#include "synthetic.h"
#include "train/stages/trainer.h"

enum { PAIRS = 10 };

static char *pairs, *out;
static momu_context *context;
static momu_model *model;
static momu_generate_options options;

static int start(void **state) {
    (void)state;
    momu_error error = {0};
    synthetic_watch w = {0};
    pairs = synthetic_folder();
    out = synthetic_folder();
    synthetic_pairs(pairs, PAIRS, 8);
    synthetic_trained(pairs, out, MOMUI_TRAIN_MUSIC, 20, &w);
    synthetic_trained(pairs, out, MOMUI_TRAIN_MOTION, 60, &w);
    synthetic_trained(pairs, out, MOMUI_TRAIN_DIFFUSION, 20, &w);
    synthetic_trained(pairs, out, MOMUI_TRAIN_BEATS, 200, &w);
    print_message("beats: validation %g -> %g\n", w.first, w.last);
    assert_true(w.last < 0.7 * w.first);
    model = synthetic_model(out);
    return momu_context_create(NULL, &context, &error) == MOMU_OK ? 0 : -1;
}

static int stop(void **state) {
    (void)state;
    momu_context_destroy(context);
    momu_model_release(model);
    synthetic_remove(pairs);
    synthetic_remove(out);
    return 0;
}

static int reset(void **state) {
    (void)state;
    momu_generate_options_init(&options, sizeof options);
    options.steps = 2;
    return 0;
}

/* By `options`; freed by the caller. */
static momu_audio *music_for(int pair, momu_generate_info *info) {
    char path[1024];
    momui_motion *dance = NULL;
    momu_audio *made = NULL;
    snprintf(path, sizeof path, "%s/pair%02d.npz", pairs, pair);
    assert_int_equal(momui_motion_read(NULL, path, NULL, &dance, NULL), MOMU_OK);
    *info = (momu_generate_info){.struct_size = sizeof *info};
    if (momu_motion_to_music(context, model, dance, &options, &made, info) != MOMU_OK)
        fail_msg("%s", momu_context_get_message(context));
    momui_motion_free(dance);
    return made;
}

static momu_motion *dance_to(int pair, momu_generate_info *info) {
    char path[1024];
    momu_audio *song = NULL;
    momu_motion *made = NULL;
    snprintf(path, sizeof path, "%s/pair%02d.wav", pairs, pair);
    assert_int_equal(momu_audio_read(context, path, &song), MOMU_OK);
    *info = (momu_generate_info){.struct_size = sizeof *info};
    if (momu_music_to_motion(context, model, song, &options, &made, info) != MOMU_OK)
        fail_msg("%s", momu_context_get_message(context));
    momu_audio_destroy(song);
    return made;
}

/* synthetic.c */
static double tempo_of(int pair) {
    return 60 / (0.42 + 0.05 * (pair % 5));
}

static void assert_found(const momu_generate_info *info, int pair, int *right) {
    if (info->beats_confidence == 0) /* too low a confidence */
        return;
    assert_true(info->beats_confidence >= 0.25 && info->beats_confidence <= 1);
    *right += fabs(info->tempo_used / tempo_of(pair) - 1) < 0.02;
}

static void tracked_beats_condition(void **state) {
    (void)state;
    int dances = 0, songs = 0;
    for (int i = 0; i < PAIRS; i++) {
        momu_generate_info info;
        momu_audio_destroy(music_for(i, &info));
        assert_found(&info, i, &dances);
        momu_motion_destroy(dance_to(i, &info));
        assert_found(&info, i, &songs);
    }
    print_message("tempos tracked: of %d of %d dances, of %d songs\n", dances, PAIRS, songs);
    assert_true(dances >= 8 && songs >= 8);
}

/* The caller's beats replace the tracked ones; the caller's tempo bounds them. */
static void callers_beats_come_first(void **state) {
    (void)state;
    static const double CALLERS[] = {0.3, 0.9, 1.5};
    momu_generate_info info;
    momu_audio *tracked = music_for(0, &info);
    assert_true(info.beats_confidence > 0);
    options.beats = CALLERS;
    options.beat_count = 3;
    momu_audio *callers = music_for(0, &info);
    assert_true(info.beats_confidence == 0);
    assert_true(fabs(info.tempo_used - 100) < 1e-9);
    assert_false(synthetic_same(tracked, callers));
    options.beats = NULL;
    options.beat_count = 0;
    options.tempo = tempo_of(0) * 1.005;
    momu_audio_destroy(music_for(0, &info));
    assert_true(info.beats_confidence > 0);
    assert_true(fabs(info.tempo_used / tempo_of(0) - 1) < 0.01);
    momu_audio_destroy(tracked);
    momu_audio_destroy(callers);
}

static void no_beat_tracking(void **state) {
    (void)state;
    momu_generate_info info;
    momu_audio *tracked = music_for(0, &info);
    options.track_beats = MOMU_SWITCH_OFF;
    momu_audio *alone = music_for(0, &info);
    assert_true(info.beats_confidence == 0 && info.tempo_used == 0);
    assert_false(synthetic_same(tracked, alone));
    options.track_beats = MOMU_SWITCH_ON;
    momu_audio *on = music_for(0, &info);
    assert_true(synthetic_same(tracked, on));
    momu_audio_destroy(on);
    options.track_beats = 3;
    momu_audio *none = NULL;
    momui_motion *dance = momui_body_new(NULL, 400, 60);
    assert_int_equal(momu_motion_to_music(context, model, dance, &options, &none, NULL),
                     MOMU_ERROR_ARGUMENT);
    assert_non_null(strstr(momu_context_get_message(context), "track_beats"));
    momui_motion_free(dance);
    options.track_beats = 0;
    options.seconds = 4.9; /* too short */
    momu_audio_destroy(music_for(0, &info));
    assert_true(info.beats_confidence == 0);
    options.seconds = 0;
    momu_span span = {0, 1};
    options.inpainting_audio = tracked;
    options.inpainting_audio_spans = &span;
    options.inpainting_audio_span_count = 1;
    momu_audio_destroy(music_for(0, &info));
    assert_true(info.beats_confidence == 0);
    momu_audio_destroy(tracked);
    momu_audio_destroy(alone);
}

/* Neither with an inpainting target, nor in joint generation, which draws its beats. */
static void nothing_to_track(void **state) {
    (void)state;
    momu_generate_info info;
    momu_motion *tracked = dance_to(0, &info);
    assert_true(info.beats_confidence > 0);
    momu_span span = {0, 1};
    options.inpainting_motion = tracked;
    options.inpainting_motion_spans = &span;
    options.inpainting_motion_span_count = 1;
    momu_motion_destroy(dance_to(0, &info));
    assert_true(info.beats_confidence == 0 && info.tempo_used == 0);
    momu_motion_destroy(tracked);
    reset(NULL);
    momu_audio *audio = NULL;
    info = (momu_generate_info){.struct_size = sizeof info};
    options.seconds = 6;
    if (momu_joint_generate(context, model, &options, &audio, &tracked, &info) != MOMU_OK)
        fail_msg("%s", momu_context_get_message(context));
    assert_true(info.beats_confidence == 0);
    assert_true(info.tempo_used >= 90 && info.tempo_used <= 150);
    momu_audio_destroy(audio);
    momu_motion_destroy(tracked);
}

/* A dance that the tracker reads in more than one window keeps its tempo from end to end. */
static void long_dances(void **state) {
    (void)state;
    momu_generate_info info;
    char *others = synthetic_folder(), *these = pairs;
    synthetic_pairs(others, 1, 50);
    pairs = others;
    momu_audio_destroy(music_for(0, &info));
    assert_true(info.beats_confidence >= 0.25);
    assert_true(fabs(info.tempo_used / tempo_of(0) - 1) < 0.005);
    /* of a part of it that part alone is measured */
    momu_generate_info part, whole;
    options.seconds = 7;
    momu_audio_destroy(music_for(0, &part));
    pairs = these;
    momu_audio_destroy(music_for(0, &whole));
    synthetic_remove(others);
    assert_true(fabs(part.beat_agreement - whole.beat_agreement) < 0.1);
    assert_true(fabs(part.motion_tempo / whole.motion_tempo - 1) < 0.01);
}

/* The same beats and the same bytes by two threads. */
static void threads_agree(void **state) {
    (void)state;
    momu_generate_info one, two;
    momu_audio *a = music_for(0, &one);
    momu_context *alone = context;
    momu_context_options o = {.struct_size = sizeof o, .threads = 2};
    assert_int_equal(momu_context_create(&o, &context, NULL), MOMU_OK);
    momu_audio *b = music_for(0, &two);
    assert_true(one.tempo_used == two.tempo_used && one.beats_confidence == two.beats_confidence);
    assert_true(synthetic_same(a, b));
    momu_audio_destroy(a);
    momu_audio_destroy(b);
    momu_context_destroy(context);
    context = alone;
}

/* A music autoencoder that trains on has other latents: the trackers count as untrained then. */
static void new_latents_count_as_untrained(void **state) {
    (void)state;
    char init[1024];
    char *again = synthetic_folder();
    synthetic_watch w = {0};
    momu_error error = {0};
    momu_model_info about = {.struct_size = sizeof about};
    assert_int_equal(momu_model_get_info(model, &about), MOMU_OK);
    assert_int_equal(about.tracks_beats, 1);
    snprintf(init, sizeof init, "%s/model.safetensors", out);
    momui_train_options o = synthetic_options(pairs, again, 1, &w);
    o.init = init;
    o.preset = NULL;
    if (momui_train_run(MOMUI_TRAIN_MUSIC, &o, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    momu_model *other = synthetic_model(again);
    assert_int_equal(momu_model_get_info(other, &about), MOMU_OK);
    assert_int_equal(about.tracks_beats, 0);
    momu_model_release(other);
    synthetic_remove(again);
}

static void needs_annotations(void **state) {
    (void)state;
    char path[1024];
    momu_error error = {0};
    synthetic_watch w = {0};
    for (int i = 0; i < PAIRS; i++) {
        snprintf(path, sizeof path, "%s/pair%02d.json", pairs, i);
        assert_int_equal(remove(path), 0);
    }
    momui_train_options o = synthetic_options(pairs, out, 1, &w);
    assert_int_equal(momui_train_run(MOMUI_TRAIN_BEATS, &o, &error), MOMU_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "annotates its beats"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(tracked_beats_condition, reset),
        cmocka_unit_test_setup(callers_beats_come_first, reset),
        cmocka_unit_test_setup(no_beat_tracking, reset),
        cmocka_unit_test_setup(nothing_to_track, reset),
        cmocka_unit_test_setup(long_dances, reset),
        cmocka_unit_test_setup(threads_agree, reset),
        cmocka_unit_test_setup(new_latents_count_as_untrained, reset),
        cmocka_unit_test_setup(needs_annotations, reset),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
