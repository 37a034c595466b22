/* The genre classifier: it trains, generation conditions on its genre, and leaves it out when the
 * caller sets one or asks for none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "base/audio_buffer.h"
#include "io/motion_file.h"
#include "synthetic.h"
#include "train/stages/trainer.h"

enum { PAIRS = 10 };

static char *pairs, *out;
static momu_context *context;
static momu_model *model;
static const momu_audio *target; /* music whose first second is an inpainting target, or NULL */
static double seconds, tempo;    /* 0: not set */

/* The pairs' genre follows from how fast they are (synthetic.c). */
static int start(void **state) {
    (void)state;
    momu_error error = {0};
    synthetic_watch w = {0};
    pairs = synthetic_folder();
    out = synthetic_folder();
    synthetic_pairs(pairs, PAIRS, 8);
    synthetic_trained(pairs, out, MOMUI_TRAIN_MUSIC, 20, &w);
    synthetic_trained(pairs, out, MOMUI_TRAIN_MOTION, 60, &w);
    synthetic_trained(pairs, out, MOMUI_TRAIN_TO_MUSIC, 30, &w);
    synthetic_trained(pairs, out, MOMUI_TRAIN_GENRE, 150, &w);
    print_message("genre: validation %g -> %g\n", w.first, w.last);
    assert_true(w.last < 0.5 * w.first);
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

/* Music for a pair's dance; freed by the caller. */
static momu_audio *music_for(int pair, int32_t genre, momu_generate_info *info) {
    char path[1024];
    momui_motion *dance = NULL;
    momu_error error = {0};
    momu_audio *made = NULL;
    momu_generate_options o;
    momu_generate_options_init(&o, sizeof o);
    o.steps = 2;
    o.genre = genre;
    o.seconds = seconds;
    o.tempo = tempo;
    momu_span span = {0, 1};
    if (target) {
        o.inpainting_audio = target;
        o.inpainting_audio_spans = &span;
        o.inpainting_audio_span_count = 1;
    }
    snprintf(path, sizeof path, "%s/pair%02d.npz", pairs, pair);
    assert_int_equal(momui_motion_read(NULL, path, NULL, &dance, &error), MOMU_OK);
    *info = (momu_generate_info){.struct_size = sizeof *info};
    if (momu_motion_to_music(context, model, dance, &o, &made, info) != MOMU_OK)
        fail_msg("%s", momu_context_get_message(context));
    momui_motion_free(dance);
    return made;
}

static void trained_and_conditioned(void **state) {
    (void)state;
    int right = 0;
    for (int i = 0; i < PAIRS; i++) {
        momu_generate_info info, conditioned, unset;
        momu_audio *classified = music_for(i, 0, &info);
        if (info.genre == 0) { /* too low a confidence */
            momu_audio_destroy(classified);
            continue;
        }
        assert_true(info.genre_confidence >= 0.2 && info.genre_confidence <= 1);
        right += info.genre == 1 + i % 5;
        momu_audio *set = music_for(i, info.genre, &conditioned);
        momu_audio *alone = music_for(i, MOMU_GENRE_NONE, &unset);
        assert_int_equal(conditioned.genre, info.genre);
        assert_true(conditioned.genre_confidence == 0);
        assert_int_equal(unset.genre, 0);
        assert_true(unset.genre_confidence == 0);
        assert_true(synthetic_same(classified, set));
        assert_false(synthetic_same(classified, alone));
        momu_audio_destroy(classified);
        momu_audio_destroy(set);
        momu_audio_destroy(alone);
    }
    print_message("%d of %d genres classified\n", right, PAIRS);
    assert_true(right >= 8);
}

/* A tempo raises the probability of the genres that have it; one that none has changes nothing. */
static void a_tempo_raises_its_genres(void **state) {
    (void)state;
    int right = 0;
    for (int i = 0; i < 5; i++) {
        momu_generate_info unconditioned, conditioned;
        momu_audio_destroy(music_for(i, 0, &unconditioned));
        tempo = 60 / (0.42 + 0.05 * i); /* synthetic.c */
        momu_audio_destroy(music_for(i, 0, &conditioned));
        right += conditioned.genre == 1 + i;
        assert_true(conditioned.genre_confidence != unconditioned.genre_confidence);
        tempo = 30;
        momu_audio_destroy(music_for(i, 0, &conditioned));
        assert_int_equal(conditioned.genre, unconditioned.genre);
        assert_true(conditioned.genre_confidence == unconditioned.genre_confidence);
        tempo = 0;
    }
    assert_true(right >= 4);
}

/* The same genre and the same bytes by two threads. */
static void threads_agree(void **state) {
    (void)state;
    momu_generate_info one, two;
    momu_audio *a = music_for(0, 0, &one);
    momu_context *alone = context;
    momu_context_options o = {.struct_size = sizeof o, .threads = 2};
    assert_int_equal(momu_context_create(&o, &context, NULL), MOMU_OK);
    momu_audio *b = music_for(0, 0, &two);
    assert_int_equal(one.genre, two.genre);
    assert_true(one.genre_confidence == two.genre_confidence);
    assert_true(synthetic_same(a, b));
    momu_audio_destroy(a);
    momu_audio_destroy(b);
    momu_context_destroy(context);
    context = alone;
}

/* Less than 5 s, or music with an inpainting target, gets no genre. */
static void no_genre_conditioning(void **state) {
    (void)state;
    momu_generate_info info;
    momu_audio *music = music_for(0, 0, &info);
    target = music;
    momu_audio_destroy(music_for(0, 0, &info));
    target = NULL;
    assert_int_equal(info.genre, 0);
    seconds = 4.9;
    momu_audio_destroy(music_for(0, 0, &info));
    seconds = 0;
    assert_int_equal(info.genre, 0);
    momu_audio_destroy(music);
}

/* A motion autoencoder that trains on has other latents: the classifier counts as untrained then.
 */
static void new_latents_count_as_untrained(void **state) {
    (void)state;
    synthetic_watch w = {0};
    momu_model_info about = {.struct_size = sizeof about};
    assert_int_equal(momu_model_get_info(model, &about), MOMU_OK);
    assert_int_equal(about.classifies_genre, 1);
    synthetic_trained(pairs, out, MOMUI_TRAIN_MOTION, 1, &w);
    synthetic_trained(pairs, out, MOMUI_TRAIN_TO_MUSIC, 1, &w);
    momu_model_release(model);
    model = synthetic_model(out);
    momu_generate_info info;
    momu_audio_destroy(music_for(0, 0, &info));
    assert_int_equal(info.genre, 0);
    assert_int_equal(momu_model_get_info(model, &about), MOMU_OK);
    assert_int_equal(about.classifies_genre, 0);
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
    assert_int_equal(momui_train_run(MOMUI_TRAIN_GENRE, &o, &error), MOMU_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "genre_number"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trained_and_conditioned),
        cmocka_unit_test(a_tempo_raises_its_genres),
        cmocka_unit_test(threads_agree),
        cmocka_unit_test(no_genre_conditioning),
        cmocka_unit_test(new_latents_count_as_untrained),
        cmocka_unit_test(needs_annotations),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
