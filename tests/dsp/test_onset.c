/* Onsets: librosa's, frame for frame. */
#include "sounds.h"

#include "base/extremes.h"
#include "dsp/onset.h"

static void compare(const char *sound_name, const char *strength_name, const char *onsets_name) {
    size_t strengths = 0, onsets = 0, count = 0;
    int64_t samples = 0, frames = 0;
    float *sound = golden_sound(sound_name, &samples),
          *expected = golden(strength_name, &strengths), *envelope = NULL;
    int32_t *expected_frames = golden(onsets_name, &onsets);
    assert_ok(momui_onset_strength(NULL, sound, samples, 22050, &envelope, &frames, NULL));
    assert_int_equal(frames, strengths);
    double worst = 0;
    for (size_t i = 0; i < strengths; i++)
        worst = momui_max(worst, fabs((double)(envelope[i] - expected[i])));
    double *times = NULL;
    assert_ok(momui_onset_detect(NULL, sound, samples, 22050, &times, &count, NULL));
    print_message("%s: onset strength at most %.2g from librosa's; %zu of its %zu onsets\n",
                  sound_name, worst, count, onsets);
    assert_true(worst < 1e-4);
    assert_int_equal(count, onsets);
    for (size_t i = 0; i < count; i++)
        assert_true(times[i] == (double)expected_frames[i] * 512 / 22050);
    momui_free(envelope);
    momui_free(times);
    free(sound);
    free(expected);
    free(expected_frames);
}

static void test_onsets_are_librosas(void **state) {
    (void)state;
    compare("synthetic.flac", "synthetic_strength.f32", "synthetic_onsets.i32");
    compare("music.flac", "music_strength.f32", "music_onsets.i32");
}

/* librosa.util.peak_pick on arrays that touch every rule; the answers are its own. */
static void test_peaks_at_the_edges(void **state) {
    (void)state;
    static const struct {
        float x[8];
        int wait, count;
        int64_t peaks[4];
    } CASES[] = {
        {{9, 1, 1, 1, 1, 1, 1, 9}, 1, 2, {0, 7}}, {{1, 1, 1, 1, 1, 1, 1, 1}, 1, 0, {0}},
        {{0, 5, 5, 0, 0, 0, 0, 0}, 0, 2, {1, 2}}, {{0, 5, 5, 0, 0, 0, 0, 0}, 1, 1, {1}},
        {{0, 0, 3, 0, 0, 4, 0, 0}, 1, 1, {5}},
    };
    for (size_t c = 0; c < sizeof CASES / sizeof *CASES; c++) {
        momui_peaks rule = {3, 4, 3, 3, CASES[c].wait, 0.2};
        int64_t *peaks = NULL;
        size_t count = 0;
        assert_ok(momui_pick_peaks(NULL, CASES[c].x, 8, &rule, &peaks, &count, NULL));
        assert_int_equal(count, CASES[c].count);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(peaks[i], CASES[c].peaks[i]);
        momui_free(peaks);
    }
}

static void test_sound_without_onsets(void **state) {
    (void)state;
    static const int64_t LENGTHS[] = {0, 1, 2, 511, 4000, 50000};
    static const double RATES[] = {8000, 22050, 48000};
    float *sound = silence(50000);
    for (size_t i = 0; i < 18; i++) {
        double *times = NULL;
        size_t count = 7;
        assert_ok(
            momui_onset_detect(NULL, sound, LENGTHS[i % 6], RATES[i / 6], &times, &count, NULL));
        assert_int_equal(count, 0);
        momui_free(times);
    }
    double *times = NULL;
    size_t count = 7;
    momu_error error;
    sound[40000] = NAN;
    assert_int_equal(momui_onset_detect(NULL, sound, 50000, 16000, &times, &count, &error),
                     MOMU_ERROR_NUMERIC);
    assert_int_equal(count, 0);
    assert_non_null(strstr(error.message, "2.500 s"));
    free(sound);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_onsets_are_librosas),
        cmocka_unit_test(test_peaks_at_the_edges),
        cmocka_unit_test(test_sound_without_onsets),
    };
    return cmocka_run_group_tests_name("onset", tests, NULL, NULL);
}
