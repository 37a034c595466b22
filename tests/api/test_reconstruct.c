/* momu/experimental.h: through the autoencoders and back, and where the library's data is. */
#include "fixture.h"

#include <momu/experimental.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void there_and_back(void **state) {
    (void)state;
    momu_context *context = fixture_context(1, NULL), *again = fixture_context(2, NULL);
    momu_model *model = fixture_load(0);
    momu_audio *song = fixture_song(context, 3, 44100), *kept = NULL, *same = NULL;
    momu_motion *dance = fixture_dance(context, 3, 30), *moved = NULL;
    fixture_ok(context, momu_audio_reconstruct(context, model, song, &kept));
    assert_true(fabs(momu_audio_get_seconds(kept) - 3) < 0.07);
    assert_int_equal(momu_audio_get_channels(kept), 1);
    fixture_ok(again, momu_audio_reconstruct(again, model, song, &same));
    assert_int_equal(momu_audio_get_frames(same), momu_audio_get_frames(kept));
    assert_memory_equal(momu_audio_get_samples(same), momu_audio_get_samples(kept),
                        sizeof(float) * (size_t)momu_audio_get_frames(kept));
    fixture_ok(context, momu_motion_reconstruct(context, model, dance, &moved));
    assert_true(fabs(momu_motion_get_seconds(moved) - 3) < 0.07);
    assert_int_equal(momu_motion_get_joints(moved), 22);
    momu_audio_destroy(song);
    momu_audio_destroy(kept);
    momu_audio_destroy(same);
    momu_motion_destroy(dance);
    momu_motion_destroy(moved);
    momu_model_release(model);
    momu_context_destroy(context);
    momu_context_destroy(again);
    fixture_remove();
}

static void refused(void **state) {
    (void)state;
    momu_context *context = fixture_context(1, NULL);
    momu_model *model = fixture_load(0);
    momu_audio *kept = NULL;
    momu_motion *moved = NULL;
    fixture_refused(context, momu_audio_reconstruct(context, model, NULL, &kept),
                    MOMU_ERROR_ARGUMENT, "no sound");
    fixture_refused(context, momu_motion_reconstruct(context, model, NULL, &moved),
                    MOMU_ERROR_ARGUMENT, "no motion");
    momu_audio *song = fixture_song(context, 1, 16000);
    fixture_refused(context, momu_audio_reconstruct(context, NULL, song, &kept),
                    MOMU_ERROR_ARGUMENT, "model");
    assert_null(kept);
    assert_int_equal(momu_audio_reconstruct(NULL, model, song, &kept), MOMU_ERROR_ARGUMENT);
    momu_audio_destroy(song);
    momu_model_release(model);
    momu_context_destroy(context);
    fixture_remove();
}

static void data_path(void **state) {
    (void)state;
    char path[2048];
    momu_error error = {0};
    assert_int_equal(momu_data_path("no such file", path, sizeof path, &error),
                     MOMU_ERROR_NOT_FOUND);
    assert_non_null(strstr(error.message, "momu/no such file"));
    assert_int_equal(momu_data_path(NULL, path, sizeof path, &error), MOMU_ERROR_ARGUMENT);
    assert_int_equal(momu_data_path("x", NULL, 0, NULL), MOMU_ERROR_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(there_and_back), cmocka_unit_test(refused),
                                       cmocka_unit_test(data_path)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
