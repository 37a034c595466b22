/* The vocoder post-filter: agrees with the reference, removes the buzz of steady sounds, and changes
 * nothing else. */
#include "sounds.h"

#include "dsp/vocoder_post_filter.h"

#include <math.h>

enum { FRAMES = 200, HOP = 256, SAMPLES = FRAMES * HOP, BANDS = 80, RATE = 16000 };

static void test_agrees_with_the_reference(void **state) {
    (void)state;
    size_t mels = 0, sounds = 0, expected_count = 0;
    float *mel = golden("post_filter_mel.f32", &mels),
          *mono = golden("post_filter_vocoded.f32", &sounds),
          *expected = golden("post_filter_filtered.f32", &expected_count);
    assert_int_equal(sounds, mels / BANDS * HOP);
    assert_int_equal(sounds, expected_count);
    assert_ok(momui_vocoder_post_filter(NULL, &momui_mel_default, mel, (int64_t)mels / BANDS, 4, 7,
                                        mono, NULL));
    for (size_t i = 0; i < sounds; i++)
        assert_near(mono[i], expected[i], 1e-5);
    free(mel);
    free(mono);
    free(expected);
}

/* A sustained chord of two low notes. */
static void fill_chord(float *sound) {
    for (int i = 0; i < SAMPLES; i++) {
        double t = (double)i / RATE, sum = 0;
        for (int k = 1; k <= 6; k++)
            sum += (sin((2 * PI) * 97.3 * k * t) + sin((2 * PI) * 146.1 * k * t + 1)) / k;
        sound[i] = (float)(0.1 * sum);
    }
}

/* How much of the level's power lies at the frame rate and twice it, dB below its mean. */
static double buzz(const float *sound) {
    double mean = 0, line = 0;
    for (int rate = 1; rate <= 2; rate++) {
        double re = 0, im = 0;
        mean = 0;
        for (int i = SAMPLES / 4; i < SAMPLES / 4 + 80 * HOP; i++) {
            double level = (double)sound[i] * (double)sound[i];
            double angle = (2 * PI) * rate * i / HOP;
            re += level * cos(angle);
            im += level * sin(angle);
            mean += level;
        }
        line += re * re + im * im;
    }
    return 10 * log10(line / (mean * mean));
}

static float *mel_of(const float *sound) {
    float *mel = NULL;
    int64_t frames = 0;
    assert_ok(momui_mel(NULL, &momui_mel_default, sound, SAMPLES, &mel, &frames, NULL));
    assert_int_equal(frames, FRAMES);
    return mel;
}

/* A sound that repeats each frame buzzes; filtered, it does not, and its bands match the mel. */
static void test_a_steady_chord_does_not_buzz(void **state) {
    (void)state;
    static float chord[SAMPLES], locked[SAMPLES];
    fill_chord(chord);
    float *mel = mel_of(chord);
    for (int i = 0; i < SAMPLES; i++)
        locked[i] = chord[i % HOP + 64 * HOP];
    double before = buzz(locked), original = buzz(chord);
    assert_ok(
        momui_vocoder_post_filter(NULL, &momui_mel_default, mel, FRAMES, 32, 1, locked, NULL));
    double after = buzz(locked);
    print_message("buzz: %.1f dB, filtered %.1f, the chord's own %.1f\n", before, after, original);
    assert_true(before > -15 && after < before - 10);
    float *again = mel_of(locked);
    double error = 0, cells = 0;
    for (int i = 0; i < FRAMES * BANDS; i++)
        if (mel[i] > -2) {
            error += fabs((double)(mel[i] - again[i]));
            cells++;
        }
    assert_true(cells > 0 && error / cells < 0.1);
    momui_free(mel);
    momui_free(again);
}

/* Above the cross-fade a sound that matches its mel passes unchanged. */
static void test_the_rest_passes_unchanged(void **state) {
    (void)state;
    static float sound[SAMPLES], filtered[SAMPLES];
    float *hiss = noise(SAMPLES, 3, 0.1f);
    for (int i = 1; i < SAMPLES; i++)
        filtered[i] = sound[i] = hiss[i] - 0.97f * hiss[i - 1]; /* little of it is below 1 kHz */
    free(hiss);
    float *mel = mel_of(sound);
    assert_ok(
        momui_vocoder_post_filter(NULL, &momui_mel_default, mel, FRAMES, 32, 1, filtered, NULL));
    double both = 0, own = 0, other = 0;
    for (int i = HOP; i < SAMPLES - HOP; i++) {
        both += (double)sound[i] * (double)filtered[i];
        own += (double)sound[i] * (double)sound[i];
        other += (double)filtered[i] * (double)filtered[i];
    }
    print_message("correlation of a hiss with itself filtered: %.4f\n", both / sqrt(own * other));
    assert_true(both / sqrt(own * other) > 0.98);
    momui_free(mel);
}

static void test_bad_input_leaves_the_sound_unchanged(void **state) {
    (void)state;
    static float sound[SAMPLES];
    momu_error error;
    float *mel = mel_of(sound);
    mel[3 * BANDS + 2] = NAN;
    sound[9] = 0.5f;
    assert_int_equal(
        momui_vocoder_post_filter(NULL, &momui_mel_default, mel, FRAMES, 8, 1, sound, &error),
        MOMU_ERROR_NUMERIC);
    assert_non_null(strstr(error.message, "frame 3"));
    assert_true(sound[9] == 0.5f);
    assert_ok(momui_vocoder_post_filter(NULL, &momui_mel_default, mel, 0, 8, 1, sound, &error));
    momui_free(mel);
}

static void test_failing_memory_gives_a_status(void **state) {
    (void)state;
    static float sound[20 * HOP];
    float mel[20 * BANDS];
    int failed = 0;
    for (int i = 0; i < 20 * BANDS; i++)
        mel[i] = -2;
    for (int allowed = 0; allowed < 64; allowed++) {
        failing_allocator f = {.fail_at = allowed, .from_then_on = true};
        momu_allocator hooks = failing_hooks(&f);
        momui_memory memory;
        momui_memory_init(&memory, &hooks, 0);
        momu_status status =
            momui_vocoder_post_filter(&memory, &momui_mel_default, mel, 20, 2, 1, sound, NULL);
        assert_true(status == MOMU_OK || status == MOMU_ERROR_MEMORY);
        failed += status != MOMU_OK;
        assert_int_equal(atomic_load(&memory.used), 0);
    }
    assert_in_range(failed, 15, 60);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agrees_with_the_reference),
        cmocka_unit_test(test_a_steady_chord_does_not_buzz),
        cmocka_unit_test(test_the_rest_passes_unchanged),
        cmocka_unit_test(test_bad_input_leaves_the_sound_unchanged),
        cmocka_unit_test(test_failing_memory_gives_a_status),
    };
    return cmocka_run_group_tests_name("vocoder_post_filter", tests, NULL, NULL);
}
